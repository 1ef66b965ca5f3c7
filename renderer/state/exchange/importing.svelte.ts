/** Taking over what another program knows: looks at a file first, lets entries be matched by hand, then imports it. */
import type { EngineClient, Input } from '#shared/contract.ts';
import {
  importParts,
  type ImportPart,
  type ImportResult,
  type Track,
  type UnmatchedEntry,
} from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { toWire } from '#shared/errors.ts';

export interface Candidate {
  readonly track: Track;
  /** 0..1 */
  readonly score: number;
  readonly reason: string;
}

const CANDIDATES = 8;

export class Importing {
  #file = $state('');
  #result = $state.raw<ImportResult | null>(null);
  #parts = $state.raw<ReadonlySet<ImportPart>>(new Set(importParts));
  #matches = $state.raw<ReadonlyMap<number, Track>>(new Map());
  #candidates = $state.raw<ReadonlyMap<number, readonly Candidate[]>>(new Map());
  #problem = $state<string | null>(null);
  #working = $state<AbortController | null>(null);
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  get file(): string {
    return this.#file;
  }
  /** What the file holds and what would happen; null before it was looked at. */
  get result(): ImportResult | null {
    return this.#result;
  }
  get parts(): ReadonlySet<ImportPart> {
    return this.#parts;
  }
  /** What the user said by hand, by number of the entry. */
  get matches(): ReadonlyMap<number, Track> {
    return this.#matches;
  }
  get problem(): string | null {
    return this.#problem;
  }
  get working(): boolean {
    return this.#working !== null;
  }
  /** Whether the last look knew of all that was matched by hand. */
  get upToDate(): boolean {
    return this.#result?.matchedByHand === this.#matches.size;
  }

  /** What an entry may be; undefined before it was asked for. */
  candidatesOf(entry: number): readonly Candidate[] | undefined {
    return this.#candidates.get(entry);
  }

  /** How many tracks or lists a part would touch. */
  countOf(part: ImportPart): number {
    return this.#result?.[part] ?? 0;
  }

  /** Another file: nothing of the one before counts. */
  async open(file: string): Promise<void> {
    this.#file = file;
    this.#result = null;
    this.#matches = new Map();
    this.#candidates = new Map();
    await this.look();
  }

  choosePart(part: ImportPart, chosen: boolean): void {
    const parts = new Set(this.#parts);
    if (chosen) parts.add(part);
    else parts.delete(part);
    this.#parts = parts;
  }

  /** Which track an entry is; null: none. */
  match(entry: number, track: Track | null): void {
    const matches = new Map(this.#matches);
    if (track === null) matches.delete(entry);
    else matches.set(entry, track);
    this.#matches = matches;
  }

  async findCandidates({ entry, path, title, artist, durationSeconds }: UnmatchedEntry): Promise<void> {
    if (this.#candidates.has(entry)) return;
    const file = this.#file;
    try {
      const found = await this.#client.request('library.importCandidates', {
        ...{ path, title, artist, durationSeconds },
        limit: CANDIDATES,
      });
      const tracks = await this.#client.request('tracks.list', {
        trackIds: found.map(({ trackId }) => trackId),
      });
      if (file !== this.#file) return;
      const byId = new Map(tracks.map((track) => [track.id, track]));
      const candidates = found.flatMap(({ trackId, score, reason }) => {
        const track = byId.get(trackId);
        return track === undefined ? [] : [{ track, score, reason }];
      });
      this.#candidates = new Map([...this.#candidates, [entry, candidates]]);
    } catch (error) {
      this.#problem = describeError(toWire(error));
    }
  }

  /** Says what would happen; nothing is changed. */
  async look(): Promise<void> {
    const result = await this.#ask(true);
    if (result !== null) this.#result = result;
  }

  /** Does it. Null when it did not go well; then `problem` says why. */
  async apply(): Promise<ImportResult | null> {
    return this.#ask(false);
  }

  /** The dialogue is closed. */
  leave(): void {
    this.#working?.abort();
    this.#file = '';
    this.#result = null;
    this.#problem = null;
    this.#matches = new Map();
    this.#candidates = new Map();
    this.#parts = new Set(importParts);
  }

  async #ask(dryRun: boolean): Promise<ImportResult | null> {
    this.#working?.abort();
    const working = new AbortController();
    this.#working = working;
    this.#problem = null;
    const input: Input<'library.import'> = {
      file: this.#file,
      dryRun,
      // What it would be: every part, so that unticking one does not hide what is in it.
      ...(dryRun ? {} : { parts: [...this.#parts] }),
      matches: [...this.#matches].map(([entry, track]) => ({ entry, trackId: track.id })),
    };
    try {
      const result = await this.#client.request('library.import', input, { signal: working.signal });
      return this.#working === working ? result : null;
    } catch (error) {
      const wire = toWire(error);
      if (this.#working === working && wire.code !== 'cancelled') this.#problem = describeError(wire);
      return null;
    } finally {
      if (this.#working === working) this.#working = null;
    }
  }
}
