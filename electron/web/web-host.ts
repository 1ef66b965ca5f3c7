/**
 * The local web app: the same renderer in a browser of this machine. Listens on 127.0.0.1 only; the token
 * of the printed address becomes a cookie that scripts cannot read.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Dispatcher } from '#host/dispatcher.ts';
import { answerMedia, parseMediaPath, refuseMedia } from '#host/media.ts';
import type { MediaSources } from '#host/media.ts';
import { answerPageFile, pagePolicy } from '#host/page-files.ts';
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { createAccess } from './access.ts';
import type { Access } from './access.ts';
import { createRpc, reply } from './rpc.ts';

const HOST = '127.0.0.1';
/** Keeps proxies and sleeping tabs from taking a quiet stream for a dead one. */
const HEARTBEAT_MS = 25_000;
/** A tab that does not read its events is let go; it opens a new stream when it wakes up. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

export interface WebHostOptions {
  readonly dispatcher: Dispatcher;
  readonly client: EngineClient;
  /** Decodes what browsers do not play. */
  readonly player: MediaSources['player'];
  /** The built renderer. */
  readonly rendererDir: string;
  /** 0: any free one. */
  readonly port: number;
  /** The key of an earlier web host, whose pages shall go on; default: a new one. */
  readonly token?: string | undefined;
  readonly log: Logger;
}

export interface WebHost {
  /** With the token: whoever has it may use the library. */
  readonly address: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

/** @throws AppError conflict: the port is taken, or may not be used */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { dispatcher, client, player, rendererDir, log } = options;
  const { token = randomBytes(24).toString('base64url') } = options;
  const rpc = createRpc(dispatcher);
  const streams = new Set<ServerResponse>();
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A browser that goes away in the middle of a song is no failure.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE')
        log.error({ error }, 'A request of the web app failed');
      response.destroy();
    });
  });
  const port = await listen(server, options.port);
  const access = createAccess(port, token);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${HOST}:${port}`);
    if (letIn(access, request, url, response)) return;
    const refusal = access.refuse(request, url);
    if (refusal !== null) {
      // A person reads this one.
      if (url.pathname === '/') return sayWhy(response, refusal.status, refusal.detail);
      return refuse(response, refusal.status, refusal.detail);
    }
    const [, area = '', rest = ''] = /^\/([a-z]+)\/(.*)$/.exec(url.pathname) ?? [];
    if (request.method === 'POST') {
      if (area === 'rpc') return await rpc.call(rest, request, response);
      if (area === 'cancel') return rpc.cancel(rest, response);
      return refuse(response, 404, 'There is nothing to post to at this address.');
    }
    if (url.pathname === '/events' && request.method === 'GET') return sendEvents(response);
    if (area === 'media') return await sendMedia(rest, request, response);
    const page = await answerPageFile(request.method ?? 'GET', url.pathname, rendererDir, pagePolicy());
    if (page.status === 404 && url.pathname === '/') {
      return refuse(
        response,
        404,
        'The pages of the web app have not been built: run “npm run build” first.',
      );
    }
    await send(response, page);
  }

  function sendEvents(response: ServerResponse): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.write(': events of Cratewise\n\n');
    const write = (text: string): void => {
      response.write(text);
      if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
    };
    const connection = dispatcher.connect((message) => write(`data: ${JSON.stringify(message)}\n\n`));
    const heart = setInterval(() => write(': alive\n\n'), HEARTBEAT_MS);
    streams.add(response);
    response.once('close', () => {
      clearInterval(heart);
      connection.close();
      streams.delete(response);
    });
  }

  async function sendMedia(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = parseMediaPath(path);
    const range = request.headers.range ?? null;
    const method = request.method ?? 'GET';
    await send(
      response,
      asked === null
        ? refuseMedia(404)
        : await answerMedia({ client, player, log }, { ...asked, method, range }),
    );
  }

  return {
    address: `http://${HOST}:${port}/?token=${token}`,
    port,
    token,
    async close() {
      rpc.close();
      for (const stream of streams) stream.end();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Songs that are being sent: a browser may take its time over them.
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is used by another program. Choose another with --port, or leave it out.`
          : `Port ${port} cannot be used (${error.code ?? error.message}). Choose another with --port.`;
      reject(new AppError('conflict', why, { cause: error }));
    });
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The first visit: the token becomes a cookie, and leaves the address (and with it the browser's history). */
function letIn(access: Access, request: IncomingMessage, url: URL, response: ServerResponse): boolean {
  if (request.method !== 'GET' || url.pathname !== '/') return false;
  const cookie = access.cookieFor(url);
  if (cookie === null) return false;
  response.writeHead(303, {
    Location: '/',
    'Set-Cookie': cookie,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  });
  response.end();
  return true;
}

function refuse(response: ServerResponse, status: number, detail: string): void {
  reply(response, status, { ok: false, error: { code: 'untrusted-sender', detail } });
}

function sayWhy(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(`${detail}\n`);
}

/** A web answer over Node's HTTP, read only as fast as it is taken. */
async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) {
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(answer.body as unknown as ReadableStream<Uint8Array>), response);
}
