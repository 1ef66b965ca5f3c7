/**
 * Backups of library.db that the user asks for, and going back to one. A restore is staged beside the library (a
 * checked copy under another name) and takes its place before the library is opened the next time: two renames, and
 * the library as it was is kept in the folder of backups.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LibraryBackup } from '#shared/domain.ts';
import { AppError, fromWire } from '#shared/errors.ts';
import { explainCopyError, readCorrected } from './copy-work.ts';
import type { CopyAnswer, CopyWork } from './copy-work.ts';
import type { Database } from './database.ts';

/** The bundle is one flat folder of scripts; from source the file itself is run. */
function threadFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './copy.worker.ts' : './copy-worker.js', import.meta.url);
}

function inThread(work: CopyWork): Promise<LibraryBackup> {
  const { promise, resolve: done, reject } = Promise.withResolvers<LibraryBackup>();
  const thread = new Worker(threadFile(), { workerData: work });
  thread.once('message', (answer: CopyAnswer) => {
    if (answer.ok) done(answer.contents);
    else reject(fromWire(answer.error));
  });
  thread.once('error', reject);
  // After an answer this says nothing any more.
  thread.once('exit', () => reject(new Error('The thread ended without an answer')));
  return promise;
}

/** Copies in small steps, so that requests are answered meanwhile; checks the copy before it gets its name. */
export async function backUpLibrary(
  database: Database,
  file: string,
  overwrite: boolean,
): Promise<LibraryBackup> {
  refuseOddName(file);
  if (existsSync(file) && !overwrite) {
    throw new AppError('conflict', `There is a file ${file} already. Choose another name, or replace it.`);
  }
  if (resolve(file) === resolve(database.name)) {
    throw new AppError('conflict', `${file} is the library itself. Choose another file for the backup.`);
  }
  const part = `${file}.part`;
  try {
    rmSync(part, { force: true });
    await database.backup(part);
    const contents = await inThread({ kind: 'examine', file: part, told: file });
    rmSync(`${part}-wal`, { force: true });
    rmSync(`${part}-shm`, { force: true });
    renameSync(part, file);
    return { ...contents, file };
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(part + suffix, { force: true });
    throw explainCopyError(error, file);
  }
}

/**
 * Checks a backup and puts a copy of it beside the library, to take its place at the next start.
 * @returns what it holds, and where the library as it is now will be kept
 */
export async function stageRestore(
  database: Database,
  file: string,
  now: number,
): Promise<LibraryBackup & { readonly keptFile: string }> {
  refuseOddName(file);
  const libraryFile = database.name;
  if (resolve(file) === resolve(libraryFile)) {
    throw new AppError('conflict', `${file} is the library itself. Choose a backup.`);
  }
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const staged = `${libraryFile}.restore.${time}`;
  const part = `${libraryFile}.staging`;
  try {
    for (const old of [...stagedFiles(libraryFile), part, `${part}-wal`]) rmSync(old, { force: true });
    const corrected = readCorrected(database);
    const contents = await inThread({ kind: 'stage', file, staged: part, corrected });
    // Only a whole copy has the name that the next start looks for.
    renameSync(part, staged);
    return { ...contents, keptFile: keptFileOf(libraryFile, time) };
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(part + suffix, { force: true });
    throw explainCopyError(error, file);
  }
}

/** Before the library is opened: puts a staged backup in its place. Returns where the old one is kept, or null. */
export function applyStagedRestore(libraryFile: string): string | null {
  const staged = stagedFiles(libraryFile).at(-1);
  if (staged === undefined) return null;
  const kept = keptFileOf(libraryFile, staged.slice(`${libraryFile}.restore.`.length));
  mkdirSync(dirname(kept), { recursive: true });
  // The journal first: without its database it is nothing, the database without it lacks its last moments.
  for (const suffix of ['-wal', '']) {
    if (existsSync(libraryFile + suffix)) renameSync(libraryFile + suffix, kept + suffix);
  }
  rmSync(`${libraryFile}-shm`, { force: true });
  renameSync(staged, libraryFile);
  return kept;
}

function stagedFiles(libraryFile: string): readonly string[] {
  const prefix = `${basename(libraryFile)}.restore.`;
  if (!existsSync(dirname(libraryFile))) return [];
  return readdirSync(dirname(libraryFile))
    .filter((name) => name.startsWith(prefix) && !/-(?:wal|shm)$/.test(name))
    .sort()
    .map((name) => join(dirname(libraryFile), name));
}

function keptFileOf(libraryFile: string, time: string): string {
  const name = basename(libraryFile).replace(/\.db$/i, '');
  return join(dirname(libraryFile), 'backups', `${name}.before-restore.${time}.db`);
}

function refuseOddName(file: string): void {
  if (!isAbsolute(file) || file.includes('\0'))
    throw new AppError('bad-request', `“${file}” is no absolute path.`);
  if (/\.db$/i.test(file)) return;
  throw new AppError('bad-request', `The name of a backup ends in .db, and “${file}” does not.`);
}
