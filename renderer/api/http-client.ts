/** The client of the local web app: POST /rpc/<name>, POST /cancel/<id>, events by GET /events (SSE). */
import type { BridgeReply } from '#shared/bridge.ts';
import type { EngineClient, EventName, Events, Input, Output, RequestName } from '#shared/contract.ts';
import { AppError, fromWire } from '#shared/errors.ts';
import type { ServerMessage } from '#shared/wire.ts';

/** A browser opens the stream again by itself, except after an answer that is no stream: then we do. */
const REOPEN_AFTER_MS = 2000;

export interface HttpConnection {
  readonly client: EngineClient;
  readonly onConnection: (listener: (connected: boolean) => void) => () => void;
}

/** `base` is the folder of the page's address, with a trailing slash. */
export function createHttpClient(base: URL): HttpConnection {
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  // Ids are unique among all tabs that use the host.
  const tab = crypto.randomUUID();
  let nextId = 1;
  let connected: boolean | null = null;
  let stream: EventSource | null = null;

  function setConnected(now: boolean): void {
    if (connected === now) return;
    const first = connected === null;
    connected = now;
    if (first && now) return;
    for (const listener of [...connectionListeners]) listener(now);
  }

  function openStream(): void {
    const opened = new EventSource(new URL('events', base), { withCredentials: true });
    stream = opened;
    opened.onopen = () => setConnected(true);
    opened.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as ServerMessage;
      if (message.kind !== 'event') return;
      for (const listener of [...listeners]) listener(message.name, message.payload);
    };
    opened.onerror = () => {
      setConnected(false);
      if (opened.readyState === EventSource.CLOSED) setTimeout(openStream, REOPEN_AFTER_MS);
    };
  }

  async function post(path: string, body: unknown, headers: HeadersInit): Promise<Response> {
    return fetch(new URL(path, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      credentials: 'same-origin',
    });
  }

  async function ask(name: string, input: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted === true) throw new AppError('cancelled');
    const id = `${tab}-${nextId++}`;
    const cancel = (): void => void post(`cancel/${id}`, {}, {}).catch(() => undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const response = await post(`rpc/${name}`, { input }, { 'x-request-id': id });
      const reply = (await response.json()) as BridgeReply;
      if (!reply.ok) throw fromWire(reply.error);
      return reply.value;
    } catch (error) {
      if (error instanceof AppError) throw error;
      // The host is gone: the banner says so; the question is asked again when it is back.
      if (error instanceof TypeError) {
        setConnected(false);
        throw new AppError('cancelled', 'The engine cannot be reached.', { cause: error });
      }
      throw new AppError('internal', 'The answer of the engine could not be read.', { cause: error });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  return {
    client: {
      request: <Name extends RequestName>(
        name: Name,
        input: Input<Name>,
        options?: { readonly signal?: AbortSignal },
      ) => ask(name, input, options?.signal) as Promise<Output<Name>>,
      subscribe<Name extends EventName>(wanted: Name, listener: (event: Events[Name]) => void) {
        if (stream === null) openStream();
        const own = (name: string, payload: unknown): void => {
          if (name === wanted) listener(payload as Events[Name]);
        };
        listeners.add(own);
        return () => {
          listeners.delete(own);
        };
      },
    },
    onConnection(listener) {
      connectionListeners.add(listener);
      return () => {
        connectionListeners.delete(listener);
      };
    },
  };
}
