/** What was written into files: the batches, the writes of one of them, and the way back. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { TagBatch, TagWrite, UndoSummary } from '#shared/domain.ts';
import { RowWindow } from '../row-window.svelte.ts';

const STEP = 100;
/** Which writes are taken back. */
export type UndoTarget = Input<'tags.undo'>['what'];

export class TagHistory {
  /** Writes of the batch that is open, in the order they were ordered. */
  readonly writes = new RowWindow<TagWrite>(() => this.#follow());
  #batches = $state.raw<readonly TagBatch[]>([]);
  #total = $state(0);
  #answered = $state(false);
  #openId = $state<number | null>(null);
  #focus = $state(-1);
  #generation = $state(0);
  #shown = STEP;
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** Newest first. */
  get batches(): readonly TagBatch[] {
    return this.#batches;
  }
  /** How many there are, listed or not. */
  get total(): number {
    return this.#total;
  }
  get answered(): boolean {
    return this.#answered;
  }
  /** The batch whose files are listed. */
  get open(): TagBatch | null {
    return this.#batches.find(({ id }) => id === this.#openId) ?? null;
  }
  get generation(): number {
    return this.#generation;
  }
  /** The write the keyboard is at; -1: none. */
  get focus(): number {
    return this.#focus;
  }
  get focused(): TagWrite | undefined {
    return this.#focus < 0 ? undefined : this.writes.rowAt(this.#focus);
  }

  /** Asks again for what is on screen; the newest batch opens by itself. */
  async refresh(): Promise<void> {
    const { total, batches } = await this.#client.request('tags.batches', { offset: 0, limit: this.#shown });
    this.#batches = batches;
    this.#total = total;
    this.#answered = true;
    const open = this.open ?? batches[0] ?? null;
    if (open === null) return;
    if (open.id === this.#openId) await this.writes.reload();
    else await this.show(open.id);
  }

  async showMore(): Promise<void> {
    this.#shown += STEP;
    await this.refresh();
  }

  /** Lists the files of a batch. */
  async show(batchId: number): Promise<void> {
    this.#openId = batchId;
    this.#focus = -1;
    this.#generation += 1;
    await this.writes.show(async (offset, limit, signal) => {
      const page = await this.#client.request('tags.writes', { batchId, offset, limit }, { signal });
      return { total: page.total, totalSeconds: 0, rows: page.writes };
    });
  }

  moveTo(index: number): void {
    this.#focus = Math.min(this.writes.total - 1, Math.max(0, index));
  }

  /** Writes of the same file in the same batch, as far as they are loaded: they stand together. */
  ofFile(index: number): readonly TagWrite[] {
    const write = this.writes.rowAt(index);
    if (write === undefined) return [];
    const found: TagWrite[] = [];
    const same = (at: number): boolean => this.writes.rowAt(at)?.path === write.path;
    let first = index;
    while (same(first - 1)) first -= 1;
    for (let at = first; same(at); at += 1) {
      const one = this.writes.rowAt(at);
      if (one !== undefined) found.push(one);
    }
    return found;
  }

  /** Takes writes back; `dryRun`: only says what would happen. */
  undo(what: UndoTarget, dryRun: boolean, signal?: AbortSignal): Promise<UndoSummary> {
    return this.#client.request('tags.undo', { what, dryRun }, signal === undefined ? {} : { signal });
  }

  #follow(): void {
    if (this.#focus < 0 && this.writes.total > 0) this.#focus = 0;
    this.#focus = Math.min(this.#focus, this.writes.total - 1);
  }
}
