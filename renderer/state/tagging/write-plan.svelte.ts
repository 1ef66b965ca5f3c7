/** What writing would do, before it is done: how many files, which fields, and how the files are written. */
import type { EngineClient } from '#shared/contract.ts';
import { proposedFields, type ProposedField, type Track } from '#shared/domain.ts';
import { toWire, type WireError } from '#shared/errors.ts';

/** Files that are looked into: enough to know how it goes, few enough to know it at once. */
const LOOKED_INTO = 40;
const AT_ONCE = 2;

export interface RefusedFile {
  readonly track: Track;
  readonly problem: WireError;
}

export class WritePlan {
  #files = $state<number | null>(null);
  #fields = $state.raw<readonly { readonly field: ProposedField; readonly files: number }[]>([]);
  #inPlace = $state(0);
  #anew = $state(0);
  #refused = $state.raw<readonly RefusedFile[]>([]);
  #toLookInto = $state(0);
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** Files with something accepted; null while it is counted. */
  get files(): number | null {
    return this.#files;
  }
  get fields(): readonly { readonly field: ProposedField; readonly files: number }[] {
    return this.#fields;
  }
  /** Of those looked into: written inside the file. */
  get inPlace(): number {
    return this.#inPlace;
  }
  /** Of those looked into: a new file takes the place of the old one. */
  get anew(): number {
    return this.#anew;
  }
  /** Of those looked into: those that would not be written. */
  get refused(): readonly RefusedFile[] {
    return this.#refused;
  }
  get lookedInto(): number {
    return this.#inPlace + this.#anew + this.#refused.length;
  }
  /** Whether every file, or every one of the sample, was looked into. */
  get complete(): boolean {
    return this.#files !== null && this.lookedInto >= this.#toLookInto;
  }

  /** Counts, then looks into files one after another, as long as nobody stops it. */
  async make(signal: AbortSignal): Promise<void> {
    const accepted = { state: 'accepted', groupBy: 'none', offset: 0 } as const;
    const all = await this.#client.request('tags.review', { ...accepted, limit: LOOKED_INTO }, { signal });
    const fields = await Promise.all(
      proposedFields.map(async (field) => {
        const page = await this.#client.request('tags.review', { ...accepted, field, limit: 1 }, { signal });
        return { field, files: page.total };
      }),
    );
    if (signal.aborted) return;
    this.#fields = fields.filter(({ files }) => files > 0);
    this.#toLookInto = all.rows.length;
    this.#files = all.total;
    const waiting = all.rows.map(({ track }) => track);
    const work = async (): Promise<void> => {
      for (let track = waiting.shift(); track !== undefined && !signal.aborted; track = waiting.shift())
        await this.#lookInto(track, signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async #lookInto(track: Track, signal: AbortSignal): Promise<void> {
    try {
      const { method } = await this.#client.request('tags.preview', { trackId: track.id }, { signal });
      if (signal.aborted) return;
      if (method === 'rewrite') this.#anew += 1;
      else this.#inPlace += 1;
    } catch (error) {
      if (!signal.aborted) this.#refused = [...this.#refused, { track, problem: toWire(error) }];
    }
  }
}
