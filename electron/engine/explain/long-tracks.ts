/** Which part of a long track is listened to again. */
import type { ExplainedSegment } from '#shared/explanation.ts';

/**
 * Ten minutes hold any song and are heard in seconds. Of a longer track only the ten minutes with the most of the
 * genre are listened to: nobody waits for a mix of ten hours to be heard anew.
 */
export const LONGEST_LISTENING_SECONDS = 600;

/** Null: all of it. Of equally good parts the first. */
export function partToHear(
  segments: readonly ExplainedSegment[],
  durationSeconds: number,
): { readonly startSeconds: number; readonly endSeconds: number } | null {
  if (durationSeconds <= LONGEST_LISTENING_SECONDS) return null;
  let best = { sum: Number.NEGATIVE_INFINITY, startSeconds: 0 };
  let sum = 0;
  let first = 0;
  for (const { startSeconds, endSeconds, confidence } of segments) {
    sum += confidence * (endSeconds - startSeconds);
    for (
      let oldest = segments[first];
      oldest !== undefined && endSeconds - oldest.startSeconds > LONGEST_LISTENING_SECONDS;
      oldest = segments[first]
    ) {
      sum -= oldest.confidence * (oldest.endSeconds - oldest.startSeconds);
      first += 1;
    }
    const begin = segments[first]?.startSeconds ?? startSeconds;
    if (sum > best.sum + 1e-9) best = { sum, startSeconds: begin };
  }
  const startSeconds = Math.max(0, Math.min(best.startSeconds, durationSeconds - LONGEST_LISTENING_SECONDS));
  return { startSeconds, endSeconds: startSeconds + LONGEST_LISTENING_SECONDS };
}
