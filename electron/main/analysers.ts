/**
 * Forks an analyser process when the engine asks for one and joins the two by a message channel: what they
 * say to each other does not pass through main.
 */
import { MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import type { Logger } from '#shared/log.ts';
import type { ToEngine } from './engine-messages.ts';

export interface Analysers {
  spawn(number: number): void;
  kill(number: number): void;
  killAll(): void;
}

/** `engine` is the process that asks; its analysers end with it. */
export function createAnalysers(
  engine: UtilityProcess,
  entry: string,
  log: Logger,
  logOutput: (child: UtilityProcess) => void,
): Analysers {
  const running = new Map<number, UtilityProcess>();
  const tellEngine = (message: ToEngine): void => engine.postMessage(message);

  function kill(number: number): void {
    const pid = running.get(number)?.pid;
    if (pid === undefined) return;
    try {
      // SIGTERM would wait for a decoder that hangs.
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in this moment: 'exit' tells the engine.
    }
  }

  return {
    spawn(number) {
      const analyser = utilityProcess.fork(entry, [], { serviceName: 'Cratewise analyser', stdio: 'pipe' });
      logOutput(analyser);
      const { port1, port2 } = new MessageChannelMain();
      running.set(number, analyser);
      analyser.postMessage({ kind: 'port' }, [port1]);
      engine.postMessage({ kind: 'analyser', number } satisfies ToEngine, [port2]);
      analyser.on('exit', (code) => {
        running.delete(number);
        log.info({ number, code }, 'An analyser process ended');
        tellEngine({ kind: 'analyser-exit', number, code });
      });
    },
    kill,
    killAll() {
      for (const number of [...running.keys()]) kill(number);
    },
  };
}
