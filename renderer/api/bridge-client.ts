/** The client of the desktop window: requests and events over the preload script's bridge. */
import type { Bridge } from '#shared/bridge.ts';
import type { EngineClient, EventName, Events, Input, Output, RequestName } from '#shared/contract.ts';
import { AppError, fromWire } from '#shared/errors.ts';

export function createBridgeClient(bridge: Bridge): EngineClient {
  let nextId = 1;
  return {
    async request<Name extends RequestName>(
      name: Name,
      input: Input<Name>,
      options?: { readonly signal?: AbortSignal },
    ): Promise<Output<Name>> {
      const signal = options?.signal;
      if (signal?.aborted === true) throw new AppError('cancelled');
      const id = nextId++;
      const cancel = (): void => bridge.cancel(id);
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        const reply = await bridge.request(id, name, input);
        if (!reply.ok) throw fromWire(reply.error);
        return reply.value as Output<Name>;
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    subscribe<Name extends EventName>(wanted: Name, listener: (event: Events[Name]) => void): () => void {
      return bridge.subscribe((name, payload) => {
        if (name === wanted) listener(payload as Events[Name]);
      });
    },
  };
}
