/** Commands on a library that another host holds. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTestMusic } from '#engine/test-music.fixture.ts';
import { createRelay } from '#host/dispatcher.ts';
import type { Dispatcher } from '#host/dispatcher.ts';
import { acquireLibraryLock, lockFileOf } from '#host/library-lock.ts';
import { listenLocally } from '#host/local-socket.ts';
import { socketAddressOf } from '#host/socket-address.ts';
import { silentLog } from '#shared/log.ts';
import { folder, json, modelDir, music, pieces, run, start, useModel } from './command-line.fixture.ts';

test('a second command uses the library that a first one holds; a holder that cannot be asked is named (4)', async () => {
  writeTestMusic(music, pieces);
  const server = start('serve', '--json');
  await expect.poll(() => server.out(), { timeout: 20_000 }).toContain('address');
  const { address } = JSON.parse(server.out()) as { address: string };
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);

  expect(await json('scan', music)).toMatchObject({ files: 3, analysed: 3 });
  const cookie = (await fetch(address, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
  const { origin } = new URL(address);
  const reply = await fetch(`${origin}/rpc/library.counts`, {
    method: 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    body: '{"input":{}}',
  });
  expect(await reply.json()).toMatchObject({ ok: true, value: { all: 3, analysed: 3 } });
  const { id } = (await json<{ id: number }[]>('list'))[0]!;
  const song = await fetch(`${origin}/media/track/${id}`, { headers: { cookie, range: 'bytes=0-3' } });
  expect([song.status, await song.text()]).toEqual([206, 'RIFF']);

  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
  const file = join(folder, 'data', 'library.db');
  expect(existsSync(lockFileOf(file))).toBe(false);

  const holder = {
    pid: 7,
    birth: null,
    hostname: 'studio',
    kind: 'desktop',
    socket: 'x',
    token: 'x',
    startedAt: Date.now(),
  };
  writeFileSync(lockFileOf(file), JSON.stringify(holder));
  const refused = await run('list');
  expect(refused.code).toBe(4);
  expect(refused.error).toContain('process 7 on studio');
}, 60_000);

test('a web app that used the library of another host goes on at its address when that one ends', async () => {
  const holder = start('serve');
  await expect.poll(() => holder.out(), { timeout: 20_000 }).toContain('token');
  const server = start('serve', '--json');
  await expect.poll(() => server.out(), { timeout: 20_000 }).toContain('address');
  const { address } = JSON.parse(server.out()) as { address: string };
  const { origin } = new URL(address);
  const cookie = (await fetch(address, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
  const counts = (): Promise<unknown> =>
    fetch(`${origin}/rpc/library.counts`, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': 'application/json' },
      body: '{"input":{}}',
    }).then(
      (reply) => reply.json(),
      (error: unknown) => String(error),
    );
  expect(await counts()).toMatchObject({ ok: true });
  holder.child.kill('SIGINT');
  expect(await holder.ended).toBe(0);
  await expect.poll(counts, { timeout: 20_000 }).toMatchObject({ ok: true, value: { all: 0 } });
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
  expect(JSON.parse(server.out())).toMatchObject({ address });
}, 60_000);

test('a list is not begun again when its holder ends in the middle', async () => {
  const libraryFile = join(folder, 'data', 'library.db');
  mkdirSync(join(folder, 'data'));
  const socket = socketAddressOf(libraryFile);
  const lock = await acquireLibraryLock({ libraryFile, kind: 'web', socket, log: silentLog, onLost() {} });
  if (!('release' in lock)) throw new Error('It is held already.');
  const row = { id: 1, path: '/a.mp3', title: null, artist: null, album: null, genres: [], error: null };
  let asked = 0;
  const dispatcher: Dispatcher = createRelay(
    {
      async ask() {
        asked += 1;
        if (asked === 1) return { rows: [{ ...row, state: 'present' }], total: 2, revision: 1 };
        lock.release();
        await server.close();
        return null;
      },
      subscribeAll: () => () => {},
    },
    silentLog,
  );
  const address = lock.holder.socket;
  const { token } = lock.holder;
  const server = await listenLocally({
    address,
    token,
    dispatcher: Promise.resolve(dispatcher),
    log: silentLog,
  });
  const { code, out, error } = await run('list', '--json');
  expect(code).toBe(1);
  expect(error).toContain('Run this again');
  expect(out.match(/\[/g)?.length).toBe(2); // the list's, and that of the genres
}, 30_000);

test('a scan ends with the reason when the holder has long known that it cannot analyse', async () => {
  const broken = mkdtempSync(join(tmpdir(), 'cratewise-broken-'));
  try {
    // Whole by its checksums, and still no network.
    const network = '{}';
    cpSync(modelDir, broken, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(broken, 'manifest.json'), 'utf8')) as {
      checksums: Record<string, string>;
    };
    writeFileSync(join(broken, 'model.json'), network);
    manifest.checksums['model.json'] = createHash('sha256').update(network).digest('hex');
    writeFileSync(join(broken, 'manifest.json'), JSON.stringify(manifest));
    writeTestMusic(music, pieces);
    useModel(broken);
    const server = start('serve');
    await expect.poll(() => server.out(), { timeout: 20_000 }).toContain('token');
    const first = await run('scan', music);
    const second = await run('scan', music);
    expect([first.code, second.code]).toEqual([1, 1]);
    expect(second.error).toMatch(/model/i);
  } finally {
    rmSync(broken, { recursive: true, force: true });
  }
}, 90_000);
