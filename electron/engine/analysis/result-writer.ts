/**
 * Stores results in batches: one transaction for those that come within a moment. Nobody is told of a result
 * before it is stored, so what was told survives a kill.
 */
import { toWire } from '#shared/errors.ts';
import type { WireError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import type { Storage } from '#engine/storage/open.ts';

/** Long enough to join the results of several workers, short enough to look immediate. */
const BATCH_MS = 50;
const BATCH_SIZE = 16;
/** A full disk does not become empty at once. */
const RETRY_MS = 5000;

export interface PendingResult {
  /** Called inside a transaction. */
  store(): void;
  /** Called after the transaction was committed. */
  stored(): void;
}

export interface ResultWriter {
  add(result: PendingResult): void;
  /** Stores what is left, now. */
  flush(): void;
  /** Why nothing can be stored at present. Then there should be no further results: they wait in memory. */
  problem(): WireError | null;
}

/** @param onError the database could not be written (told once a spell); results are kept and tried again. */
export function createResultWriter(
  storage: Pick<Storage, 'write'>,
  log: Logger,
  onError: (error: WireError) => void,
): ResultWriter {
  let pending: PendingResult[] = [];
  let timer: NodeJS.Timeout | null = null;
  let problem: WireError | null = null;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (pending.length === 0) return;
    const batch = pending;
    try {
      storage.write(() => {
        for (const result of batch) result.store();
      });
    } catch (error) {
      log.error({ error, results: batch.length }, 'Results of the analysis could not be stored');
      const known = problem !== null;
      problem = toWire(error);
      if (!known) onError(problem);
      timer = setTimeout(flush, RETRY_MS);
      return;
    }
    problem = null;
    pending = [];
    for (const result of batch) result.stored();
  }

  return {
    add(result) {
      pending.push(result);
      if (problem !== null) return;
      if (pending.length >= BATCH_SIZE) flush();
      else timer ??= setTimeout(flush, BATCH_MS);
    },
    flush,
    problem: () => problem,
  };
}
