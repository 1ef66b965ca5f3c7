import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEvents } from '#engine/events.ts';
import type { Handlers } from '#shared/contract.ts';
import { requests } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { silentLog } from '#shared/log.ts';
import { openLibraryHost } from './library-host.ts';
import type { LibraryHost, LibraryHostOptions } from './library-host.ts';
import { lockFileOf } from './library-lock.ts';
import type { LockHolder } from './library-lock.ts';
import { processBirth } from './process-birth.ts';

let folder: string;
let libraryFile: string;
const hosts: LibraryHost[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-lock-'));
  libraryFile = join(folder, 'library.db');
});
afterEach(async () => {
  for (const host of hosts.splice(0).reverse()) await host.close();
  rmSync(folder, { recursive: true, force: true });
});

function handlersWith(some: Partial<Handlers>): Handlers {
  const refuse = () => {
    throw new AppError('internal', 'not part of this test');
  };
  return { ...Object.fromEntries(Object.keys(requests).map((name) => [name, refuse])), ...some } as never;
}

async function open(name: string, more: Partial<LibraryHostOptions> & { handlers?: Partial<Handlers> } = {}) {
  const events = createEvents();
  const opened: string[] = [];
  const host = await openLibraryHost({
    libraryFile,
    kind: 'terminal',
    log: silentLog,
    openEngine: (file) => {
      opened.push(file);
      const folders = () => [
        { id: 1, path: name, online: true, trackCount: 0, addedAt: 0, lastScanAt: null },
      ];
      const handlers = handlersWith({ 'library.folders': folders, ...more.handlers });
      return Promise.resolve({ handlers, events, close: () => Promise.resolve() });
    },
    ...more,
  });
  hosts.push(host);
  return { host, events, opened };
}

const askName = async (host: LibraryHost) => (await host.client.request('library.folders', {}))[0]?.path;

test('the second host sends its requests to the first, and hears its events', async () => {
  const first = await open('first');
  const second = await open('second');
  expect(first.host.held).toBe('here');
  expect(second.host.held).toBe('elsewhere');
  expect(second.opened).toEqual([]);
  expect(second.host.holder).toMatchObject({ pid: process.pid, kind: 'terminal', hostname: hostname() });
  expect(await askName(second.host)).toBe('first');
  expect(await second.host.dispatcher.call('library.folders', {}, new AbortController().signal)).toHaveLength(
    1,
  );

  const heard = new Promise((resolve) => second.host.client.subscribe('library.changed', resolve));
  first.events.publish('library.changed', { revision: 9 });
  expect(await heard).toEqual({ revision: 9 });
});

test('errors and cancelling cross the socket', async () => {
  let aborted = false;
  await open('first', {
    handlers: {
      'playlists.delete': () => {
        throw new AppError('not-found', 'There is no playlist “äöü\n”.');
      },
      'playlists.list': (_input, { signal }) =>
        new Promise((_resolve, reject) => {
          (signal as globalThis.AbortSignal).addEventListener('abort', () => {
            aborted = true;
            reject(new Error('stopped'));
          });
        }),
    },
  });
  const { host } = await open('second');
  await expect(host.client.request('playlists.delete', { playlistId: 1 })).rejects.toMatchObject({
    code: 'not-found',
    detail: 'There is no playlist “äöü\n”.',
  });
  const controller = new AbortController();
  const listing = host.client.request('playlists.list', {}, { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  await expect(listing).rejects.toMatchObject({ code: 'cancelled' });
  expect(aborted).toBe(true);
});

test('who comes while the first is still opening waits for it', async () => {
  const slow = Promise.withResolvers<void>();
  const first = open('first', {
    openEngine: async () => {
      await slow.promise;
      return {
        handlers: handlersWith({ 'library.counts': () => ({ all: 3 }) as never }),
        events: createEvents(),
        close: () => Promise.resolve(),
      };
    },
  });
  await delay(50);
  const second = open('second');
  await delay(50);
  slow.resolve();
  await first;
  expect(await (await second).host.client.request('library.counts', {})).toMatchObject({ all: 3 });
});

test('a library that cannot be opened is let go at once', async () => {
  const failing = open('first', {
    openEngine: () => Promise.reject(new AppError('database-newer', 'written by a newer version')),
  });
  await expect(failing).rejects.toMatchObject({ code: 'database-newer' });
  expect(existsSync(lockFileOf(libraryFile))).toBe(false);
  expect((await open('second')).host.held).toBe('here');
});

test('closing answers what is in hand, ends the others and frees the library', async () => {
  const first = await open('first', {
    handlers: { 'playlists.list': () => new Promise((resolve) => setTimeout(() => resolve([]), 100)) },
  });
  const second = await open('second');
  const inHand = second.host.client.request('playlists.list', {});
  await delay(30);
  await first.host.close();
  expect(await inHand).toEqual([]);
  await expect(second.host.client.request('library.folders', {})).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect((await open('third')).host.held).toBe('here');
});

test('one library has one lock, by whatever path it is named', async () => {
  await open('first');
  symlinkSync(folder, `${folder}-link`);
  try {
    const second = await open('second', { libraryFile: join(`${folder}-link`, 'library.db') });
    expect(second.host.held).toBe('elsewhere');
  } finally {
    rmSync(`${folder}-link`);
  }
});

test('lock and socket are the owner’s alone, and a wrong token is not answered', async () => {
  await open('first');
  const lock = JSON.parse(readFileSync(lockFileOf(libraryFile), 'utf8')) as LockHolder;
  expect(statSync(lockFileOf(libraryFile)).mode & 0o777).toBe(0o600);
  expect(statSync(lock.socket).mode & 0o777).toBe(0o600);
  expect(statSync(join(lock.socket, '..')).mode & 0o777).toBe(0o700);
  const attempts = [
    '{"cratewise":1,"token":"guess"}\n',
    'nonsense\n',
    `{"kind":"request","id":1,"name":"library.folders","input":{}}\n`,
  ];
  for (const attempt of attempts) {
    const socket = connect(lock.socket);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => {});
    socket.write(attempt);
    await once(socket, 'close');
    expect(answer).toBe('');
  }
});

test.each([
  ['a process that is gone', { pid: 2 ** 22 + 1 }],
  ['a number that was given to another process', { pid: process.pid, birth: 'another-boot:1' }],
])('the lock of %s is taken over', async (_what, change) => {
  writeLock(change);
  const { host } = await open('second');
  expect(host.held).toBe('here');
  expect((JSON.parse(readFileSync(lockFileOf(libraryFile), 'utf8')) as LockHolder).pid).toBe(process.pid);
});

test('a lock of another machine is respected while it shows life, and named', async () => {
  writeLock({ hostname: 'studio-mac', kind: 'desktop' });
  const refused = open('second');
  await expect(refused).rejects.toMatchObject({ code: 'library-held' });
  await expect(refused).rejects.toThrow(/Cratewise window \(process \d+ on studio-mac/);
});

test('an unreadable lock (power cut) does not shut the user out', async () => {
  writeFileSync(lockFileOf(libraryFile), '');
  const old = new Date(Date.now() - 60_000);
  (await import('node:fs')).utimesSync(lockFileOf(libraryFile), old, old);
  expect((await open('second')).host.held).toBe('here');
});

test('of many processes that start at once, one holds the library and the others reach it; a killed holder is replaced', async () => {
  const script = join(import.meta.dirname, 'library-host.fixture.ts');
  const children = Array.from({ length: 4 }, () => fork(script, [libraryFile], { stdio: 'inherit' }));
  try {
    const answers = await Promise.all(
      children.map(async (child) => (await once(child, 'message'))[0] as { held: string; engine: number }),
    );
    const holders = children.filter((_child, index) => answers[index]!.held === 'here');
    expect(holders).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.engine))).toEqual(new Set([holders[0]!.pid]));

    const gone = once(holders[0]!, 'exit');
    holders[0]!.kill('SIGKILL');
    await gone;
    expect((await open('after')).host.held).toBe('here');
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
});

function writeLock(change: Partial<LockHolder>): void {
  const lock: LockHolder = {
    pid: process.pid,
    birth: processBirth(process.pid),
    hostname: hostname(),
    kind: 'terminal',
    socket: join(folder, 'nobody.sock'),
    token: 'x',
    startedAt: Date.now(),
    ...change,
  };
  writeFileSync(lockFileOf(libraryFile), JSON.stringify(lock));
}
