/**
 * What takes long about copies of the library, reading all of their bytes: done in a thread (copy.worker.ts), so that
 * requests are answered meanwhile.
 */
import { copyFileSync, existsSync, statSync } from 'node:fs';
import type { LibraryBackup } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { WireError } from '#shared/errors.ts';
import type { Database } from './database.ts';
import { isDamage, openDatabaseFile } from './database.ts';
import { writeValue } from './library/settings.ts';
import { isOurs, readMigrations, userVersion } from './migrations.ts';

/** Recordings whose genres the user corrected, in the library before or in the restored one. */
export const correctedKey = 'restore.corrected';

export type CopyWork =
  /** Looks through a backup that was just written. `told`: the name it is going to have. */
  | { readonly kind: 'examine'; readonly file: string; readonly told: string }
  /** Copies a backup to `staged`, looks through the copy, and notes whose genres may now be others. */
  | {
      readonly kind: 'stage';
      readonly file: string;
      readonly staged: string;
      /** Hashes (hex) of recordings that the user corrected in the library as it is. */
      readonly corrected: readonly string[];
    };

/** What the thread answers. */
export type CopyAnswer =
  { readonly ok: true; readonly contents: LibraryBackup } | { readonly ok: false; readonly error: WireError };

/** @throws AppError that names the file and what to do */
export function doCopyWork(work: CopyWork): LibraryBackup {
  try {
    if (work.kind === 'examine') return examine(work.file);
    copyFileSync(work.file, work.staged);
    // What the program that wrote it had not yet merged belongs to it.
    if (existsSync(`${work.file}-wal`)) copyFileSync(`${work.file}-wal`, `${work.staged}-wal`);
    const contents = examine(work.staged);
    noteCorrected(work.staged, work.corrected);
    return { ...contents, file: work.file, at: Math.round(statSync(work.file).mtimeMs) };
  } catch (error) {
    throw explainCopyError(error, work.kind === 'examine' ? work.told : work.file);
  }
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
function noteCorrected(staged: string, before: readonly string[]): void {
  const copy = openDatabaseFile(staged);
  try {
    const own = userVersion(copy) >= 2 ? readCorrected(copy) : [];
    writeValue(copy, correctedKey, [...new Set([...own, ...before])]);
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/** Hashes (hex) of the recordings that the user corrected. */
export function readCorrected(database: Database): readonly string[] {
  const sql = 'SELECT DISTINCT hex(audio_hash) FROM genre_corrections';
  return database.prepare(sql).pluck().all() as string[];
}

/** An error about a copy as one that a person can act on. */
export function explainCopyError(error: unknown, file: string): unknown {
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
