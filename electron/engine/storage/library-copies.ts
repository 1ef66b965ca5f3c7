/**
 * Backups of library.db that the user asks for, and going back to one. A restore is staged beside the library (a
 * checked copy under another name) and takes its place before the library is opened the next time: two renames, and
 * the library as it was is kept in the folder of backups.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { LibraryBackup } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Database } from './database.ts';
import { isDamage, openDatabaseFile } from './database.ts';
import { writeValue } from './library/settings.ts';
import { isOurs, readMigrations, userVersion } from './migrations.ts';

/** Recordings whose genres the user corrected, in the library before or in the restored one. */
export const correctedKey = 'restore.corrected';

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
    const contents = examine(part);
    rmSync(`${part}-wal`, { force: true });
    rmSync(`${part}-shm`, { force: true });
    renameSync(part, file);
    return { ...contents, file };
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(part + suffix, { force: true });
    throw explain(error, file);
  }
}

/**
 * Checks a backup and puts a copy of it beside the library, to take its place at the next start.
 * @returns what it holds, and where the library as it is now will be kept
 */
export function stageRestore(
  database: Database,
  file: string,
  now: number,
): LibraryBackup & { readonly keptFile: string } {
  refuseOddName(file);
  const libraryFile = database.name;
  if (resolve(file) === resolve(libraryFile)) {
    throw new AppError('conflict', `${file} is the library itself. Choose a backup.`);
  }
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const staged = `${libraryFile}.restore.${time}`;
  try {
    for (const old of stagedFiles(libraryFile)) rmSync(old, { force: true });
    copyFileSync(file, staged);
    // What the program that wrote it had not yet merged belongs to it.
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${staged}-wal`);
    const contents = examine(staged);
    noteCorrected(database, staged);
    return {
      ...contents,
      file,
      at: Math.round(statSync(file).mtimeMs),
      keptFile: keptFileOf(libraryFile, time),
    };
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(staged + suffix, { force: true });
    throw explain(error, file);
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

/** Opens a copy, makes it one file, and looks through it. @throws AppError when it cannot be used */
function examine(file: string): LibraryBackup {
  const copy = openDatabaseFile(file);
  try {
    if (!isOurs(copy, 'library') || userVersion(copy) === 0) {
      throw new AppError('conflict', 'This file is no Cratewise library.');
    }
    if (userVersion(copy) > readMigrations('library').length) {
      throw new AppError(
        'database-newer',
        'This file was written by a newer version of Cratewise. Update Cratewise first.',
      );
    }
    const result = copy.pragma('integrity_check(1)', { simple: true });
    if (result !== 'ok') throw new AppError('database-damaged', `This file is damaged: ${String(result)}`);
    copy.pragma('journal_mode = DELETE');
    const count = (table: string): number =>
      copy.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    const stats = statSync(file);
    return {
      file,
      sizeBytes: stats.size,
      tracks: count('tracks'),
      playlists: count('playlists'),
      at: Math.round(stats.mtimeMs),
    };
  } finally {
    copy.close();
  }
}

/** The search index counts the user's corrections: it has to be told of those that come and those that go. */
function noteCorrected(database: Database, staged: string): void {
  const read = (from: Database): readonly string[] =>
    from.prepare('SELECT DISTINCT hex(audio_hash) FROM genre_corrections').pluck().all() as string[];
  const copy = openDatabaseFile(staged);
  try {
    const own = userVersion(copy) >= 2 ? read(copy) : [];
    writeValue(copy, correctedKey, [...new Set([...own, ...read(database)])]);
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof AppError) {
    return error.detail.startsWith('This file')
      ? new AppError(error.code, error.detail.replace('This file', file), { cause: error })
      : error;
  }
  if (isDamage(error)) {
    return new AppError('database-damaged', `${file} is damaged or no database. Nothing was changed.`, {
      cause: error,
    });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT')
    return new AppError('file-not-found', `There is no file ${file}, or no folder for it.`, { cause: error });
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
    return new AppError('disk-full', `There is no room for ${file}. Nothing was changed.`, { cause: error });
  }
  return new AppError(
    'export-failed',
    `${file} could not be read or written (${code}). Nothing was changed.`,
    {
      cause: error,
    },
  );
}
