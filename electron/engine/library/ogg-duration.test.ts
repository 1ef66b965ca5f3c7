import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readOggDuration } from './ogg-duration.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-ogg-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function page(position: bigint, data = 100): Buffer {
  const header = Buffer.alloc(27);
  header.write('OggS\0');
  header.writeBigInt64LE(position, 6);
  header[26] = 1;
  return Buffer.concat([header, Buffer.from([data]), Buffer.alloc(data, 0x4f)]);
}

it.each([
  ['the last page', [page(0n), page(44_100n), page(441_000n)], 10],
  ['the last page that has a position', [page(0n), page(88_200n), page(-1n), page(-1n)], 2],
  ['a page far before the end of the data', [page(44_100n), Buffer.alloc(60_000)], 1],
  [
    'a page behind chance letters',
    [page(44_100n), Buffer.from('OggS\0 is not a page of anything at all')],
    1,
  ],
  ['nothing in a file without pages', [Buffer.alloc(5000)], null],
  ['nothing in half a header', [page(44_100n).subarray(0, 20)], null],
  ['nothing in an empty file', [], null],
])('tells the length by %s', async (name, parts, seconds) => {
  const path = join(folder, `${name}.ogg`);
  writeFileSync(path, Buffer.concat(parts));
  expect(await readOggDuration(path, 44_100)).toBe(seconds);
});
