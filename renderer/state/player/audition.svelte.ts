/**
 * Listening in: a track plays from its middle while a key or the mouse is held, and what played before goes on
 * afterwards, where it was.
 */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { Deck, playableOf, type MediaUrl } from './deck.ts';
import type { HeldFiles } from './held-files.ts';
import type { Sound } from './sound.svelte.ts';
import { wasReplaced } from './why.ts';

export interface AuditionParts {
  readonly client: EngineClient;
  readonly mediaUrl: MediaUrl;
  readonly sound: Sound;
  readonly createAudio: () => HTMLAudioElement;
  readonly held: HeldFiles;
  /** Makes the player silent; true when it was playing. */
  readonly hold: () => boolean;
  /** Lets it go on. */
  readonly release: () => void;
  /** Told in a sentence when a track cannot be played. */
  readonly onFailure: (track: Track, error: unknown) => void;
}

export class Audition {
  #track = $state.raw<Track | null>(null);
  #parts: AuditionParts;
  #deck: Deck | null = null;
  #held = false;
  #turn = 0;

  constructor(parts: AuditionParts) {
    this.#parts = parts;
  }

  /** The track one listens into. */
  get track(): Track | null {
    return this.#track;
  }

  /** From `share` of its length on. Another one takes its place. */
  async start(track: Track, share = 0.5): Promise<void> {
    const turn = ++this.#turn;
    // From one to the next without a moment of the main track between them.
    if (this.#track === null) this.#held = this.#parts.hold();
    this.#track = track;
    const deck = (this.#deck ??= this.#newDeck());
    deck.audio.pause();
    try {
      const playable = await playableOf(this.#parts.client, track);
      if (turn !== this.#turn) return;
      deck.load(playable, (playable.file.durationSeconds ?? 0) * share);
      deck.audio.volume = this.#parts.sound.levelOf(playable.file.replayGain);
      await deck.audio.play();
    } catch (error) {
      if (turn !== this.#turn || wasReplaced(error)) return;
      if (deck.loaded?.track.id === track.id && deck.decodeElsewhere()) {
        await deck.audio.play().catch((again: unknown) => this.#fail(turn, track, again));
      } else this.#fail(turn, track, error);
    }
  }

  /** Let go. */
  stop(): void {
    if (this.#track === null) return;
    this.abandon();
    if (this.#held) this.#parts.release();
    this.#held = false;
  }

  /** Something else was started: nothing goes on afterwards. */
  abandon(): void {
    this.#turn += 1;
    this.#track = null;
    this.#deck?.unload();
  }

  #fail(turn: number, track: Track, error: unknown): void {
    if (turn !== this.#turn || wasReplaced(error)) return;
    this.#parts.onFailure(track, error);
    this.stop();
  }

  #newDeck(): Deck {
    const { createAudio, mediaUrl, held } = this.#parts;
    const deck = new Deck(createAudio(), mediaUrl, held);
    deck.audio.addEventListener('ended', () => this.stop());
    return deck;
  }
}
