/**
 * The dispatcher of every host: takes messages of any transport, validates them by the contract, calls
 * the handler of that name, cancels by id and pushes events. It knows no transport and no engine.
 */
import * as v from 'valibot';
import { requests } from '#shared/contract.ts';
import type { EventName, Events, Handlers, RequestContext, RequestName } from '#shared/contract.ts';
import { AppError, toWire } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import type { ServerMessage } from '#shared/wire.ts';

/** A handler that holds the thread longer than this delays every other answer: it is logged by name. */
const SLOW_MS = 40;
/** Far more than any view asks for at once; stops a client that never waits for answers. */
const MAXIMUM_REQUESTS_IN_HAND = 1000;

export interface EventSource {
  subscribeAll(listener: (name: EventName, payload: Events[EventName]) => void): () => void;
}

export interface Connection {
  /** Takes a ClientMessage of whatever origin. Never throws; answers go to `send`. */
  receive(message: unknown): void;
  /** Resolves when nothing is in hand. Requests that come later are refused. */
  idle(): Promise<void>;
  /** Cancels what is in hand and ends the events. */
  close(): void;
}

export interface Dispatcher {
  /** One call for hosts that have a reply of their own (HTTP, ipcMain.handle). Throws AppError. */
  call(name: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  /** A client: its messages come by `receive`, answers and events leave by `send`. */
  connect(send: (message: ServerMessage) => void): Connection;
}

export interface DispatcherOptions {
  readonly handlers: Handlers;
  readonly events: EventSource;
  readonly log: Logger;
}

const clientMessage = v.variant('kind', [
  v.object({
    kind: v.literal('request'),
    id: v.pipe(v.number(), v.safeInteger()),
    name: v.string(),
    input: v.unknown(),
  }),
  v.object({ kind: v.literal('cancel'), id: v.pipe(v.number(), v.safeInteger()) }),
]);

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { handlers, events, log } = options;

  async function call(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isRequestName(name)) throw new AppError('unknown-request', `There is no request named “${name}”.`);
    const parsed = v.safeParse(requests[name].input, input);
    if (!parsed.success) throw new AppError('bad-request', describeIssues(name, parsed.issues));
    if (signal.aborted) throw new AppError('cancelled');
    const started = performance.now();
    try {
      const result = invoke(handlers, name, parsed.output, { signal });
      warnIfSlow(name, started);
      return await result;
    } catch (error) {
      if (signal.aborted) throw new AppError('cancelled', '', { cause: error });
      if (!(error instanceof AppError)) log.error({ request: name, error }, 'A request failed unexpectedly');
      throw error;
    }
  }

  /** Only the time on this thread counts: a handler that waits for others disturbs nobody. */
  function warnIfSlow(name: RequestName, started: number): void {
    const milliseconds = Math.round(performance.now() - started);
    if (milliseconds > SLOW_MS) log.warn({ request: name, milliseconds }, 'A request held the engine up');
  }

  return { call, connect: createConnector(call, events, log) };
}

/** What a relay needs of the client of another process. */
export interface RelayedClient {
  ask(name: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  subscribeAll(listener: (name: string, payload: unknown) => void): () => void;
}

/** The same for a host that does not hold the library: everything is handed on to the one that does. */
export function createRelay(client: RelayedClient, log: Logger): Dispatcher {
  return { call: client.ask, connect: createConnector(client.ask, client, log) };
}

type AnyEventSource = { subscribeAll(listener: (name: string, payload: unknown) => void): () => void };

function createConnector(
  call: Dispatcher['call'],
  events: AnyEventSource,
  log: Logger,
): Dispatcher['connect'] {
  return connect;

  function connect(send: (message: ServerMessage) => void): Connection {
    const inHand = new Map<number, AbortController>();
    let open = true;
    const whenIdle: (() => void)[] = [];
    const unsubscribe = events.subscribeAll((name, payload) => reply({ kind: 'event', name, payload }));

    function reply(message: ServerMessage): void {
      if (open) send(message);
    }

    function fail(id: number, error: unknown): void {
      reply({ kind: 'failure', id, error: toWire(error) });
    }

    async function answer(id: number, name: string, input: unknown): Promise<void> {
      if (inHand.has(id)) return fail(id, new AppError('bad-request', `Request ${id} is still in hand.`));
      if (whenIdle.length > 0) return fail(id, new AppError('cancelled', 'Cratewise is being closed.'));
      if (inHand.size >= MAXIMUM_REQUESTS_IN_HAND) {
        return fail(id, new AppError('bad-request', 'Too many requests at once; wait for their answers.'));
      }
      const controller = new AbortController();
      inHand.set(id, controller);
      try {
        const value = await call(name, input, controller.signal);
        reply({ kind: 'response', id, value });
      } catch (error) {
        fail(id, error);
      } finally {
        inHand.delete(id);
        if (inHand.size === 0) for (const resolve of whenIdle) resolve();
      }
    }

    return {
      receive(message) {
        const parsed = v.safeParse(clientMessage, message);
        if (!parsed.success) {
          log.warn({}, 'A message that is no request was ignored');
          return;
        }
        if (parsed.output.kind === 'cancel') inHand.get(parsed.output.id)?.abort();
        else void answer(parsed.output.id, parsed.output.name, parsed.output.input);
      },
      idle() {
        return new Promise((resolve) => {
          whenIdle.push(resolve);
          if (inHand.size === 0) resolve();
        });
      },
      close() {
        open = false;
        unsubscribe();
        for (const controller of inHand.values()) controller.abort();
      },
    };
  }
}

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

/** THE one cast: the schema of this very name has just validated the input, which TypeScript cannot follow. */
function invoke(handlers: Handlers, name: RequestName, input: unknown, context: RequestContext): unknown {
  const handler = handlers[name] as (input: unknown, context: RequestContext) => unknown;
  return handler(input, context);
}

function describeIssues(name: string, issues: readonly v.BaseIssue<unknown>[]): string {
  const lines = issues.slice(0, 3).map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `${path}: ${issue.message}`;
  });
  return `${name}: ${lines.join('; ')}`;
}
