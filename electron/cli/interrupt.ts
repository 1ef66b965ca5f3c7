/** Ctrl-C and its relatives: the first asks everything to stop in order, the second does not wait. */
import { exitCodes } from './exit-codes.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Ends like Ctrl-C, for a reader that went away (`cratewise list | head`). */
  trigger(): void;
}

let current: Interrupt | null = null;

/** One for the process. */
export function interrupt(): Interrupt {
  return (current ??= listen());
}

function listen(): Interrupt {
  const controller = new AbortController();
  const trigger = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, trigger);
  return { signal: controller.signal, trigger };
}
