/**
 * The same music lies elsewhere on another computer: "D:\\Music\\Artist\\a.mp3" there is "/home/me/music/Artist/a.mp3"
 * here. What paths have in common at their ends tells what their beginnings stand for.
 */
import { setImmediate } from 'node:timers/promises';
import type { PathMapping } from '#shared/domain.ts';
import type { ExchangeTrack } from '../model.ts';
import { slashed } from '../paths.ts';
import { foldPath, pathOf } from './tracks-index.ts';
import type { TracksIndex } from './tracks-index.ts';

/** Enough to know, however many there are; spread over all. */
const SAMPLES = 4000;
const MOST_MAPPINGS = 50;
/** Names like "01.mp3" that many tracks have tell nothing. */
const MOST_NAMESAKES = 20;

/** Most voted first. */
export async function guessMappings(
  entries: readonly ExchangeTrack[],
  index: TracksIndex,
  signal: AbortSignal,
): Promise<readonly PathMapping[]> {
  const votes = new Map<string, { readonly mapping: PathMapping; count: number }>();
  const step = Math.max(1, Math.floor(entries.length / SAMPLES));
  for (let at = 0; at < entries.length; at += step) {
    const entry = entries[at];
    if (entry !== undefined) vote(entry);
    if ((at / step) % 500 === 499) {
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  return [...votes.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_MAPPINGS)
    .map(({ mapping }) => mapping);

  function vote({ path }: ExchangeTrack): void {
    const theirs = slashed(path).split('/');
    const namesakes = index.byFileName.get(foldPath(theirs.at(-1) ?? '')) ?? [];
    if (namesakes.length > MOST_NAMESAKES) return;
    for (const id of namesakes) {
      const row = index.byId.get(id);
      if (row === undefined) continue;
      const ours = slashed(pathOf(row)).split('/');
      // Not beyond the folder of the library: what is above it says nothing of other tracks.
      const common = commonEnd(theirs, ours, row.relativePath.split('/').length);
      // The file's name alone is shared by chance; its folder, too, hardly; a name that only one track has counts.
      if (common < 2 && namesakes.length > 1) continue;
      const mapping = {
        from: theirs.slice(0, theirs.length - common).join('/'),
        to: ours.slice(0, ours.length - common).join('/'),
      };
      if (mapping.from === '' && mapping.to === '') continue;
      const key = `${mapping.from}\n${mapping.to}`;
      const known = votes.get(key);
      if (known === undefined) votes.set(key, { mapping, count: common });
      else known.count += common;
    }
  }
}

function commonEnd(left: readonly string[], right: readonly string[], limit: number): number {
  let common = 0;
  const most = Math.min(left.length, right.length, limit);
  while (common < most && foldPath(left.at(-1 - common) ?? '') === foldPath(right.at(-1 - common) ?? ''))
    common += 1;
  return common;
}
