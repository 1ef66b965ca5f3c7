/**
 * How a second host reaches the one that holds the library: line-delimited JSON over a Unix domain socket
 * or a named pipe. The first line must carry the token of the lock file, which only the owner can read.
 */
import { timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import * as v from 'valibot';
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import type { ServerMessage } from '#shared/wire.ts';
import { createMessageClient } from './client.ts';
import type { MessageClient } from './client.ts';
import type { Connection, Dispatcher } from './dispatcher.ts';
import { createMessageStream } from './message-stream.ts';

/** Raise it when messages change their meaning: a host of another version is then told, not misunderstood. */
const PROTOCOL_VERSION = 1;
/** Who has not said the token by then is no host of ours. */
const GREETING_MS = 5_000;
/** For the answers that are still on their way when the holder closes. */
const CLOSING_MS = 3_000;

const greeting = v.object({ cratewise: v.number(), token: v.string() });
const welcome = v.object({ cratewise: v.number(), pid: v.number() });

export interface LocalServer {
  /** Lets the requests in hand be answered (for three seconds at most), then ends all connections. */
  close(): Promise<void>;
}

export interface LocalServerOptions {
  readonly address: string;
  readonly token: string;
  /** Connections wait until the engine is open. */
  readonly dispatcher: Promise<Dispatcher>;
  readonly log: Logger;
}

/** Listens. Whoever holds the lock of the library may take over the address of a dead holder. */
export async function listenLocally(options: LocalServerOptions): Promise<LocalServer> {
  const { address, token, log } = options;
  const sockets = new Set<Socket>();
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });

  function serve(socket: Socket): void {
    let connection: Connection | null = null;
    const early: unknown[] = [];
    const impatience = setTimeout(() => socket.destroy(), GREETING_MS);
    let greeted = false;

    async function attach(): Promise<void> {
      const dispatcher = await options.dispatcher;
      if (socket.destroyed) return;
      connection = dispatcher.connect((message) => stream.send(message));
      connections.add(connection);
      stream.send({ cratewise: PROTOCOL_VERSION, pid: process.pid });
      for (const message of early.splice(0)) connection.receive(message);
    }

    const stream = createMessageStream(
      socket,
      (message) => {
        if (connection !== null) return connection.receive(message);
        if (greeted) return void early.push(message);
        if (!isGreeting(message, token)) {
          log.warn({}, 'A connection without the token of the library was refused');
          return void socket.destroy();
        }
        greeted = true;
        clearTimeout(impatience);
        attach().catch(() => socket.destroy());
      },
      () => {
        clearTimeout(impatience);
        if (connection === null) return;
        connection.close();
        connections.delete(connection);
      },
    );
  }

  await new Promise<void>((resolve, reject) => {
    if (process.platform !== 'win32') rmSync(address, { force: true });
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  server.on('error', (error) => log.error({ error }, 'The socket of the library failed'));
  // A host that only serves others must not be kept alive by it.
  server.unref();

  return {
    async close() {
      server.close();
      await Promise.race([
        Promise.all([...connections].map((connection) => connection.idle())),
        new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref()),
      ]);
      for (const connection of connections) connection.close();
      for (const socket of sockets) socket.destroySoon();
    },
  };
}

function isGreeting(message: unknown, token: string): boolean {
  const parsed = v.safeParse(greeting, message);
  if (!parsed.success) return false;
  const given = Buffer.from(parsed.output.token);
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export interface LocalConnection {
  readonly client: MessageClient;
  /** Settles when the holder is gone; not when this side closes. */
  readonly lost: Promise<void>;
  close(): void;
}

/** The reasons why nobody answers at an address. */
export type Unreachable = 'nobody' | 'silent' | 'other-version' | 'other-machine';

/** Connects to the holder; a word when that is not possible. */
export function connectLocally(
  address: string,
  token: string,
  patienceMs: number,
): Promise<LocalConnection | Unreachable> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let ready = false;
    let closing = false;
    const lost = Promise.withResolvers<void>();
    const impatience = setTimeout(() => give('silent'), patienceMs);

    function give(reason: Unreachable): void {
      clearTimeout(impatience);
      socket.destroy();
      resolve(reason);
    }

    const stream = createMessageStream(
      socket,
      (message) => {
        if (ready) return client.receive(message as ServerMessage);
        const parsed = v.safeParse(welcome, message);
        if (!parsed.success || parsed.output.cratewise !== PROTOCOL_VERSION) return give('other-version');
        ready = true;
        clearTimeout(impatience);
        resolve({
          client,
          lost: lost.promise,
          close() {
            closing = true;
            socket.destroy();
          },
        });
      },
      () => {
        if (!ready) give('nobody');
        client.disconnected(
          new AppError('cancelled', 'The Cratewise that holds the library was closed. Run this again.'),
        );
        if (!closing) lost.resolve();
      },
    );
    const client = createMessageClient((message) => stream.send(message));
    socket.once('connect', () => stream.send({ cratewise: PROTOCOL_VERSION, token }));
  });
}
