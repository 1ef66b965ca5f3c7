/**
 * The engine in a process of its own, so that nothing it does can hold a window up. Speaks to main over
 * its parent port; to each of its own processes over a port that main hands in.
 */
import { join } from 'node:path';
import pino from 'pino';
import { createEngine, type ComputerState, type Engine } from '#engine/engine.ts';
import { defaultLibraryFile } from '#host/data-folder.ts';
import { openLibraryHost, type LibraryHost } from '#host/library-host.ts';
import { toWire } from '#shared/errors.ts';
import type { ClientMessage } from '#shared/wire.ts';
import { createChildPorts } from './child-ports.ts';
import { RESTART_EXIT_CODE } from './engine-messages.ts';
import type { EngineStart, FromEngine, ToEngine } from './engine-messages.ts';

// Ctrl-C in a terminal reaches every process of it: main decides, and asks this one to close in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const parent = process.parentPort;
const log = pino({ level: 'info', base: { process: 'engine' } }, pino.destination({ dest: 2, sync: true }));
const tell = (message: FromEngine): void => parent.postMessage(message);

const children = createChildPorts({
  spawn: (number, child) => tell({ kind: 'spawn-child', number, child }),
  kill: (number) => tell({ kind: 'kill-child', number }),
});
/** What main sends before the library is open waits here, in order. */
const early: ClientMessage[] = [];
let receive = (message: ClientMessage): void => void early.push(message);
let opening: Promise<LibraryHost | null> = Promise.resolve(null);

parent.on('message', ({ data, ports }) => {
  const message = data as ToEngine;
  if (message.kind === 'client') receive(message.message);
  else if (message.kind === 'start') opening = open(message.options);
  else if (message.kind === 'child' && ports[0] !== undefined) children.connect(message.number, ports[0]);
  else if (message.kind === 'child-exit') children.exited(message.number, message.code);
  else if (message.kind === 'computer') setComputer(message.state);
  else if (message.kind === 'close') void close();
});

/** The engine of this process, while it is the one that holds the library. */
let engine: Engine | null = null;
let computer: ComputerState = { onBattery: false, inFront: false };

function setComputer(state: ComputerState): void {
  computer = state;
  engine?.setComputer(state);
}

async function open(start: EngineStart): Promise<LibraryHost | null> {
  try {
    const host = await openLibraryHost({
      libraryFile: start.dataDir === undefined ? defaultLibraryFile() : join(start.dataDir, 'library.db'),
      kind: 'desktop',
      log,
      async openEngine(libraryFile) {
        engine = await createEngine({
          libraryFile,
          modelDir: start.modelDir,
          spawnAnalyser: () => children.spawn('analyser'),
          spawnPlayer: () => children.spawn('player'),
          log,
          host: 'desktop',
          watch: true,
          version: start.version,
          restart: () => void endAndStartAgain(),
        });
        engine.setComputer(computer);
        return engine;
      },
      // Main starts the engine again, which then speaks to whoever holds the library.
      onLost: () => process.exit(1),
      onHolderGone: () => takeOver(start),
    });
    const connection = host.dispatcher.connect((message) => tell({ kind: 'server', message }));
    receive = (message) => connection.receive(message);
    for (const message of early.splice(0)) receive(message);
    tell({ kind: 'ready' });
    return host;
  } catch (error) {
    log.error({ error: String(error) }, 'The library cannot be opened');
    tell({ kind: 'unusable', error: toWire(error) });
    return null;
  }
}

/** The terminal or web app that held the library has ended: the window goes on, with an engine of its own. */
function takeOver(start: EngineStart): void {
  log.info({}, 'Whoever held the library is gone: it is opened here');
  receive = (message) => void early.push(message);
  opening = open(start).then((host) => {
    if (host === null) return null;
    // The window shows what the other one said last.
    const name = 'library.changed';
    tell({ kind: 'server', message: { kind: 'event', name, payload: { revision: Date.now() } } });
    return host;
  });
}

/** A backup was restored: main starts this process again, which opens it. */
async function endAndStartAgain(): Promise<void> {
  await (await opening)?.close().catch((error: unknown) => log.error({ error }, 'The engine did not close'));
  process.exit(RESTART_EXIT_CODE);
}

async function close(): Promise<void> {
  try {
    await (await opening)?.close();
    tell({ kind: 'closed' });
  } catch (error) {
    log.error({ error }, 'The engine did not close cleanly');
    process.exitCode = 1;
  }
  process.exit();
}
