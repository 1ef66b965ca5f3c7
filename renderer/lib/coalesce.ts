/** Many calls, few runs: for asking the engine again after change events that come in bursts. */

/**
 * Runs `work` at once; calls during a run, or within `gapMs` after its start, become one further run. Failures
 * go to `onError`.
 */
export function coalesced(
  work: () => Promise<unknown>,
  gapMs: number,
  onError: (error: unknown) => void,
): () => void {
  let running = false;
  let again = false;
  async function run(): Promise<void> {
    running = true;
    const pause = new Promise((resolve) => setTimeout(resolve, gapMs));
    try {
      await work();
    } catch (error) {
      onError(error);
    }
    await pause;
    running = false;
    if (again) {
      again = false;
      void run();
    }
  }
  return () => {
    if (running) again = true;
    else void run();
  };
}
