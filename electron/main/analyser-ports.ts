/** In the engine process: analyser processes behind ports. Main forks them; their messages do not pass main. */
import type { MessagePortMain } from 'electron';
import type { AnalyserProcess, FromAnalyser, SpawnAnalyser, ToAnalyser } from '#engine/engine.ts';

type MessageListener = Parameters<AnalyserProcess['onMessage']>[0];
type ExitListener = Parameters<AnalyserProcess['onExit']>[0];

export interface AnalyserPorts {
  readonly spawn: SpawnAnalyser;
  /** The process of that number runs; this port leads to it. */
  connect(number: number, port: MessagePortMain): void;
  exited(number: number, code: number): void;
}

interface Analyser {
  port: MessagePortMain | null;
  /** Posted before there was a port. */
  readonly waiting: ToAnalyser[];
  readonly onMessage: MessageListener[];
  readonly onExit: ExitListener[];
}

/** @param main asks main to start or end the analyser of a number */
export function createAnalyserPorts(main: {
  readonly spawn: (number: number) => void;
  readonly kill: (number: number) => void;
}): AnalyserPorts {
  const running = new Map<number, Analyser>();
  let last = 0;

  return {
    spawn() {
      const number = ++last;
      const analyser: Analyser = { port: null, waiting: [], onMessage: [], onExit: [] };
      running.set(number, analyser);
      main.spawn(number);
      return {
        post(message) {
          if (analyser.port === null) analyser.waiting.push(message);
          else analyser.port.postMessage(message);
        },
        onMessage: (listener) => void analyser.onMessage.push(listener),
        onExit: (listener) => void analyser.onExit.push(listener),
        kill: () => main.kill(number),
      };
    },
    connect(number, port) {
      const analyser = running.get(number);
      if (analyser === undefined) return port.close();
      analyser.port = port;
      port.on('message', ({ data }) => {
        for (const listener of analyser.onMessage) listener(data as FromAnalyser);
      });
      port.start();
      for (const message of analyser.waiting.splice(0)) port.postMessage(message);
    },
    exited(number, code) {
      const analyser = running.get(number);
      if (analyser === undefined) return;
      running.delete(number);
      analyser.port?.close();
      // A process that a signal ended has no code of its own; Electron tells a number either way.
      for (const listener of analyser.onExit) listener({ code, signal: null });
    },
  };
}
