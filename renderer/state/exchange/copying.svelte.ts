/** Copies the files of a list into a folder: how far it is, what came of it. Goes on when its dialogue is closed. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { CopiedList, CopyProgress } from '#shared/domain.ts';
import { toWire } from '#shared/errors.ts';
import { exchangeText } from '../../lib/text/exchange.ts';
import type { Notices } from '../notices.svelte.ts';

const words = exchangeText.copy;

export class Copying {
  #running = $state<AbortController | null>(null);
  #progress = $state.raw<CopyProgress | null>(null);
  #result = $state.raw<CopiedList | null>(null);
  #client: EngineClient;
  #notices: Notices;

  constructor(client: EngineClient, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  get running(): boolean {
    return this.#running !== null;
  }
  /** How far it is; null before the first file, and when nothing is copied. */
  get progress(): CopyProgress | null {
    return this.#progress;
  }
  /** What came of the last time, where something could not be copied. */
  get result(): CopiedList | null {
    return this.#result;
  }

  /** Follows the engine. Returns what ends it. */
  listen(): () => void {
    return this.#client.subscribe('copy.progress', (progress) => {
      if (this.running) this.#progress = progress;
    });
  }

  /** True when all went well. One list at a time; failures are told in the corner, where they stay. */
  async start(what: Input<'playlists.copyToFolder'>): Promise<boolean> {
    if (this.running) return false;
    const running = new AbortController();
    this.#running = running;
    this.#progress = null;
    this.#result = null;
    try {
      const result = await this.#client.request('playlists.copyToFolder', what, { signal: running.signal });
      this.#notices.done(words.done(result.copied, result.kept, result.folder));
      if (result.failedCount === 0) return true;
      this.#result = result;
      this.#notices.trouble(`${words.failed(result.failedCount)} ${result.failed[0]?.reason ?? ''}`.trim());
      return false;
    } catch (error) {
      const wire = toWire(error);
      if (wire.code === 'cancelled') this.#notices.done(words.stopped);
      else this.#notices.problem(wire);
      return false;
    } finally {
      this.#running = null;
      this.#progress = null;
    }
  }

  stop(): void {
    this.#running?.abort();
  }
}
