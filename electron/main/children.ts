/**
 * Forks processes for the engine when it asks for one (the analyser, the player's decoder) and joins the two by
 * a message channel: what they say to each other does not pass through main.
 */
import { MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import type { ChildProcess } from '#engine/engine.ts';
import type { Logger } from '#shared/log.ts';
import type { ChildKind, ToEngine } from './engine-messages.ts';

export interface Children {
  spawn(number: number, kind: ChildKind): void;
  kill(number: number): void;
  killAll(): void;
}

/** Scripts of the build, by what they are. */
export type ChildEntries = Readonly<Record<ChildKind, string>>;

const serviceNames: Readonly<Record<ChildKind, string>> = {
  analyser: 'Cratewise analyser',
  player: 'Cratewise player',
};

/** `engine` is the process that asks; its children end with it. */
export function createChildren(
  engine: UtilityProcess,
  entries: ChildEntries,
  log: Logger,
  logOutput: (child: UtilityProcess) => void,
): Children {
  const running = new Map<number, UtilityProcess>();
  const tellEngine = (message: ToEngine): void => engine.postMessage(message);

  function kill(number: number): void {
    killHard(running.get(number));
  }

  return {
    spawn(number, kind) {
      const child = forkUtility(entries[kind], kind, logOutput);
      const { port1, port2 } = new MessageChannelMain();
      running.set(number, child);
      child.postMessage({ kind: 'port' }, [port1]);
      engine.postMessage({ kind: 'child', number } satisfies ToEngine, [port2]);
      child.on('exit', (code) => {
        running.delete(number);
        log.info({ kind, number, code }, 'A process of the engine ended');
        tellEngine({ kind: 'child-exit', number, code });
      });
    },
    kill,
    killAll() {
      for (const number of [...running.keys()]) kill(number);
    },
  };
}

/** A process that main itself speaks with. */
export function forkOwnChild<Sent, Received>(
  entry: string,
  kind: ChildKind,
  logOutput: (child: UtilityProcess) => void,
): ChildProcess<Sent, Received> {
  const child = forkUtility(entry, kind, logOutput);
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', (message: Received) => listener(message)),
    // A process that a signal ended has no code of its own; Electron tells a number either way.
    onExit: (listener) => void child.once('exit', (code) => listener({ code, signal: null })),
    kill: () => killHard(child),
  };
}

function forkUtility(
  entry: string,
  kind: ChildKind,
  logOutput: (child: UtilityProcess) => void,
): UtilityProcess {
  const child = utilityProcess.fork(entry, [], { serviceName: serviceNames[kind], stdio: 'pipe' });
  logOutput(child);
  return child;
}

function killHard(child: UtilityProcess | undefined): void {
  if (child === undefined) return;
  // Not forked yet: this is enough.
  if (child.pid === undefined) return void child.kill();
  try {
    // SIGTERM would wait for a decoder that hangs.
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in this moment: 'exit' tells.
  }
}
