import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { silentLog } from '#shared/log.ts';
import { createMediaHandler, parseMediaAddress } from './media-protocol.ts';

const bytes = randomBytes(100_000);
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cratewise-media-'));
  file = join(folder, 'a “quoted” name.mp3');
  await writeFile(file, bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An engine that knows three tracks; 2 is gone from the disk, 3 has a cover that is a document. */
const client = {
  request: async (name: string, { trackId }: { trackId: number }) => {
    if (trackId > 3) throw new AppError('not-found', `There is no track ${trackId}.`);
    if (name === 'tracks.file')
      return {
        path: [file, join(folder, 'gone'), join(folder, 'broken')][trackId - 1],
        mimeType: 'audio/mpeg',
      };
    if (trackId === 2) return null;
    return { mimeType: trackId === 1 ? 'image/PNG' : 'image/svg+xml', base64: bytes.toString('base64') };
  },
} as unknown as EngineClient;
/** Decodes track 1 to 70,044 bytes, fails halfway with track 2, and cannot open track 3. */
const wav = randomBytes(70_044);
const closed: string[] = [];
const player = {
  async openWav(path: string) {
    if (path.endsWith('broken')) throw new AppError('file-corrupt', 'No part of it could be decoded.');
    return {
      sizeBytes: wav.length,
      async read(start: number, length: number) {
        if (path.endsWith('gone') && start > 30_000) throw new AppError('analysis-crashed');
        return wav.subarray(start, start + length);
      },
      close: () => void closed.push(path),
    };
  },
};
const handle = createMediaHandler(() => client, player, silentLog);
const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  handle({ url, method, headers: new Headers(headers) } as Request);

test('only ids of the three kinds are addresses', () => {
  expect(parseMediaAddress('media://track/17')).toEqual({ kind: 'track', trackId: 17 });
  expect(parseMediaAddress('media://cover/1')).toEqual({ kind: 'cover', trackId: 1 });
  expect(parseMediaAddress('media://wav/5')).toEqual({ kind: 'wav', trackId: 5 });
  for (const wrong of [
    'track/0',
    'track/-1',
    'track/1.5',
    'track/1e3',
    'track/../1',
    'track/1/',
    'file/1',
    'wav/1/2',
  ])
    expect(parseMediaAddress(`media://${wrong}`)).toBeNull();
  for (const wrong of [
    'media://track//etc/passwd',
    'media://track/1?x',
    'http://track/1',
    'media://track/01',
  ])
    expect(parseMediaAddress(wrong)).toBeNull();
});

test('a whole track, by the size it has now', async () => {
  const answer = await get('media://track/1');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe('100000');
  expect(answer.headers.get('accept-ranges')).toBe('bytes');
  expect(answer.headers.get('content-type')).toBe('audio/mpeg');
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});

test('a part of it, and 416 behind the end', async () => {
  const part = await get('media://track/1', { Range: 'bytes=1000-1999' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 1000-1999/100000');
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 2000))).toBe(true);
  const behind = await get('media://track/1', { Range: 'bytes=100000-' });
  expect(behind.status).toBe(416);
  expect(behind.headers.get('content-range')).toBe('bytes */100000');
});

test('HEAD has the headers and no bytes; other methods are refused', async () => {
  const head = await get('media://track/1', {}, 'HEAD');
  expect(head.headers.get('content-length')).toBe('100000');
  expect(await head.text()).toBe('');
  expect((await get('media://track/1', {}, 'POST')).status).toBe(405);
});

test('covers are pictures or nothing', async () => {
  const cover = await get('media://cover/1');
  expect(cover.headers.get('content-type')).toBe('image/png');
  expect(cover.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await get('media://cover/2')).status).toBe(404);
  expect((await get('media://cover/3')).status).toBe(415);
});

test('a track that is not there is 404, in the library or on the disk', async () => {
  expect((await get('media://track/99')).status).toBe(404);
  expect((await get('media://track/2')).status).toBe(404);
});

test('what a browser cannot play is decoded as it is read: all of it, or a part', async () => {
  const whole = await get('media://wav/1');
  expect(whole.headers.get('content-type')).toBe('audio/wav');
  expect(whole.headers.get('content-length')).toBe('70044');
  expect(Buffer.from(await whole.arrayBuffer()).equals(wav)).toBe(true);
  const part = await get('media://wav/1', { Range: 'bytes=50001-' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 50001-70043/70044');
  expect(Buffer.from(await part.arrayBuffer()).equals(wav.subarray(50_001))).toBe(true);
  expect((await get('media://wav/1', { Range: 'bytes=70044-' })).status).toBe(416);
  expect(await (await get('media://wav/1', {}, 'HEAD')).text()).toBe('');
  expect(closed).toEqual([file, file, file, file]);
});

test('a decoder that dies ends the answer, one that finds no music refuses it, a player that leaves closes it', async () => {
  await expect((await get('media://wav/2')).arrayBuffer()).rejects.toThrow();
  expect((await get('media://wav/3')).status).toBe(422);
  closed.length = 0;
  await (await get('media://wav/1')).body?.cancel();
  expect(closed).toEqual([file]);
});
