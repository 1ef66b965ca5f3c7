/** Words for a track that cannot be played. */
import type { Track } from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { AppError, toWire } from '#shared/errors.ts';
import { text } from '../../lib/text.ts';
import { codecName, trackTitle } from '../../lib/track-words.ts';

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
