import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEvents } from '#engine/events.ts';
import type { EngineEvents } from '#engine/events.ts';
import { createDispatcher } from '#host/dispatcher.ts';
import { connectInMemory } from '#host/memory-transport.ts';
import type { Handlers } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { silentLog } from '#shared/log.ts';
import { startWebHost } from './web-host.ts';
import type { WebHost } from './web-host.ts';

const music = randomBytes(50_000);
let folder: string;
const wav = Buffer.from('RIFF, made as it is read');
const player = {
  openWav: async () => ({
    sizeBytes: wav.length,
    read: async (start: number, length: number) => wav.subarray(start, start + length),
    close: () => {},
  }),
};
let host: WebHost;
let events: EngineEvents;
let cookie: string;
let aborted: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-web-'));
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'renderer', 'index.html'), '<!doctype html><title>Cratewise</title>');
  writeFileSync(join(folder, 'renderer', 'assets', 'app.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'a.mp3'), music);
  events = createEvents();
  aborted = [];
  const handlers: Partial<Handlers> = {
    'playlists.rename': ({ name }) => ({ name }) as never,
    'playlists.delete': () => {
      throw new AppError('not-found', 'There is no such playlist.');
    },
    'similar.find': (_input, { signal }) =>
      new Promise((_resolve, reject) => {
        (signal as globalThis.AbortSignal).addEventListener('abort', () => {
          aborted.push('similar.find');
          reject(new Error('stopped'));
        });
      }),
    'tracks.file': ({ trackId }) => {
      if (trackId !== 1) throw new AppError('not-found', `There is no track ${trackId}.`);
      return {
        path: join(folder, 'a.mp3'),
        sizeBytes: 1,
        mimeType: 'audio/mpeg',
        kind: 'track',
        durationSeconds: null,
        decodedSeconds: null,
        replayGain: null,
      };
    },
    'tracks.cover': () => ({ mimeType: 'image/png', base64: 'AAAA' }),
  };
  const dispatcher = createDispatcher({ handlers: handlers as Handlers, events, log: silentLog });
  const { client } = connectInMemory(dispatcher);
  host = await startWebHost({
    dispatcher,
    client,
    player,
    rendererDir: join(folder, 'renderer'),
    port: 0,
    log: silentLog,
  });
  const first = await send('GET', host.address.slice(host.address.indexOf('/?')), { cookie: '' });
  cookie = (first.headers['set-cookie']?.[0] ?? '').split(';')[0]!;
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: () => unknown;
}

/** As a page of the host sends it, unless the headers say otherwise ('' leaves one out). */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  const own: Record<string, string> = {
    host: `127.0.0.1:${host.port}`,
    cookie,
    ...(method === 'POST'
      ? { origin: `http://127.0.0.1:${host.port}`, 'content-type': 'application/json' }
      : {}),
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: host.port, method, path, headers: sent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const all = Buffer.concat(chunks);
        const json = (): unknown => JSON.parse(all.toString());
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: all, json });
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const call = (name: string, input: unknown, headers: Record<string, string> = {}) =>
  send('POST', `/rpc/${name}`, headers, JSON.stringify({ input }));

test('the printed address opens the page: the token becomes a cookie and leaves the address', async () => {
  const first = await send('GET', host.address.slice(host.address.indexOf('/?')), { cookie: '' });
  expect(first.status).toBe(303);
  expect(first.headers.location).toBe('/');
  expect(first.headers['set-cookie']?.[0]).toMatch(
    /^cratewise-\d+=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/,
  );
  const page = await send('GET', '/');
  expect(page.status).toBe(200);
  expect(page.body.toString()).toContain('Cratewise');
  const policy = page.headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  expect((await send('GET', '/assets/app.js')).headers['content-type']).toContain('text/javascript');
});

test.each([
  ['no cookie', { cookie: '' }, 401],
  ['a wrong token', { cookie: 'cratewise-1=x' }, 401],
  ['a name that was made to resolve to this machine', { host: 'evil.example' }, 421],
  ['another port', { host: '127.0.0.1:1' }, 421],
  ['a page of another site', { origin: 'https://evil.example' }, 403],
  ['a page of another local server', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  ['no origin at all', { origin: '' }, 403],
])('refused: %s', async (_what, headers, status) => {
  const answer = await call('playlists.rename', { playlistId: 1, name: 'x' }, headers);
  expect(answer.status).toBe(status);
  expect(answer.json()).toMatchObject({ ok: false, error: { code: 'untrusted-sender' } });
});

test.each(['/events', '/media/track/1', '/media/wav/1', '/media/cover/1', '/assets/app.js'])(
  '%s is closed to strangers',
  async (path) => {
    expect((await send('GET', path, { cookie: '' })).status).toBe(401);
    expect((await send('GET', path, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send('GET', path, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await send('GET', path, { host: `evil.example:${host.port}` })).status).toBe(421);
  },
);

test('a wrong token in the address gives no cookie', async () => {
  const answer = await send('GET', '/?token=guess', { cookie: '' });
  expect(answer.status).toBe(401);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.body.toString()).toContain('Open the address');
});

test('requests are answered as data, failures too', async () => {
  expect((await call('playlists.rename', { playlistId: 1, name: 'Ünï' })).json()).toEqual({
    ok: true,
    value: { name: 'Ünï' },
  });
  expect((await call('playlists.delete', { playlistId: 1 })).json()).toEqual({
    ok: false,
    error: { code: 'not-found', detail: 'There is no such playlist.' },
  });
  expect((await call('playlists.delete', { playlistId: 'x' })).json()).toMatchObject({
    error: { code: 'bad-request' },
  });
  expect((await call('../../etc', {})).status).toBe(404);
  expect((await call('constructor', {})).json()).toMatchObject({ error: { code: 'unknown-request' } });
  expect((await call('playlists.delete', {})).headers['cache-control']).toBe('no-store');
});

test('bodies: only JSON, and not endless ones', async () => {
  const path = '/rpc/playlists.delete';
  expect((await send('POST', path, { 'content-type': 'text/plain' }, '{}')).status).toBe(415);
  expect((await send('POST', path, {}, '{')).json()).toMatchObject({ error: { code: 'bad-request' } });
  expect((await send('POST', path, {}, 'null')).json()).toMatchObject({ error: { code: 'bad-request' } });
  const long = JSON.stringify({ input: 'x'.repeat(9 * 1024 * 1024) });
  // The host may hang up before everything was sent.
  const answer = await send('POST', path, {}, long).catch(() => null);
  if (answer !== null) expect(answer.status).toBe(413);
  expect((await call('playlists.delete', { playlistId: 1 })).status).toBe(200);
});

test('cancelling by id, and by going away', async () => {
  const input = { trackId: 1, limit: 1 };
  const waiting = call('similar.find', input, { 'x-request-id': 'tab-1' });
  await delay(50);
  await send('POST', '/cancel/tab-2');
  expect(aborted).toEqual([]);
  await send('POST', '/cancel/tab-1');
  expect((await waiting).json()).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(aborted).toEqual(['similar.find']);

  const gone = request({
    host: '127.0.0.1',
    port: host.port,
    method: 'POST',
    path: '/rpc/similar.find',
    headers: { cookie, origin: `http://127.0.0.1:${host.port}`, 'content-type': 'application/json' },
  });
  gone.on('error', () => {});
  gone.end(JSON.stringify({ input }));
  await delay(50);
  gone.destroy();
  await expect.poll(() => aborted).toHaveLength(2);
});

test('events arrive as they are published', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: host.port, path: '/events', headers: { cookie } },
      (response) => {
        let all = '';
        response.on('data', (chunk: Buffer) => {
          all += chunk.toString();
          if (all.startsWith(':') && !all.includes('data:'))
            events.publish('library.changed', { revision: 7 });
          if (all.includes('\n\n', all.indexOf('data:') + 1) && all.includes('data:')) {
            resolve(all);
            response.destroy();
          }
        });
        response.on('error', () => {});
      },
    );
    asked.on('error', reject);
    asked.end();
  });
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? '';
  expect(JSON.parse(data)).toEqual({ kind: 'event', name: 'library.changed', payload: { revision: 7 } });
});

test('music by id only, in parts', async () => {
  expect((await send('GET', '/media/track/1')).body.equals(music)).toBe(true);
  expect((await send('GET', '/media/wav/1')).body.equals(wav)).toBe(true);
  const part = await send('GET', '/media/track/1', { range: 'bytes=100-199' });
  expect(part.status).toBe(206);
  expect(part.headers['content-range']).toBe('bytes 100-199/50000');
  expect(part.body.equals(music.subarray(100, 200))).toBe(true);
  expect((await send('GET', '/media/track/1', { range: 'bytes=60000-' })).status).toBe(416);
  expect((await send('GET', '/media/cover/1')).headers['content-type']).toBe('image/png');
  for (const path of [
    'track/2',
    'track/0',
    'track/01',
    'track/1%2f..',
    'track/1e3',
    'cover/',
    'track/../../secret.txt',
    'x/1',
  ])
    expect((await send('GET', `/media/${path}`)).status, path).toBe(404);
  expect((await send('POST', '/media/track/1')).status).toBe(404);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '/%00',
  '/%zz',
  '//etc/passwd',
])('no file outside the renderer: %s', async (path) => {
  const answer = await send('GET', path);
  expect(answer.status).toBe(404);
  expect(answer.body.toString()).not.toContain('secret');
});

test('listens on this machine only, and a taken port is told', async () => {
  const elsewhere = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  for (const { address } of elsewhere) {
    const refused = await new Promise((resolve) => {
      const socket = connect({ host: address, port: host.port, timeout: 1000 });
      socket.once('connect', () => resolve('connected'));
      socket.once('timeout', () => resolve('refused'));
      socket.once('error', () => resolve('refused'));
    });
    expect(refused).toBe('refused');
  }
  const again = startWebHost({
    dispatcher: {} as never,
    client: {} as never,
    player,
    rendererDir: folder,
    port: host.port,
    log: silentLog,
  });
  await expect(again).rejects.toThrow(`Port ${host.port} is used by another program`);
});
