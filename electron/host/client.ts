/** The client side of every message transport: numbers requests, matches answers, hands on events. */
import type { EngineClient, EventName, Events, Input, Output, RequestName } from '#shared/contract.ts';
import { AppError, fromWire } from '#shared/errors.ts';
import type { ClientMessage, ServerMessage } from '#shared/wire.ts';

export interface MessageClient extends EngineClient {
  /** A request by whatever name, for hosts that relay: the other end validates. */
  ask(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /** Every event, for hosts that relay. Returns the function that ends the subscription. */
  subscribeAll(listener: (name: string, payload: unknown) => void): () => void;
  /** Takes a message of the server. */
  receive(message: ServerMessage): void;
  /** The transport is gone: everything in hand fails with this error, and so does every later request. */
  disconnected(error: AppError): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: AppError): void;
}

/** A client that sends by `send`. The caller feeds what comes back to `receive`. */
export function createMessageClient(send: (message: ClientMessage) => void): MessageClient {
  const pending = new Map<number, Pending>();
  const listeners = new Set<(name: string, payload: unknown) => void>();
  let nextId = 1;
  let gone: AppError | null = null;

  function ask(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (gone !== null) return reject(gone);
      if (signal?.aborted === true) return reject(new AppError('cancelled'));
      const id = nextId++;
      const cancel = (): void => send({ kind: 'cancel', id });
      const settle = (): void => {
        pending.delete(id);
        signal?.removeEventListener('abort', cancel);
      };
      pending.set(id, {
        resolve: (value) => (settle(), resolve(value)),
        reject: (error) => (settle(), reject(error)),
      });
      signal?.addEventListener('abort', cancel, { once: true });
      send({ kind: 'request', id, name, input });
    });
  }

  function subscribeAll(listener: (name: string, payload: unknown) => void): () => void {
    const own = (name: string, payload: unknown): void => listener(name, payload);
    listeners.add(own);
    return () => {
      listeners.delete(own);
    };
  }

  return {
    ask,
    subscribeAll,
    request: <Name extends RequestName>(
      name: Name,
      input: Input<Name>,
      options?: { readonly signal?: AbortSignal },
    ) => ask(name, input, options?.signal) as Promise<Output<Name>>,
    subscribe<Name extends EventName>(wanted: Name, listener: (event: Events[Name]) => void) {
      return subscribeAll((name, payload) => {
        if (name === wanted) listener(payload as Events[Name]);
      });
    },
    receive(message) {
      if (message.kind === 'response') pending.get(message.id)?.resolve(message.value);
      else if (message.kind === 'failure') pending.get(message.id)?.reject(fromWire(message.error));
      else for (const listener of [...listeners]) listener(message.name, message.payload);
    },
    disconnected(error) {
      gone = error;
      for (const request of [...pending.values()]) request.reject(error);
    },
  };
}
