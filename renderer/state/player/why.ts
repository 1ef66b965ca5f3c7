/** Words for a track that cannot be played, and what the player does then. */
import type { Track } from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { AppError, toWire } from '#shared/errors.ts';
import { text } from '../../lib/text.ts';
import { codecName, trackTitle } from '../../lib/track-words.ts';

/** How long an error is shown before the next track: time to read it. Milliseconds. */
export const FAILURE_SHOWN_MS = 4000;
/** So many one after another: then something is wrong with more than a file. */
export const MOST_FAILURES = 5;

/** One sentence: which track, and why. `error`: what the engine said, or the media element's own error. */
export function whyNotPlayed(track: Track, error: unknown): string {
  // What the scan or the analysis found out about the file says more than a media element does.
  const known = error instanceof AppError ? toWire(error) : track.error;
  const reason = known === null ? text.player.damaged(codecName(track)) : describeError(known);
  return text.player.failed(trackTitle(track), reason);
}

/** Another track was started, or this one paused, before it began: no failure. */
export function wasReplaced(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** The browser lets nothing play before the user has clicked somewhere. */
export function wasForbidden(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}
