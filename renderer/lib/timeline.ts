/** The genre timeline as people read it: neighbouring segments of one genre are one stretch. */
import type { TimelineSegment } from '#shared/domain.ts';

export interface Stretch {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Null where nothing fits. */
  readonly genre: string | null;
  /** Mean over the stretch, weighted by time, 0..1. */
  readonly confidence: number;
}

/** Stretches in order of time. */
export function stretches(segments: readonly TimelineSegment[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { startSeconds, endSeconds, genres } of segments) {
    const best = genres[0];
    const genre = best?.genre ?? null;
    const confidence = best?.confidence ?? 0;
    const last = found.at(-1);
    if (last === undefined || last.genre !== genre) {
      found.push({ startSeconds, endSeconds, genre, confidence });
      continue;
    }
    const before = last.endSeconds - last.startSeconds;
    const more = endSeconds - startSeconds;
    const all = before + more;
    found[found.length - 1] = {
      startSeconds: last.startSeconds,
      endSeconds,
      genre,
      confidence: all === 0 ? confidence : (last.confidence * before + confidence * more) / all,
    };
  }
  return found;
}

/** Genres of a timeline by their share of time, longest first: the order in which they get their tints. */
export function genresByTime(found: readonly Stretch[]): readonly string[] {
  const seconds = new Map<string, number>();
  for (const { genre, startSeconds, endSeconds } of found) {
    if (genre !== null) seconds.set(genre, (seconds.get(genre) ?? 0) + endSeconds - startSeconds);
  }
  return [...seconds].toSorted(([, a], [, b]) => b - a).map(([genre]) => genre);
}
