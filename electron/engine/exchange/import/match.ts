/** Which tracks of the library the entries of a file are: by path (of this computer or another), then by name. */
import { setImmediate } from 'node:timers/promises';
import type { PathMapping, TrackId } from '#shared/domain.ts';
import type { ExchangeTrack } from '../model.ts';
import { mapPath, slashed } from '../paths.ts';
import { guessMappings } from './guess-mappings.ts';
import { SAME_LENGTH_SECONDS } from './names.ts';
import { nameIn } from './text-playlists.ts';
import { foldPath, nameKey } from './tracks-index.ts';
import type { TracksIndex } from './tracks-index.ts';

const ENTRIES_A_SLICE = 2000;

export type MatchedBy = 'path' | 'name' | 'hand';

export interface Match {
  readonly trackId: TrackId;
  readonly by: MatchedBy;
}

export interface Matching {
  /** By entry. */
  readonly matches: ReadonlyMap<number, Match>;
  /** Given and guessed ones that found something. */
  readonly mappings: readonly PathMapping[];
}

export interface MatchOptions {
  readonly byHand: ReadonlyMap<number, TrackId>;
  readonly mappings: readonly PathMapping[];
  readonly signal: AbortSignal;
}

export async function matchTracks(
  entries: readonly ExchangeTrack[],
  index: TracksIndex,
  options: MatchOptions,
): Promise<Matching> {
  const { byHand, signal } = options;
  const matches = new Map<number, Match>();
  const used = new Set<PathMapping>();
  const breathe = async (done: number): Promise<void> => {
    if (done % ENTRIES_A_SLICE !== ENTRIES_A_SLICE - 1) return;
    await setImmediate();
    signal.throwIfAborted();
  };

  for (const [entry, trackId] of byHand) {
    if (entry < entries.length && index.byId.has(trackId)) matches.set(entry, { trackId, by: 'hand' });
  }
  for (const { id, path } of entries) {
    await breathe(id);
    if (!matches.has(id)) findByPath(id, path, options.mappings);
  }
  const missing = entries.filter(({ id }) => !matches.has(id));
  const guessed = await guessMappings(missing, index, signal);
  for (const [done, { id, path }] of missing.entries()) {
    await breathe(done);
    findByPath(id, path, guessed);
  }
  for (const [done, entry] of missing.entries()) {
    await breathe(done);
    if (matches.has(entry.id)) continue;
    const trackId = findByName(entry, index);
    if (trackId !== null) matches.set(entry.id, { trackId, by: 'name' });
  }
  return { matches, mappings: [...used] };

  function findByPath(entry: number, path: string, mappings: readonly PathMapping[]): void {
    const own = index.byPath.get(foldPath(path));
    if (own !== undefined) return void matches.set(entry, { trackId: own, by: 'path' });
    for (const mapping of mappings) {
      const mapped = mapPath(slashed(path), [{ from: slashed(mapping.from), to: slashed(mapping.to) }]);
      const trackId = index.byPath.get(foldPath(mapped));
      if (trackId === undefined) continue;
      used.add(mapping);
      matches.set(entry, { trackId, by: 'path' });
      return;
    }
  }
}

/** Same name and artist, and a length that fits: the nearest, one that is there before one that is not. */
function findByName(entry: ExchangeTrack, index: TracksIndex): TrackId | null {
  for (const [title, artist] of namesOf(entry)) {
    const key = nameKey(title, artist);
    const found = key === null ? [] : (index.byName.get(key) ?? []);
    const { durationSeconds } = entry;
    const fitting = found.flatMap((id) => {
      const row = index.byId.get(id);
      if (row === undefined) return [];
      const known = durationSeconds !== null && row.durationSeconds !== null;
      const away = known ? Math.abs(durationSeconds - row.durationSeconds) : 0;
      // Without lengths only what cannot be another recording: the only one of that name.
      if (away > SAME_LENGTH_SECONDS || (!known && found.length > 1)) return [];
      return [{ id, away, isPresent: row.isPresent }];
    });
    const best = fitting.sort(
      (a, b) => Number(b.isPresent) - Number(a.isPresent) || a.away - b.away || a.id - b.id,
    )[0];
    if (best !== undefined) return best.id;
  }
  return null;
}

/** As the file says; where it says nothing, as the file's name does: "Artist - Title.mp3". */
function* namesOf({
  title,
  artist,
  path,
}: ExchangeTrack): Generator<readonly [string | null, string | null]> {
  if (title !== null && artist !== null) return yield [title, artist];
  if (title !== null) yield [title, null];
  const name = slashed(path)
    .replace(/^.*\//, '')
    .replace(/\.[^.]{1,5}$/, '');
  const told = nameIn(name.replace(/^\d{1,3}[\s._-]+/, ''));
  if (told.title !== null && told.artist !== null) yield [told.title, told.artist];
}
