/** What the screen of one track shows beyond its details: evidence, waveform, lists that hold it, history. */
import type { EngineClient } from '#shared/contract.ts';
import type { HoldingPlaylist, TagWrite, TrackEvent } from '#shared/domain.ts';
import { toWire, type WireError } from '#shared/errors.ts';
import type { Explanation } from '#shared/explanation.ts';
import { readPeaks, TrackPicture, type Peaks } from './player/picture.svelte.ts';

/** The evidence costs a second or more of listening: not for a screen that is only passed. */
const SETTLE_MS = 400;
/** Fields that were written into its file: more than anybody scrolls through. */
const MOST_WRITES = 200;

export class TrackScreen {
  readonly picture: TrackPicture;
  #trackId = $state<number | null>(null);
  #playlists = $state.raw<readonly HoldingPlaylist[]>([]);
  #history = $state.raw<readonly TrackEvent[]>([]);
  #tagWrites = $state.raw<readonly TagWrite[]>([]);
  #near = $state.raw<Peaks | null>(null);
  #explanation = $state.raw<Explanation | null>(null);
  #error = $state.raw<WireError | null>(null);
  #asking = $state(false);
  #client: EngineClient;
  #question: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: EngineClient) {
    this.#client = client;
    this.picture = new TrackPicture(client, () => undefined);
  }

  /** The lists that hold the track, smart ones too. */
  get playlists(): readonly HoldingPlaylist[] {
    return this.#playlists;
  }
  /** Newest first. */
  get history(): readonly TrackEvent[] {
    return this.#history;
  }
  /** What was written into its file, newest first. */
  get tagWrites(): readonly TagWrite[] {
    return this.#tagWrites;
  }
  /** The waveform from near, a hundred points a second; null while there is none. */
  get near(): Peaks | null {
    return this.#near;
  }
  /** The evidence for one genre; null while there is none. */
  get explanation(): Explanation | null {
    return this.#explanation;
  }
  /** Why there is no evidence. */
  get error(): WireError | null {
    return this.#error;
  }
  /** The model is listening to the track again. */
  get asking(): boolean {
    return this.#asking;
  }

  /** Follows the engine. Returns what ends it. */
  listen(): () => void {
    const ends = [
      this.#client.subscribe('waveform.ready', ({ trackId }) => {
        void this.picture.ready(trackId);
        if (trackId === this.#trackId) void this.#askNear();
      }),
      this.#client.subscribe('tags.changed', () => void this.reload()),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  /** `explain`: whether the model has heard it, so that there is something to explain. */
  async show(trackId: number, explain: boolean): Promise<void> {
    if (trackId !== this.#trackId) {
      this.#trackId = trackId;
      this.#playlists = [];
      this.#history = [];
      this.#tagWrites = [];
      this.#near = null;
      this.#drop();
    }
    // The genre that is shown stays while the rest is asked for again.
    if (explain && this.#explanation === null && !this.#asking) {
      this.#asking = true;
      this.#timer = setTimeout(() => void this.explain(), SETTLE_MS);
    }
    await Promise.all([this.picture.show(trackId), this.#askNear(), this.reload()]);
  }

  /** The screen is left: nothing more is listened to for it. */
  leave(): void {
    this.#trackId = null;
    this.#drop();
  }

  /** The library changed. */
  async reload(): Promise<void> {
    const trackId = this.#trackId;
    if (trackId === null) return;
    const current = (): boolean => trackId === this.#trackId;
    // Each by itself: what one of them cannot say is no reason to say nothing.
    await Promise.all([
      this.#client.request('tracks.playlists', { trackId }).then(
        (playlists) => current() && (this.#playlists = playlists),
        () => undefined,
      ),
      this.#client.request('tracks.history', { trackId }).then(
        (history) => current() && (this.#history = history),
        () => undefined,
      ),
      this.#client.request('tags.writes', { trackId, offset: 0, limit: MOST_WRITES }).then(
        ({ writes }) => current() && (this.#tagWrites = writes),
        () => undefined,
      ),
    ]);
  }

  /** The evidence for a genre (id or name), or for the surest one. */
  async explain(genre?: string): Promise<void> {
    const trackId = this.#trackId;
    if (trackId === null) return;
    clearTimeout(this.#timer);
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    this.#asking = true;
    try {
      const input = genre === undefined ? { trackId } : { trackId, genre };
      const explanation = await this.#client.request('explain.track', input, { signal: question.signal });
      if (this.#question !== question) return;
      this.#explanation = explanation;
      this.#error = null;
    } catch (error) {
      if (this.#question !== question) return;
      const wire = toWire(error);
      this.#error = wire.code === 'cancelled' ? null : wire;
    }
    this.#asking = false;
  }

  async #askNear(): Promise<void> {
    const trackId = this.#trackId;
    if (trackId === null || this.#near?.quick === false) return;
    const answer = await this.#client
      .request('tracks.waveform', { trackId, level: 'detail' })
      .catch(() => null);
    if (answer !== null && trackId === this.#trackId) this.#near = readPeaks(answer) ?? this.#near;
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#question?.abort();
    this.#question = null;
    this.#asking = false;
    this.#explanation = null;
    this.#error = null;
  }
}
