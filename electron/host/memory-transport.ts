/** Client and dispatcher in one process: tests, and hosts whose engine runs beside them. */
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import type { ServerMessage } from '#shared/wire.ts';
import { createMessageClient } from './client.ts';
import type { Dispatcher } from './dispatcher.ts';

export interface MemoryConnection {
  readonly client: EngineClient;
  close(): void;
}

/** Messages are handed over as they are; delivery is asynchronous, as with every other transport. */
export function connectInMemory(dispatcher: Dispatcher): MemoryConnection {
  const deliver = (message: ServerMessage): void => queueMicrotask(() => client.receive(message));
  const connection = dispatcher.connect(deliver);
  const client = createMessageClient((message) => connection.receive(message));
  return {
    client,
    close() {
      connection.close();
      client.disconnected(new AppError('cancelled', 'The connection to the engine was closed.'));
    },
  };
}
