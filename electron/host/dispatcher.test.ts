import { expect, test } from 'vitest';
import { createEvents } from '#engine/events.ts';
import type { Handlers, Handler, RequestName } from '#shared/contract.ts';
import { requests } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { silentLog } from '#shared/log.ts';
import type { ServerMessage } from '#shared/wire.ts';
import { createDispatcher } from './dispatcher.ts';
import { connectInMemory } from './memory-transport.ts';

/** Handlers that refuse everything but the given ones. */
function handlersWith(some: Partial<Handlers>): Handlers {
  const refuse: Handler<RequestName> = () => {
    throw new AppError('internal', 'not part of this test');
  };
  const all = Object.fromEntries(Object.keys(requests).map((name) => [name, refuse]));
  return { ...all, ...some } as unknown as Handlers;
}

function setUp(some: Partial<Handlers>) {
  const events = createEvents();
  const warnings: { fields: object; message: string }[] = [];
  const log = {
    ...silentLog,
    warn: (fields: object, message: string) => void warnings.push({ fields, message }),
  };
  const dispatcher = createDispatcher({ handlers: handlersWith(some), events, log });
  return { events, warnings, dispatcher };
}

test('a request reaches its handler with the validated input and the answer comes back', async () => {
  const { dispatcher } = setUp({
    'playlists.rename': ({ playlistId, name }) => ({
      id: playlistId,
      name,
      kind: 'playlist',
      parentId: null,
      position: 0,
      rules: null,
      trackCount: 0,
      durationSeconds: 0,
      createdAt: 1,
      updatedAt: 2,
    }),
  });
  const { client } = connectInMemory(dispatcher);
  const renamed = await client.request('playlists.rename', { playlistId: 7, name: '  Warm up ' });
  expect(renamed).toMatchObject({ id: 7, name: 'Warm up' });
});

test('a payload that does not fit is refused before the handler, naming the field', async () => {
  let called = false;
  const { dispatcher } = setUp({ 'tracks.get': () => ((called = true), Promise.reject(new Error('never'))) });
  const { client } = connectInMemory(dispatcher);
  const refused = client.request('tracks.get', { trackId: 'x' as unknown as number });
  await expect(refused).rejects.toMatchObject({ code: 'bad-request' });
  await expect(refused).rejects.toThrow('trackId');
  expect(called).toBe(false);
});

test.each(['nope', '__proto__', 'constructor', 'toString'])(
  'an unknown name is refused: %s',
  async (name) => {
    const { dispatcher } = setUp({});
    const call = dispatcher.call(name, {}, new AbortController().signal);
    await expect(call).rejects.toMatchObject({ code: 'unknown-request' });
  },
);

test('cancelling by id aborts the signal of that request only', async () => {
  const stopped: number[] = [];
  const { dispatcher } = setUp({
    'similar.find': ({ trackId }, { signal }) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        (signal as globalThis.AbortSignal).addEventListener('abort', () => {
          stopped.push(trackId);
          reject(new Error('stopped'));
        });
        if (trackId === 2) setTimeout(() => resolve([]), 30);
      }),
  });
  const { client } = connectInMemory(dispatcher);
  const controller = new AbortController();
  const first = client.request('similar.find', { trackId: 1, limit: 5 }, { signal: controller.signal });
  const second = client.request('similar.find', { trackId: 2, limit: 5 });
  controller.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  await expect(second).resolves.toEqual([]);
  expect(stopped).toEqual([1]);
});

test('errors keep their code; a defect becomes internal', async () => {
  const { dispatcher } = setUp({
    'playlists.delete': () => {
      throw new AppError('not-found', 'There is no playlist 3.');
    },
    'playlists.list': () => {
      throw new TypeError('undefined is not a function');
    },
  });
  const { client } = connectInMemory(dispatcher);
  await expect(client.request('playlists.delete', { playlistId: 3 })).rejects.toMatchObject({
    code: 'not-found',
    detail: 'There is no playlist 3.',
  });
  await expect(client.request('playlists.list', {})).rejects.toMatchObject({ code: 'internal' });
});

test('events reach every client until it closes; a failing listener disturbs nobody', async () => {
  const { dispatcher, events } = setUp({});
  events.subscribe('library.changed', () => {
    throw new Error('a bad listener');
  });
  const one = connectInMemory(dispatcher);
  const two = connectInMemory(dispatcher);
  const seen: string[] = [];
  one.client.subscribe('library.changed', ({ revision }) => seen.push(`one ${revision}`));
  two.client.subscribe('library.changed', ({ revision }) => seen.push(`two ${revision}`));
  events.publish('library.changed', { revision: 1 });
  await Promise.resolve();
  one.close();
  events.publish('library.changed', { revision: 2 });
  await Promise.resolve();
  expect(seen).toEqual(['one 1', 'two 1', 'two 2']);
  await expect(one.client.request('playlists.list', {})).rejects.toMatchObject({ code: 'cancelled' });
});

test('closing a connection cancels what is in hand', async () => {
  let aborted = false;
  const { dispatcher } = setUp({
    'playlists.list': (_input, { signal }) =>
      new Promise(() => {
        (signal as globalThis.AbortSignal).addEventListener('abort', () => (aborted = true));
      }),
  });
  const connection = dispatcher.connect(() => {});
  connection.receive({ kind: 'request', id: 1, name: 'playlists.list', input: {} });
  connection.close();
  expect(aborted).toBe(true);
});

test('messages that are no requests are ignored, and an id in hand is not taken twice', async () => {
  const { dispatcher, warnings } = setUp({ 'playlists.list': () => new Promise(() => {}) });
  const sent: ServerMessage[] = [];
  const connection = dispatcher.connect((message) => sent.push(message));
  for (const junk of [null, 5, 'x', {}, { kind: 'request' }, { kind: 'cancel', id: 'a' }])
    connection.receive(junk);
  connection.receive({ kind: 'request', id: 1, name: 'playlists.list', input: {} });
  connection.receive({ kind: 'request', id: 1, name: 'playlists.list', input: {} });
  await Promise.resolve();
  expect(warnings).toHaveLength(6);
  expect(sent).toMatchObject([{ kind: 'failure', id: 1, error: { code: 'bad-request' } }]);
});

test('a handler that holds the thread is logged by name, one that waits is not', async () => {
  const { dispatcher, warnings } = setUp({
    'playlists.list': () => {
      const until = performance.now() + 60;
      while (performance.now() < until);
      return [];
    },
    'library.folders': () => new Promise((resolve) => setTimeout(() => resolve([]), 60)),
  });
  const { client } = connectInMemory(dispatcher);
  await client.request('library.folders', {});
  await client.request('playlists.list', {});
  expect(warnings).toHaveLength(1);
  expect(warnings[0]!.fields).toMatchObject({ request: 'playlists.list' });
});
