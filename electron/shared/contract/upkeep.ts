/** Requests about settings, and about keeping the library safe and tidy. */
import * as v from 'valibot';
import type * as d from '../domain.ts';
import { filePath, nothing, returns, trackIds } from './parts.ts';

export const upkeepRequests = {
  'settings.get': returns<d.Settings>()(nothing),
  'settings.set': returns<d.Settings>()(
    v.strictObject({
      analysisWorkers: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)))),
      analysisPaused: v.optional(v.boolean()),
      pauseOnBattery: v.optional(v.boolean()),
    }),
  ),
  /** Forgets missing tracks for good, the named ones or all. Tracks that are present or offline are refused with 'conflict'. */
  'library.purge': returns<{ readonly purged: number }>()(
    v.union([v.strictObject({ trackIds }), v.strictObject({ allMissing: v.literal(true) })]),
  ),
  /** Writes a checked copy of library.db (not of analysis.db, which is derived). Refuses to overwrite unless told. */
  'library.backup': returns<d.LibraryBackup>()(
    v.strictObject({ file: filePath, overwrite: v.optional(v.boolean()) }),
  ),
  /**
   * Puts a backup in the place of the library, which is kept beside it (`keptFile`). Refused when the file is damaged,
   * of another program, or of a newer version; nothing is changed then.
   */
  'library.restore': returns<d.RestoredLibrary>()(v.strictObject({ file: filePath })),
} as const;
