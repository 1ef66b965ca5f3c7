/** What the player is made with, and what it is given to play. */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import type { MediaUrl } from './deck.ts';

export interface PlayerParts {
  readonly client: EngineClient;
  readonly mediaUrl: MediaUrl;
  readonly createAudio: () => HTMLAudioElement;
  readonly mediaSession: MediaSession | null;
  readonly storage: Storage | null;
  /** Tells the user something in a sentence that goes away by itself, or (`trouble`) stays until it is read. */
  readonly tell: { done(sentence: string): void; trouble(sentence: string): void };
  /** Whether nobody can see the window: then nothing is drawn. */
  readonly isHidden?: () => boolean;
}

/** A row of a list that is to be played. */
export interface ListRow {
  readonly index: number;
  /** Names the row within its list. */
  readonly key: number;
  readonly track: Track;
}
