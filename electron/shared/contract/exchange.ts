/** Requests about exchange with DJ software and players: files of theirs are written and read. */
import * as v from 'valibot';
import type * as d from '../domain.ts';
import { copyConversions, exportFormats, importParts } from '../domain/exchange.ts';
import { count, filePath, id, limit, name, returns, sort, trackQuery } from './parts.ts';

const mappings = v.optional(
  v.pipe(v.array(v.strictObject({ from: filePath, to: filePath })), v.maxLength(20)),
);
const target = {
  format: v.picklist(exportFormats),
  file: filePath,
  /** Paths relative to the file, where the format has such. */
  relative: v.optional(v.boolean()),
  overwrite: v.optional(v.boolean()),
  /** Other beginnings of paths, for another computer: the first that fits counts. */
  mappings,
};
/** `file` is a folder then, made if need be, and each list becomes a file in it, named after it. */
const eachList = v.optional(v.boolean());

export const exchangeRequests = {
  /**
   * Writes a file for DJ software or players; refuses to overwrite unless told. Of a folder all lists in it, as a tree
   * where the format has one. `leftOut`: missing tracks, and names the format cannot hold (line breaks, bytes that are
   * not UTF-8).
   */
  'playlists.export': returns<d.ExportedList>()(v.strictObject({ playlistId: id, ...target, eachList })),
  /** The same of any list of tracks. */
  'tracks.export': returns<d.ExportedList>()(
    v.strictObject({ query: trackQuery, sort, ...target, name: v.optional(name) }),
  ),
  /** The same of all tracks and all lists. */
  'library.export': returns<d.ExportedList>()(v.strictObject({ ...target, eachList })),
  /**
   * Copies the files of a list into a folder (made if need be), numbered in its order, under names that FAT and exFAT
   * hold, in another format where asked. Refused with 'disk-full' when there is not room for all. Begun anew it goes on
   * where it ended; cancelled, whole files stay. 'copy.progress' tells how far it is.
   */
  'playlists.copyToFolder': returns<d.CopiedList>()(
    v.strictObject({
      playlistId: id,
      folder: filePath,
      /** 001, 002, … before each name; default: yes. */
      numbered: v.optional(v.boolean()),
      /** Of files that are of another format; lossless ones stay as long as their rate and depth allow it. */
      convertTo: v.optional(v.picklist(copyConversions)),
      /** Also files that are of that format but faster or deeper than older players read (48 kHz, 16 bits). */
      forOldPlayers: v.optional(v.boolean()),
      /** A playlist of the copies lies with them; default: yes. */
      playlistFile: v.optional(v.boolean()),
    }),
  ),
  /**
   * Takes over what a file of another program holds: lists, ratings, play counts, cues, grids, colours, as one step that
   * can be undone. What the user has here already stays: lists get names that are free, stars only where none are given.
   * `dryRun` says what would happen. Tracks are found by path, then by name, artist and length; `matches` says by hand
   * which track an entry is (numbers as in `unmatchedEntries`; they hold for the file as it is).
   */
  'library.import': returns<d.ImportResult>()(
    v.strictObject({
      file: filePath,
      dryRun: v.optional(v.boolean()),
      parts: v.optional(v.array(v.picklist(importParts))),
      matches: v.optional(
        v.pipe(v.array(v.strictObject({ entry: count, trackId: id })), v.maxLength(200_000)),
      ),
      /** Beginnings of paths in the file, and where the files are here; tried before guesses. */
      mappings,
    }),
  ),
  /** Tracks that an unmatched entry may be, most likely first: by its name, artist and length. */
  'library.importCandidates': returns<readonly d.ImportCandidate[]>()(
    v.strictObject({
      path: v.pipe(v.string(), v.maxLength(8192)),
      title: v.nullable(v.pipe(v.string(), v.maxLength(2000))),
      artist: v.nullable(v.pipe(v.string(), v.maxLength(2000))),
      durationSeconds: v.nullable(v.number()),
      limit,
    }),
  ),
} as const;
