/** Ctrl-C and its relatives: the first asks everything to stop in order, the second does not wait. */
import { exitCodes } from './exit-codes.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Ends like Ctrl-C, for a reader that went away (`cratewise list | head`). */
  trigger(): void;
}

/** The terminal signals every process, and the older Node that started this one hands it on: that is one, not two. */
const ECHO_MS = 500;

let current: Interrupt | null = null;

/** One for the process. */
export function interrupt(): Interrupt {
  return (current ??= listen());
}

function listen(): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const trigger = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > ECHO_MS) process.exit(exitCodes.interrupted);
      return;
    }
    first = performance.now();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, trigger);
  return { signal: controller.signal, trigger };
}
