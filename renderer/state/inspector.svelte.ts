/** Everything about the one track the user looks at. */
import type { EngineClient } from '#shared/contract.ts';
import type { SimilarTrack, TrackDetail } from '#shared/domain.ts';
import { toWire, type WireError } from '#shared/errors.ts';

/** Rows passed with the arrow key held down are not asked for. */
const SETTLE_MS = 60;
const SIMILAR_SHOWN = 8;

export class Inspector {
  #trackId = $state<number | null>(null);
  #track = $state.raw<TrackDetail | null>(null);
  #similar = $state.raw<readonly SimilarTrack[]>([]);
  #error = $state.raw<WireError | null>(null);
  #client: EngineClient;
  #question: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  get trackId(): number | null {
    return this.#trackId;
  }
  /** The old one stays until the new one is there. */
  get track(): TrackDetail | null {
    return this.#track;
  }
  /** Most similar first; empty while it is not known. */
  get similar(): readonly SimilarTrack[] {
    return this.#similar;
  }
  get error(): WireError | null {
    return this.#error;
  }

  /** Looks at another track, or at none. */
  show(trackId: number | null): void {
    if (trackId === this.#trackId) return;
    this.#trackId = trackId;
    this.#question?.abort();
    clearTimeout(this.#timer);
    if (trackId === null) {
      this.#track = null;
      this.#similar = [];
      this.#error = null;
    } else {
      this.#timer = setTimeout(() => void this.reload(), SETTLE_MS);
    }
  }

  /** Asks again: the library changed. */
  async reload(): Promise<void> {
    const trackId = this.#trackId;
    if (trackId === null) return;
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    const { signal } = question;
    try {
      const track = await this.#client.request('tracks.get', { trackId }, { signal });
      if (this.#question !== question) return;
      if (this.#track?.id !== track.id) this.#similar = [];
      this.#track = track;
      this.#error = null;
      if (track.embedding === null) {
        this.#similar = [];
        return;
      }
      const similar = await this.#client.request(
        'similar.find',
        { trackId, limit: SIMILAR_SHOWN },
        { signal },
      );
      if (this.#question === question) this.#similar = similar;
    } catch (error) {
      if (this.#question !== question) return;
      const wire = toWire(error);
      if (wire.code !== 'cancelled') this.#error = wire;
    }
  }
}
