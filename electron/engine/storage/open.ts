/**
 * Opens a library: library.db (what the user has and did) with analysis.db (derived from audio) attached
 * as `analysis`, on one connection. Damage of the first is told, damage of the second is repaired by
 * beginning it anew.
 */
import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Logger } from '#shared/log.ts';
import { AppError } from '#shared/errors.ts';
import { createCurrentModelTables, createHeldRecordings } from './analysis/current-model.ts';
import { createTrackSounds } from './analysis/track-sounds.ts';
import { prepareAnalysisFile } from './analysis/prepare-file.ts';
import { backUpBeforeMigration } from './backup.ts';
import { databaseDamaged, explainDatabaseError, openDatabaseFile } from './database.ts';
import type { Database } from './database.ts';
import { applyStagedRestore } from './library-copies.ts';
import { prepareEditLog } from './library/edits.ts';
import { readValue, writeValue } from './library/settings.ts';
import { isOurs, migrate, readMigrations, userVersion } from './migrations.ts';

export interface StorageOptions {
  readonly libraryFile: string;
  /** Default: beside the library file. */
  readonly analysisFile?: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: Logger;
}

export interface Storage {
  readonly database: Database;
  readonly libraryFile: string;
  readonly analysisFile: string;
  /** Leaves the files in one piece each and marks the end as clean. */
  close(): void;
  /** A transaction for what the user did: on the disk (synchronous = FULL) when this returns. */
  durably<T>(work: () => T): T;
  /** A transaction: kept through a crash of the process; the last moments may be lost in a power cut. */
  write<T>(work: () => T): T;
}

const cleanEndKey = 'storage.cleanEnd';

/** @throws AppError database-newer, database-damaged, conflict (another program's file), disk-full, file-not-readable */
export function openStorage(options: StorageOptions): Storage {
  const libraryFile = resolve(options.libraryFile);
  const analysisFile = resolve(options.analysisFile ?? analysisFileOf(libraryFile));
  let database: Database | undefined;
  try {
    mkdirSync(dirname(libraryFile), { recursive: true });
    const kept = applyStagedRestore(libraryFile);
    if (kept !== null) options.log.info({ kept }, 'A backup took the place of the library');
    database = openDatabaseFile(libraryFile);
    const endedCleanly = prepareLibrary(database, libraryFile, options);
    prepareAnalysisFile(analysisFile, endedCleanly, options);
    database.prepare('ATTACH DATABASE ? AS analysis').run(analysisFile);
    database.pragma('analysis.synchronous = NORMAL');
    createCurrentModelTables(database);
    createHeldRecordings(database);
    createTrackSounds(database);
    prepareEditLog(database);
    writeValue(database, cleanEndKey, false);
    return createStorage(database, libraryFile, analysisFile, options.log);
  } catch (error) {
    database?.close();
    throw explainDatabaseError(error, libraryFile);
  }
}

/** `analysis.db` for `library.db`, else `<name>.analysis.db`, so that two libraries fit in one folder. */
export function analysisFileOf(libraryFile: string): string {
  const name = basename(libraryFile);
  const analysisName = name === 'library.db' ? 'analysis.db' : `${name.replace(/\.db$/i, '')}.analysis.db`;
  return join(dirname(libraryFile), analysisName);
}

/** Checks and migrates library.db. Returns whether it was closed properly the last time. */
function prepareLibrary(database: Database, file: string, options: StorageOptions): boolean {
  if (!isOurs(database, 'library')) {
    throw new AppError(
      'conflict',
      `${file} is a database of another program, not a Cratewise library. Choose another file.`,
    );
  }
  const migrations = readMigrations('library');
  const version = userVersion(database);
  if (version > migrations.length) {
    throw new AppError(
      'database-newer',
      `The library ${file} was written by a newer version of Cratewise (format ${version}, this version knows ${migrations.length}). Update Cratewise, or open another library.`,
    );
  }
  // A new file ends nowhere; one whose mark is false was in use when the process or the machine stopped.
  const endedCleanly = version === 0 || readValue(database, cleanEndKey) !== false;
  if (!endedCleanly) {
    const startedAt = options.clock();
    const result = database.pragma('quick_check(1)', { simple: true });
    if (result !== 'ok') throw databaseDamaged(file, result);
    options.log.info({ milliseconds: options.clock() - startedAt }, 'library checked after an unclean end');
  }
  if (version > 0 && version < migrations.length) {
    const backup = backUpBeforeMigration(database, file, version, options.clock());
    options.log.info({ backup, from: version, to: migrations.length }, 'library backed up before migrating');
  }
  migrate(database, 'library', migrations);
  return endedCleanly;
}

function createStorage(database: Database, libraryFile: string, analysisFile: string, log: Logger): Storage {
  let inDurable = false;

  function run<T>(work: () => T): T {
    try {
      return database.transaction(work).immediate();
    } catch (error) {
      throw explainDatabaseError(error, libraryFile);
    }
  }

  return {
    database,
    libraryFile,
    analysisFile,
    write: run,
    durably<T>(work: () => T): T {
      if (inDurable) return run(work);
      // SQLite takes no change of `synchronous` inside a transaction, so the promise could not be kept.
      if (database.inTransaction) throw new Error('durably() inside an ordinary transaction');
      database.pragma('main.synchronous = FULL');
      inDurable = true;
      try {
        return run(work);
      } finally {
        inDurable = false;
        database.pragma('main.synchronous = NORMAL');
      }
    },
    close() {
      if (!database.open) return;
      try {
        database.pragma('optimize');
        writeValue(database, cleanEndKey, true);
        database.pragma('wal_checkpoint(TRUNCATE)');
      } catch (error) {
        // A damaged file or a full disk: without the mark the next start looks through it, and says what is wrong.
        log.warn({ err: error }, 'The library could not be put in order before it was closed');
      } finally {
        database.close();
      }
    },
  };
}
