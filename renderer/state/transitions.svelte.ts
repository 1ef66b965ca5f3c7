/** How rows that stand below each other follow one another: asked for what is on screen, kept by pair of tracks. */
import type { EngineClient } from '#shared/contract.ts';
import type { MixSettings, Transition } from '#shared/domain.ts';
import { mixInput } from '../lib/mix.ts';

/** More pairs than anybody scrolls through: then it begins anew. */
const MOST_KEPT = 20_000;

interface Followed {
  readonly trackId: number;
}

export class Transitions {
  #known = $state.raw<ReadonlyMap<string, Transition | null>>(new Map());
  #asked = new Set<string>();
  #client: EngineClient;
  #mix: () => MixSettings;

  /** `mix`: how the user mixes, asked for each time. */
  constructor(client: EngineClient, mix: () => MixSettings) {
    this.#client = client;
    this.#mix = mix;
  }

  /** Null where it is not known (yet). */
  between(from: number, to: number): Transition | null {
    return this.#known.get(`${from}:${to}`) ?? null;
  }

  /** Rows in succession that are on screen: what is not known of them is asked for. */
  async see(rows: readonly Followed[]): Promise<void> {
    const pairs = rows
      .slice(1)
      .map(({ trackId }, index) => [rows[index]?.trackId ?? trackId, trackId] as const);
    const missing = pairs.findIndex(([from, to]) => !this.#asked.has(`${from}:${to}`));
    if (missing < 0) return;
    const last = pairs.findLastIndex(([from, to]) => !this.#asked.has(`${from}:${to}`));
    const wanted = pairs.slice(missing, last + 1);
    for (const [from, to] of wanted) this.#asked.add(`${from}:${to}`);
    const trackIds = [wanted[0]?.[0] ?? 0, ...wanted.map(([, to]) => to)];
    const asked = this.#asked;
    const found = await this.#client
      .request('sets.transitionsOf', { trackIds, mix: mixInput(this.#mix()) })
      .catch(() => null);
    if (asked !== this.#asked) return;
    if (found === null) {
      // Asked again with the next look: a column without figures is no reason for a message.
      for (const [from, to] of wanted) asked.delete(`${from}:${to}`);
      return;
    }
    const known = new Map(this.#known.size > MOST_KEPT ? [] : this.#known);
    for (const [index, [from, to]] of wanted.entries()) known.set(`${from}:${to}`, found[index + 1] ?? null);
    this.#known = known;
  }

  /** The library changed, or how the user mixes: what is shown stays until the new figures are there. */
  changed(): void {
    this.#asked = new Set();
  }
}
