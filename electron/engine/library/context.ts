/** What the parts of the library share. */
import { setImmediate } from 'node:timers/promises';
import type { EventName, Events } from '#shared/contract.ts';
import type { TrackId } from '#shared/domain.ts';
import type { Logger } from '#shared/log.ts';
import type { Edits } from '#engine/edits.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import type { Volumes } from './volumes.ts';

export interface LibraryContext {
  readonly storage: Storage;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
  /** Rows that views show changed. Cheap. */
  readonly changed: () => void;
  /** Something was put into the analysis queue. Cheap. */
  readonly wakeAnalysis: () => void;
  /** Puts tracks into the analysis queue; to be called inside a transaction. */
  readonly enqueue: (trackIds: readonly TrackId[], task: 'analyse' | 'verify') => void;
  readonly volumes: Volumes;
  readonly edits: Edits;
  readonly compile: CompileQuery;
}

/** Lets others have their turn. */
export async function breathe(): Promise<void> {
  await setImmediate();
}

/** Runs a long calculation in steps and lets others have their turn in between. */
export async function breathing<Result>(
  steps: Generator<undefined, Result>,
  signal?: AbortSignal,
): Promise<Result> {
  for (;;) {
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
    await breathe();
  }
}

/** Calls `work` with slices of a list, with a turn of the event loop between them. */
export async function inBatches<Item>(
  items: readonly Item[],
  size: number,
  work: (batch: readonly Item[]) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) {
    signal?.throwIfAborted();
    await work(items.slice(at, at + size));
    await breathe();
  }
}
