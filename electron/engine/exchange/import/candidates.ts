/** Tracks that an entry without a match may be. */
import { setImmediate } from 'node:timers/promises';
import type { ImportCandidate } from '#shared/domain.ts';
import type { Database } from '#engine/storage/database.ts';
import { pageForMatching } from '#engine/storage/library/track-matching.ts';
import { slashed } from '../paths.ts';
import { foldName, SAME_LENGTH_SECONDS, similarity } from './names.ts';
import { nameIn } from './text-playlists.ts';

const ROWS_A_SLICE = 1000;
/** Below that, names have a few letters in common. */
const LEAST_SCORE = 0.35;
/** Lengths that differ more than this are no longer near. */
const NEAR_SECONDS = 30;

export interface Wanted {
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly durationSeconds: number | null;
}

/** Most likely first. */
export async function findCandidates(
  database: Database,
  wanted: Wanted,
  limit: number,
  signal: AbortSignal,
): Promise<readonly ImportCandidate[]> {
  const fileName = slashed(wanted.path).replace(/^.*\//, '');
  const told = nameIn(fileName.replace(/\.[^.]{1,5}$/, ''));
  const title = foldName(wanted.title ?? told.title);
  const artist = foldName(wanted.artist ?? told.artist);
  const file = baseName(fileName);
  const found: ImportCandidate[] = [];
  for (let after = 0; ;) {
    const rows = pageForMatching(database, after, ROWS_A_SLICE);
    for (const row of rows) {
      const name = similarity(title, foldName(row.title));
      const who = similarity(artist, foldName(row.artist));
      const named = similarity(file, baseName(row.relativePath.replace(/^.*\//, '')));
      const away =
        wanted.durationSeconds === null || row.durationSeconds === null
          ? null
          : Math.abs(wanted.durationSeconds - row.durationSeconds);
      const length = away === null ? 0.5 : Math.max(0, 1 - away / NEAR_SECONDS);
      const words = artist === '' || row.artist === null ? name : 0.6 * name + 0.4 * who;
      const score = 0.8 * Math.max(words, 0.9 * named) + 0.2 * length;
      if (Math.max(words, named) < LEAST_SCORE || score < LEAST_SCORE) continue;
      found.push({ trackId: row.id, score, reason: reasonOf(name, who, named, away) });
    }
    after = rows.at(-1)?.id ?? 0;
    if (rows.length < ROWS_A_SLICE) break;
    await setImmediate();
    signal.throwIfAborted();
  }
  return found.sort((a, b) => b.score - a.score || a.trackId - b.trackId).slice(0, limit);
}

/** Folded, without its ending, which most have in common. */
function baseName(fileName: string): string {
  return foldName(fileName.replace(/\.[^.]{1,5}$/, ''));
}

function reasonOf(name: number, who: number, named: number, away: number | null): string {
  const how = (value: number, what: string): readonly string[] =>
    value === 1 ? [`same ${what}`] : value > 0.6 ? [`similar ${what}`] : [];
  const words = [...how(name, 'title'), ...how(who, 'artist')];
  if (words.length === 0) words.push(...how(named, 'file name'));
  if (away !== null && away <= SAME_LENGTH_SECONDS) words.push('same length');
  else if (away !== null) words.push(`${Math.round(away)} s apart`);
  return words.join(', ') || 'a few words in common';
}
