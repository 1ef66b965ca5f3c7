import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamOfFile } from './file-stream.ts';

const bytes = randomBytes(3_000_000);
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cratewise-stream-'));
  file = join(folder, 'track.bin');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('yields exactly the range and closes the file', async () => {
  await writeFile(file, bytes);
  const handle = await open(file);
  const parts: Uint8Array[] = [];
  for await (const part of streamOfFile(handle, { start: 10, end: 2_000_009 }, () => {})) parts.push(part);
  expect(Buffer.concat(parts).equals(bytes.subarray(10, 2_000_010))).toBe(true);
  expect(handle.fd).toBe(-1);
});

test('a player that goes away closes the file', async () => {
  await writeFile(file, bytes);
  const handle = await open(file);
  const reader = streamOfFile(handle, { start: 0, end: bytes.length - 1 }, () => {}).getReader();
  await reader.read();
  await reader.cancel();
  expect(handle.fd).toBe(-1);
});

test('a file that shrinks is an error of the stream, told once, and the file is closed', async () => {
  await writeFile(file, bytes);
  const handle = await open(file);
  const failures: unknown[] = [];
  const reader = streamOfFile(handle, { start: 0, end: bytes.length - 1 }, (e) =>
    failures.push(e),
  ).getReader();
  await reader.read();
  await truncate(file, 1000);
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  await expect(rest).rejects.toThrow('became shorter');
  expect(failures).toHaveLength(1);
  expect(handle.fd).toBe(-1);
});
