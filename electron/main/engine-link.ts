/**
 * Main's end of the engine: forks its process, relays messages, starts it again when it dies, closes it
 * when the app quits. Nothing is computed here.
 */
import { utilityProcess, type UtilityProcess } from 'electron';
import { createMessageClient, type MessageClient } from '#host/client.ts';
import type { ComputerState } from '#engine/engine.ts';
import type { EngineClient } from '#shared/contract.ts';
import { AppError, fromWire } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { createChildren, type ChildEntries, type Children } from './children.ts';
import { RESTART_EXIT_CODE } from './engine-messages.ts';
import type { EngineStart, FromEngine, ToEngine } from './engine-messages.ts';

export interface EngineLink {
  /** The engine that runs now. Requests made before it is ready wait for it. */
  client(): EngineClient;
  /** What analysis should heed; a new engine is told, too. */
  setComputer(state: ComputerState): void;
  /** Asks the engine to close; ends it when that takes too long. */
  close(): Promise<void>;
}

export interface EngineLinkOptions {
  readonly entry: string;
  readonly childEntries: ChildEntries;
  readonly start: EngineStart;
  readonly log: Logger;
  /** Takes what a process of ours writes. */
  readonly logOutput: (child: UtilityProcess) => void;
  readonly onEvent: (name: string, payload: unknown) => void;
  /** It cannot run: the library cannot be opened, or it dies again and again. */
  readonly onUnusable: (error: AppError) => void;
}

/** Committing what is in hand takes milliseconds; a hung disk must not keep the app from ending. */
const CLOSE_TIMEOUT_MS = 8_000;
/** An engine that dies more often than this is not helped by starting it again. */
const RESTARTS_ALLOWED = 3;
const RESTARTS_WITHIN_MS = 60_000;

export function linkEngine(options: EngineLinkOptions): EngineLink {
  const { log } = options;
  const restarts: number[] = [];
  let closing = false;
  let computer: ComputerState | null = null;
  let current = run();

  interface Running {
    readonly process: UtilityProcess;
    readonly client: MessageClient;
    readonly children: Children;
    readonly ended: Promise<void>;
  }

  function run(): Running {
    const engine = utilityProcess.fork(options.entry, [], { serviceName: 'Cratewise engine', stdio: 'pipe' });
    options.logOutput(engine);
    const post = (message: ToEngine): void => engine.postMessage(message);
    const client = createMessageClient((message) => post({ kind: 'client', message }));
    const children = createChildren(engine, options.childEntries, log, options.logOutput);
    let unusable = false;

    engine.on('message', (message: FromEngine) => {
      if (message.kind === 'server') {
        client.receive(message.message);
        if (message.message.kind === 'event') options.onEvent(message.message.name, message.message.payload);
      } else if (message.kind === 'spawn-child') children.spawn(message.number, message.child);
      else if (message.kind === 'kill-child') children.kill(message.number);
      else if (message.kind === 'unusable') {
        unusable = true;
        options.onUnusable(fromWire(message.error));
      } else log.debug({ kind: message.kind }, 'The engine changed its state');
    });
    const ended = new Promise<void>((resolve) => {
      engine.on('exit', (code) => {
        children.killAll();
        client.disconnected(
          new AppError('internal', 'The engine of Cratewise stopped before it could answer. Try it again.'),
        );
        resolve();
        if (!closing && !unusable) restart(code);
      });
    });
    post({ kind: 'start', options: options.start });
    if (computer !== null) post({ kind: 'computer', state: computer });
    return { process: engine, client, children, ended };
  }

  function restart(code: number): void {
    const now = Date.now();
    if (code === RESTART_EXIT_CODE) {
      log.info({}, 'The engine starts again with a restored library');
      current = run();
      tellAll(now);
      return;
    }
    restarts.push(now);
    log.error({ code }, 'The engine process died');
    if (restarts.filter((at) => at > now - RESTARTS_WITHIN_MS).length > RESTARTS_ALLOWED) {
      options.onUnusable(
        new AppError(
          'internal',
          `The engine stopped unexpectedly several times within a minute (exit ${code}).`,
        ),
      );
      return;
    }
    current = run();
    options.onEvent('notice', {
      code: 'internal',
      detail: 'The engine stopped unexpectedly and was started again. Nothing is lost; analysis goes on.',
    });
    tellAll(now);
  }

  /** Whoever shows something asks again. Answers waited for until the new engine is ready. */
  function tellAll(now: number): void {
    options.onEvent('library.changed', { revision: now });
    options.onEvent('playlists.changed', { playlistId: null });
    options.onEvent('tags.changed', {});
  }

  return {
    client: () => current.client,
    setComputer(state) {
      computer = state;
      current.process.postMessage({ kind: 'computer', state } satisfies ToEngine);
    },
    async close() {
      closing = true;
      const { process: engine, ended } = current;
      engine.postMessage({ kind: 'close' } satisfies ToEngine);
      const timer = setTimeout(() => {
        log.warn({}, 'The engine did not close in time and was ended');
        engine.kill();
      }, CLOSE_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
