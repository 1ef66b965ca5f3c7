/** Files that could not be read or analysed, by the reason: what the activity screen lists. */
import type { EngineClient } from '#shared/contract.ts';
import type { ErrorCount, SortKey, Track } from '#shared/domain.ts';
import type { ErrorCode } from '#shared/errors.ts';

/** Files shown below a reason at first, and more at each wish. */
const STEP = 50;
const order: readonly SortKey[] = [{ field: 'path' }];

interface OpenReason {
  readonly code: ErrorCode;
  readonly total: number;
  readonly files: readonly Track[];
}

export class Errors {
  #reasons = $state.raw<readonly ErrorCount[]>([]);
  #open = $state.raw<OpenReason | null>(null);
  #damaged = $state(0);
  #shown = STEP;
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** Most common first. */
  get reasons(): readonly ErrorCount[] {
    return this.#reasons;
  }
  /** Tracks that were analysed although parts of them could not be decoded. */
  get damaged(): number {
    return this.#damaged;
  }
  /** The reason whose files are listed. */
  get open(): OpenReason | null {
    return this.#open;
  }

  async refresh(): Promise<void> {
    const [reasons, damaged] = await Promise.all([
      this.#client.request('library.errors', {}),
      this.#client.request('tracks.window', {
        query: { text: damagedSearch },
        sort: [],
        offset: 0,
        limit: 1,
      }),
    ]);
    this.#reasons = reasons;
    this.#damaged = damaged.total;
    const open = this.#open;
    if (open === null) return;
    if (reasons.some(({ code }) => code === open.code)) await this.#load(open.code);
    else this.#open = null;
  }

  /** Lists the files of a reason, or closes it. */
  async toggle(code: ErrorCode): Promise<void> {
    this.#shown = STEP;
    if (this.#open?.code === code) this.#open = null;
    else await this.#load(code);
  }

  async showMore(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    this.#shown += STEP;
    await this.#load(open.code);
  }

  /** Tries the files of one reason again, or all. Returns how many were queued. */
  async retry(code?: ErrorCode): Promise<number> {
    if (code === undefined) return (await this.#client.request('analysis.retry', {})).queued;
    const trackIds = await this.#client.request('tracks.ids', { query: queryOf(code), sort: [] });
    return (await this.#client.request('analysis.retry', { trackIds: [...trackIds] })).queued;
  }

  async #load(code: ErrorCode): Promise<void> {
    const input = { query: queryOf(code), sort: [...order], offset: 0, limit: this.#shown };
    const { total, rows } = await this.#client.request('tracks.window', input);
    this.#open = { code, total, files: rows };
  }
}

/** What the search box shows for damaged files. */
export const damagedSearch = 'is:damaged';

/** The files of exactly this reason; also what the search box shows for them. */
export function errorSearch(code: ErrorCode): string {
  return `error:=${code}`;
}

function queryOf(code: ErrorCode): { readonly text: string; readonly hasError: true } {
  return { text: errorSearch(code), hasError: true };
}
