/** The genre screen: which families are open, and what else the tracks of the chosen genre are. */
import type { EngineClient } from '#shared/contract.ts';
import type { GenreCompanions } from '#shared/domain.ts';
import { toWire, type WireError } from '#shared/errors.ts';

export class GenreExplorer {
  #closed = $state.raw<ReadonlySet<string>>(new Set());
  #companions = $state.raw<GenreCompanions | null>(null);
  #error = $state.raw<WireError | null>(null);
  #client: EngineClient;
  #question: AbortController | null = null;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** Null while they are not known. */
  get companions(): GenreCompanions | null {
    return this.#companions;
  }
  get error(): WireError | null {
    return this.#error;
  }

  isOpen(family: string): boolean {
    return !this.#closed.has(family);
  }

  toggle(family: string): void {
    const closed = new Set(this.#closed);
    if (!closed.delete(family)) closed.add(family);
    this.#closed = closed;
  }

  /** `genre`: an id of the tree, or null. A newer question takes the place of the older one. */
  async show(genre: string | null, minimumConfidence: number | null): Promise<void> {
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    if (genre === null) {
      this.#companions = null;
      return;
    }
    const input = minimumConfidence === null ? { genre } : { genre, minimumConfidence };
    try {
      const found = await this.#client.request('genres.cooccurrence', input, { signal: question.signal });
      if (this.#question !== question) return;
      this.#companions = found;
      this.#error = null;
    } catch (error) {
      if (this.#question !== question) return;
      const wire = toWire(error);
      if (wire.code === 'cancelled') return;
      this.#companions = null;
      this.#error = wire;
    }
  }
}
