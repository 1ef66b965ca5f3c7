/** Long work in slices, so that others get a turn. */
import { setImmediate } from 'node:timers/promises';

/** How long a slice may hold the engine's thread. */
const SLICE_MS = 12;

/** Runs work that yields every few ms. @throws what `signal` was aborted with */
export async function inSlices<Result>(work: Generator<void, Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    signal.throwIfAborted();
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      const step = work.next();
      if (step.done === true) return step.value;
    }
    await setImmediate();
  }
}
