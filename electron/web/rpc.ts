/** POST /rpc/<name> and POST /cancel/<id>: the requests of the contract over HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from '#host/dispatcher.ts';
import type { BridgeReply } from '#shared/bridge.ts';
import { AppError, toWire } from '#shared/errors.ts';

/** A playlist of 200,000 ids is 2 MB; nothing of ours is larger. */
const LONGEST_BODY = 8 * 1024 * 1024;

export interface Rpc {
  /** Answers a request by this name. */
  call(name: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  cancel(id: string, response: ServerResponse): void;
  /** Cancels everything in hand. */
  close(): void;
}

export function createRpc(dispatcher: Dispatcher): Rpc {
  const inHand = new Map<string, AbortController>();

  return {
    async call(name, request, response) {
      if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
        return reply(response, 415, failure(new AppError('bad-request', 'The body must be JSON.')));
      }
      const controller = new AbortController();
      // The tab was closed: nobody waits for the answer.
      response.once('close', () => {
        if (!response.writableFinished) controller.abort();
      });
      const id = requestId(request);
      if (id !== null && inHand.has(id)) {
        return reply(response, 400, failure(new AppError('bad-request', `Request ${id} is still in hand.`)));
      }
      if (id !== null) inHand.set(id, controller);
      try {
        const input = await readInput(request);
        const value = await dispatcher.call(name, input, controller.signal);
        reply(response, 200, { ok: true, value });
      } catch (error) {
        reply(response, error instanceof TooLong ? 413 : 200, failure(error));
      } finally {
        if (id !== null) inHand.delete(id);
      }
    },
    cancel(id, response) {
      inHand.get(id)?.abort();
      reply(response, 200, { ok: true, value: null });
    },
    close() {
      for (const controller of inHand.values()) controller.abort();
    },
  };
}

function requestId(request: IncomingMessage): string | null {
  const id = request.headers['x-request-id'];
  return typeof id === 'string' && /^[\w-]{1,100}$/.test(id) ? id : null;
}

class TooLong extends AppError {}

async function readInput(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new TooLong('bad-request', 'The request is too long.');
    chunks.push(chunk);
  }
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { input?: unknown } | null;
    return body?.input;
  } catch {
    throw new AppError('bad-request', 'The body is not valid JSON.');
  }
}

function failure(error: unknown): BridgeReply {
  return { ok: false, error: toWire(error) };
}

/** What Cratewise answers is the user's own library: no cache keeps it. */
export function reply(response: ServerResponse, status: number, body: BridgeReply): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // A body that was refused half-way is not worth reading on.
    ...(status === 413 ? { Connection: 'close' } : {}),
  });
  response.end(JSON.stringify(body));
}
