/** Tags on their way into files: what runs, what was left unfinished, and what could not be written. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { TagBatch, TaggingProgress, TagWrite } from '#shared/domain.ts';

/** The last batches: an interrupted one is among them, as a rule the newest. */
const LOOKED_AT = 50;
/** Files of a batch that are looked through for those that failed or wait. */
const MOST_WRITES = 2000;

/** Files of a batch that nobody has tried yet. */
export function filesLeft({ files, written, failed }: TagBatch): number {
  return Math.max(0, files - written - failed);
}

export class TagWriting {
  #progress = $state.raw<TaggingProgress | null>(null);
  #last = $state.raw<TaggingProgress | null>(null);
  #batches = $state.raw<readonly TagBatch[]>([]);
  #troubled = $state.raw<readonly TagWrite[]>([]);
  #client: EngineClient;
  #onFinished: (progress: TaggingProgress) => void;

  /** `onFinished` is told of every batch that came to its end. */
  constructor(client: EngineClient, onFinished: (progress: TaggingProgress) => void = () => undefined) {
    this.#client = client;
    this.#onFinished = onFinished;
  }

  /** The batch under way; null: none. */
  get progress(): TaggingProgress | null {
    return this.#progress;
  }
  /** The one that ended last in this window. */
  get last(): TaggingProgress | null {
    return this.#last;
  }
  /** Batches that were stopped, or interrupted by a crash, before they were through; newest first. */
  get unfinished(): readonly TagBatch[] {
    return this.#batches.filter((batch) => batch.state === 'stopped' && filesLeft(batch) > 0);
  }
  /** The newest batch; null: nothing was ever written. */
  get newest(): TagBatch | null {
    return this.#batches[0] ?? null;
  }
  /** The last write that can be taken back. */
  get undoable(): TagBatch | null {
    return (
      this.#batches.find(
        ({ kind, written, undone, state }) => kind === 'write' && state !== 'running' && written > undone,
      ) ?? null
    );
  }
  /** Files of the newest batch that could not be written, with the reason. */
  get failures(): readonly TagWrite[] {
    return this.#troubled.filter(({ state }) => state === 'failed');
  }
  /** Files of the newest batch that the player holds. */
  get waiting(): readonly TagWrite[] {
    return this.#troubled.filter(({ state }) => state === 'waiting');
  }
  /** 0..1 of the batch under way. */
  get share(): number {
    const progress = this.#progress;
    return progress === null || progress.files === 0 ? 0 : (progress.done + progress.failed) / progress.files;
  }

  /** Follows the engine. Returns what ends it. */
  listen(): () => void {
    return this.#client.subscribe('tags.progress', (progress) => {
      this.#progress = progress.finished ? null : progress;
      if (!progress.finished) return;
      this.#last = progress;
      this.#onFinished(progress);
    });
  }

  async refresh(): Promise<void> {
    const { batches } = await this.#client.request('tags.batches', { offset: 0, limit: LOOKED_AT });
    this.#batches = batches;
    const [newest] = batches;
    if (newest === undefined || (newest.failed === 0 && newest.state === 'done')) {
      this.#troubled = [];
      return;
    }
    const input = { batchId: newest.id, offset: 0, limit: MOST_WRITES };
    const { writes } = await this.#client.request('tags.writes', input);
    this.#troubled = writes.filter(({ state }) => state === 'failed' || state === 'waiting');
  }

  /** Begins to write what is accepted. */
  async apply(input: Input<'tags.apply'>): Promise<TagBatch> {
    return this.#began(await this.#client.request('tags.apply', input));
  }

  /** The batch ends after the file in hand. */
  async stop(): Promise<void> {
    await this.#client.request('tags.cancel', {});
    await this.refresh();
  }

  /** Goes on with what a batch has left; what failed in it is tried again. */
  async resume(batchId: number): Promise<TagBatch> {
    return this.#began(await this.#client.request('tags.continue', { batchId }));
  }

  async #began(batch: TagBatch): Promise<TagBatch> {
    await this.refresh();
    return batch;
  }
}
