/** In the engine process: its child processes behind ports. Main forks them; their messages do not pass main. */
import type { MessagePortMain } from 'electron';
import type { ChildProcess } from '#engine/engine.ts';
import type { ChildKind } from './engine-messages.ts';

type AnyChild = ChildProcess<unknown, unknown>;
type MessageListener = Parameters<AnyChild['onMessage']>[0];
type ExitListener = Parameters<AnyChild['onExit']>[0];

export interface ChildPorts {
  /** The caller says what the process of that kind speaks. */
  spawn<Sent, Received>(kind: ChildKind): ChildProcess<Sent, Received>;
  /** The process of that number runs; this port leads to it. */
  connect(number: number, port: MessagePortMain): void;
  exited(number: number, code: number): void;
}

interface Child {
  port: MessagePortMain | null;
  /** Posted before there was a port. */
  readonly waiting: unknown[];
  readonly onMessage: MessageListener[];
  readonly onExit: ExitListener[];
}

/** @param main asks main to start or end the process of a number */
export function createChildPorts(main: {
  readonly spawn: (number: number, kind: ChildKind) => void;
  readonly kill: (number: number) => void;
}): ChildPorts {
  const running = new Map<number, Child>();
  let last = 0;

  return {
    spawn<Sent, Received>(kind: ChildKind): ChildProcess<Sent, Received> {
      const number = ++last;
      const child: Child = { port: null, waiting: [], onMessage: [], onExit: [] };
      running.set(number, child);
      main.spawn(number, kind);
      return {
        post(message) {
          if (child.port === null) child.waiting.push(message);
          else child.port.postMessage(message);
        },
        onMessage: (listener) => void child.onMessage.push(listener as MessageListener),
        onExit: (listener) => void child.onExit.push(listener),
        kill: () => main.kill(number),
      };
    },
    connect(number, port) {
      const child = running.get(number);
      if (child === undefined) return port.close();
      child.port = port;
      port.on('message', ({ data }) => {
        for (const listener of child.onMessage) listener(data);
      });
      port.start();
      for (const message of child.waiting.splice(0)) port.postMessage(message);
    },
    exited(number, code) {
      const child = running.get(number);
      if (child === undefined) return;
      running.delete(number);
      child.port?.close();
      // A process that a signal ended has no code of its own; Electron tells a number either way.
      for (const listener of child.onExit) listener({ code, signal: null });
    },
  };
}
