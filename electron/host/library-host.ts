/**
 * Opens a library for a host: the first one holds it and runs the engine, every other one sends its
 * requests to the first.
 */
import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient, Handlers } from '#shared/contract.ts';
import type { HostKind } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { createDispatcher, createRelay } from './dispatcher.ts';
import type { Dispatcher, EventSource } from './dispatcher.ts';
import { acquireLibraryLock } from './library-lock.ts';
import type { LibraryLock, LockHolder } from './library-lock.ts';
import { connectLocally, listenLocally } from './local-socket.ts';
import type { LocalConnection, Unreachable } from './local-socket.ts';
import { connectInMemory } from './memory-transport.ts';
import { socketAddressOf } from './socket-address.ts';

/** What a host needs of the engine; createEngine's result fits. */
export interface OpenedEngine {
  readonly handlers: Handlers;
  readonly events: EventSource;
  close(): Promise<void>;
}

export interface LibraryHostOptions {
  readonly libraryFile: string;
  readonly kind: HostKind;
  readonly log: Logger;
  /** Called only when this host holds the library. `libraryFile` is the resolved path to use. */
  readonly openEngine: (libraryFile: string) => Promise<OpenedEngine>;
  /** Another process took the library away: this host should end. */
  readonly onLost?: () => void;
  /** Held elsewhere, and that process is gone: requests fail from now on. A host that stays opens it anew. */
  readonly onHolderGone?: () => void;
}

export interface LibraryHost {
  readonly client: EngineClient;
  readonly held: 'here' | 'elsewhere';
  /** Who holds it, when that is another process. */
  readonly holder: LockHolder | null;
  /** For hosts that carry messages of their own (Electron, web); hands them on when it is held elsewhere. */
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

/** For the holder that is just starting, or just closing. */
const PATIENCE_MS = 8_000;
const PAUSE_MS = 100;

/** @throws AppError library-held when the holder cannot be asked, and whatever the engine throws on opening */
export async function openLibraryHost(options: LibraryHostOptions): Promise<LibraryHost> {
  const libraryFile = settledPath(options.libraryFile);
  const socket = socketAddressOf(libraryFile);
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const lock = await acquireLibraryLock({
      libraryFile,
      kind: options.kind,
      socket,
      log: options.log,
      onLost: () => options.onLost?.(),
    });
    if ('release' in lock) return await openHere(lock, libraryFile, options);
    const connection = await askHolder(lock);
    if (typeof connection === 'object') {
      void connection.lost.then(() => options.onHolderGone?.());
      return {
        client: connection.client,
        held: 'elsewhere',
        holder: lock,
        dispatcher: createRelay(connection.client, options.log),
        close: () => Promise.resolve(connection.close()),
      };
    }
    const isFinal = connection === 'other-version' || connection === 'other-machine';
    if (isFinal || Date.now() > giveUpAt) throw heldBy(lock, libraryFile, connection);
    await delay(PAUSE_MS);
  }
}

async function openHere(
  lock: LibraryLock,
  libraryFile: string,
  options: LibraryHostOptions,
): Promise<LibraryHost> {
  const { log } = options;
  const opened = Promise.withResolvers<Dispatcher>();
  opened.promise.catch(() => {}); // told by the throw below
  try {
    // Listening before the engine is open: who comes while it migrates or starts waits, and is not refused.
    const server = await listenLocally({
      address: lock.holder.socket,
      token: lock.holder.token,
      dispatcher: opened.promise,
      log,
    });
    try {
      const engine = await options.openEngine(libraryFile);
      const dispatcher = createDispatcher({ handlers: engine.handlers, events: engine.events, log });
      opened.resolve(dispatcher);
      const { client, close: disconnect } = connectInMemory(dispatcher);
      return {
        client,
        held: 'here',
        holder: null,
        dispatcher,
        async close() {
          await server.close();
          disconnect();
          await engine.close();
          lock.release();
        },
      };
    } catch (error) {
      opened.reject(error);
      await server.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function askHolder(holder: LockHolder): Promise<LocalConnection | Unreachable> {
  // Sockets do not reach over network drives.
  if (holder.hostname !== hostname()) return 'other-machine';
  return await connectLocally(holder.socket, holder.token, PATIENCE_MS);
}

function heldBy(holder: LockHolder, libraryFile: string, reason: Unreachable): AppError {
  const since = new Date(holder.startedAt).toLocaleString();
  const who = `${hostNames[holder.kind]} (process ${holder.pid} on ${holder.hostname}, since ${since})`;
  return new AppError('library-held', `The library ${libraryFile} is held by ${who}. ${advice[reason]}`);
}

const advice: Record<Unreachable, string> = {
  'other-version':
    'It is another version of Cratewise, so it cannot be asked to do this. Close it and try again.',
  'other-machine':
    'Close it there and try again. If that machine was switched off, wait two minutes and try again.',
  nobody: 'It does not answer. Close it, or end that process, and try again.',
  silent: 'It does not answer. Close it, or end that process, and try again.',
};

const hostNames: Record<HostKind, string> = {
  desktop: 'the Cratewise window',
  terminal: 'Cratewise in a terminal',
  web: 'the Cratewise web app',
};

/** The same library by whatever path it is named: links are followed, as far as the file's folder exists. */
function settledPath(libraryFile: string): string {
  const wanted = resolve(libraryFile);
  try {
    mkdirSync(dirname(wanted), { recursive: true });
    accessSync(dirname(wanted), constants.W_OK);
  } catch (error) {
    throw new AppError(
      'file-not-readable',
      `The folder ${dirname(wanted)} of the library cannot be written (${(error as Error).message}). Choose another with --db or CRATEWISE_DATA.`,
      { cause: error },
    );
  }
  try {
    return realpathSync.native(wanted);
  } catch {
    return join(realpathSync.native(dirname(wanted)), basename(wanted));
  }
}
