/** What writing would change in the file of the track one looks at: asked of the file itself. */
import type { EngineClient } from '#shared/contract.ts';
import type { TagPreview } from '#shared/domain.ts';
import { toWire, type WireError } from '#shared/errors.ts';

/** Rows passed with a key held down are not looked into. */
const SETTLE_MS = 160;

export class TagPreviews {
  #trackId = $state<number | null>(null);
  #preview = $state.raw<TagPreview | null>(null);
  #error = $state.raw<WireError | null>(null);
  #asking = $state(false);
  #client: EngineClient;
  #question: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** Of the track that is asked for; null while it is not known, or cannot be. */
  get preview(): TagPreview | null {
    return this.#preview?.trackId === this.#trackId ? this.#preview : null;
  }
  /** Why it could not be written. */
  get error(): WireError | null {
    return this.#error;
  }
  get asking(): boolean {
    return this.#asking;
  }

  /** Looks into another file, or into none. */
  show(trackId: number | null): void {
    if (trackId === this.#trackId) return;
    this.#trackId = trackId;
    this.#error = null;
    this.again();
  }

  /** What would be written, or the file, may have changed. */
  again(): void {
    this.#question?.abort();
    clearTimeout(this.#timer);
    this.#asking = this.#trackId !== null;
    if (this.#trackId !== null) this.#timer = setTimeout(() => void this.#ask(), SETTLE_MS);
  }

  async #ask(): Promise<void> {
    const trackId = this.#trackId;
    if (trackId === null) return;
    const question = new AbortController();
    this.#question = question;
    try {
      const { signal } = question;
      const preview = await this.#client.request('tags.preview', { trackId }, { signal });
      if (this.#question !== question) return;
      this.#preview = preview;
      this.#error = null;
    } catch (error) {
      if (this.#question !== question) return;
      const wire = toWire(error);
      if (wire.code === 'cancelled') return;
      this.#preview = null;
      this.#error = wire;
    }
    this.#asking = false;
  }
}
