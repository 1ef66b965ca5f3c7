/** Takes over what other programs know: read, matched, planned, and then done as one step that can be undone. */
import { basename, isAbsolute } from 'node:path';
import type { Handlers } from '#shared/contract.ts';
import { importParts } from '#shared/domain/exchange.ts';
import type { ImportResult, PlaylistId, UnmatchedEntry } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Edits } from '#engine/edits.ts';
import { nextEdit } from '#engine/storage/library/edits.ts';
import { insertEntries } from '#engine/storage/library/playlist-entries.ts';
import { insertNode, readListNames } from '#engine/storage/library/playlists.ts';
import { writeMarks } from '#engine/storage/library/track-marks.ts';
import { setRating } from '#engine/storage/library/tracks.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { ExchangeList } from '../model.ts';
import { findCandidates } from './candidates.ts';
import type { Imported } from './imported.ts';
import { matchTracks } from './match.ts';
import type { Match, MatchedBy } from './match.ts';
import { planImport } from './plan.ts';
import type { ImportPlan } from './plan.ts';
import { readImport } from './read-file.ts';
import { indexTracks } from './tracks-index.ts';

/** Named in an answer; more than anybody matches by hand. */
const MOST_UNMATCHED = 1000;

export interface ImportOptions {
  readonly storage: Storage;
  readonly edits: Edits;
  /** Lists of tracks have changed. */
  readonly changed: () => void;
  /** Lists came. */
  readonly tellLists: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export function createImportHandlers(
  options: ImportOptions,
): Pick<Handlers, 'library.import' | 'library.importCandidates'> {
  const { storage, edits } = options;
  const { database } = storage;

  function apply(file: string, plan: ImportPlan): number | null {
    const now = options.clock();
    const before = nextEdit(database, 'undo')?.id ?? null;
    const count = plan.playlists + plan.folders + plan.ratings.length + plan.marks.length;
    edits.record({ action: 'import', subject: basename(file), count }, () => {
      const taken = new Set(readListNames(database).map(({ name }) => foldListName(name)));
      for (const list of plan.lists) addList(list, null, taken, now);
      for (let rating = 1; rating <= 5; rating += 1) {
        const rated = plan.ratings.filter((one) => one.rating === rating);
        if (rated.length > 0)
          setRating(
            database,
            rated.map(({ trackId }) => trackId),
            rating,
          );
      }
      writeMarks(database, plan.marks, now);
    });
    options.changed();
    if (plan.lists.length > 0) options.tellLists();
    const after = nextEdit(database, 'undo')?.id ?? null;
    return after === before ? null : after;
  }

  function addList(list: ExchangeList, parentId: PlaylistId | null, taken: Set<string>, now: number): void {
    const isFolder = list.kind === 'folder';
    const name = isFolder ? list.name : takeFreeName(list.name, taken);
    const node = { name, kind: list.kind, parentId, position: Number.MAX_SAFE_INTEGER, rules: null };
    const id = insertNode(database, node, now);
    insertEntries(database, id, list.trackIds, 0);
    for (const inner of list.lists) addList(inner, id, taken, now);
  }

  return {
    async 'library.import'(input, { signal }) {
      const { file, dryRun = false, parts = importParts, matches: given = [], mappings = [] } = input;
      if (!isAbsolute(file)) throw new AppError('bad-request', `“${file}” is no absolute path.`);
      const imported = await readImport(file, signal);
      const index = await indexTracks(database, signal);
      const byHand = new Map(given.map(({ entry, trackId }) => [entry, trackId]));
      const matching = await matchTracks(imported.tracks, index, { byHand, mappings, signal });
      const plan = await planImport(database, imported, matching.matches, new Set(parts), signal);
      const editId = dryRun ? null : apply(file, plan);
      return {
        file,
        format: imported.format,
        applied: !dryRun,
        ...countMatches(imported, matching.matches),
        mappings: matching.mappings,
        playlists: plan.playlists,
        folders: plan.folders,
        ratings: plan.ratings.length,
        playCounts: plan.playCounts,
        cues: plan.cues,
        grids: plan.grids,
        colours: plan.colours,
        editId,
        warnings: imported.warnings,
      };
    },

    'library.importCandidates': ({ limit, ...wanted }, { signal }) =>
      findCandidates(database, wanted, limit, signal),
  };
}

type Counts = Pick<
  ImportResult,
  'entries' | 'matchedByPath' | 'matchedByName' | 'matchedByHand' | 'unmatched' | 'unmatchedEntries'
>;

function countMatches({ tracks, lists }: Imported, matches: ReadonlyMap<number, Match>): Counts {
  const by: Record<MatchedBy, number> = { path: 0, name: 0, hand: 0 };
  for (const match of matches.values()) by[match.by] += 1;
  const uses = new Map<number, number>();
  countUses(lists, uses);
  const unmatched: UnmatchedEntry[] = tracks
    .filter(({ id }) => !matches.has(id))
    .map(({ id, path, title, artist, durationSeconds }) => ({
      entry: id,
      path,
      title,
      artist,
      durationSeconds,
      uses: uses.get(id) ?? 0,
    }));
  return {
    entries: tracks.length,
    matchedByPath: by.path,
    matchedByName: by.name,
    matchedByHand: by.hand,
    unmatched: unmatched.length,
    unmatchedEntries: unmatched.sort((a, b) => b.uses - a.uses || a.entry - b.entry).slice(0, MOST_UNMATCHED),
  };
}

function countUses(lists: readonly ExchangeList[], uses: Map<number, number>): void {
  for (const list of lists) {
    for (const id of list.trackIds) uses.set(id, (uses.get(id) ?? 0) + 1);
    countUses(list.lists, uses);
  }
}

/** As playlists/names.ts has it: unique, whatever the case. */
function foldListName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function takeFreeName(name: string, taken: Set<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (taken.has(foldListName(candidate))) continue;
    taken.add(foldListName(candidate));
    return candidate;
  }
}
