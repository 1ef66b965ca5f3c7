import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getAttribute, setAttribute } from '@napi-rs/xattr';
import { removeAbandoned } from './new-file.ts';
import { openTestWriter } from './writer.fixture.ts';
import type { TestWriter } from './writer.fixture.ts';

const roomy = 'flac everything';
const tight = 'flac no padding';
/** Needs room that is not there. */
const long = ['A genre with a name that is much longer than what stood there before'];
const isRoot = process.getuid?.() === 0;

let test: TestWriter;
beforeEach(() => {
  test = openTestWriter();
});
afterEach(async () => {
  process.seteuid?.(process.getuid?.() ?? 0);
  await test.dispose();
});

function problem(batchId: number): string | undefined {
  return test.writer.writes({ batchId }, { offset: 0, limit: 1 }).writes[0]?.problem?.code;
}

describe.skipIf(process.platform === 'win32')('a new file in the place of the old one', () => {
  it('has its mode, its owner and its extended attributes', async () => {
    const id = await test.add('a.flac', tight);
    const path = test.path('a.flac');
    chmodSync(path, 0o640);
    if (isRoot) chownSync(path, 1234, 2345);
    await setAttribute(path, 'user.dj.colour', Buffer.from([0, 1, 255]));
    expect(problem(await test.write([id], long))).toBeUndefined();
    const stats = statSync(path);
    expect(stats.mode & 0o7777).toBe(0o640);
    if (isRoot) expect([stats.uid, stats.gid]).toEqual([1234, 2345]);
    expect(await getAttribute(path, 'user.dj.colour')).toEqual(Buffer.from([0, 1, 255]));
  });

  it('is not made where the old one is write-protected', async () => {
    const [one, two] = [await test.add('a.flac', tight), await test.add('b.flac', roomy)];
    for (const name of ['a.flac', 'b.flac']) chmodSync(test.path(name), 0o444);
    const before = await test.bytes('a.flac');
    expect(problem(await test.write([one], long))).toBe('file-read-only');
    expect(problem(await test.write([two], long))).toBe('file-read-only');
    expect(Buffer.compare(await test.bytes('a.flac'), before)).toBe(0);
  });

  it('is not made in a folder that may not be written to', async () => {
    mkdirSync(test.path('locked'));
    const id = await test.add('locked/a.flac', tight);
    const before = await test.bytes('locked/a.flac');
    if (isRoot) chownSync(test.path('locked'), 1, 1);
    chmodSync(test.path('locked'), 0o555);
    chmodSync(test.path('locked/a.flac'), 0o666);
    chmodSync(test.folder, 0o755);
    // The superuser may write everywhere; the files of the database are open already.
    if (isRoot) process.seteuid?.(65_534);
    const batchId = await test.write([id], long);
    process.seteuid?.(process.getuid?.() ?? 0);
    expect(problem(batchId)).toBe('file-read-only');
    expect(Buffer.compare(await test.bytes('locked/a.flac'), before)).toBe(0);
    expect(readdirSync(test.path('locked'))).toEqual(['a.flac']);
    chmodSync(test.path('locked'), 0o755);
  });

  it('is not made where it would belong to somebody else', async () => {
    if (!isRoot) return;
    const id = await test.add('a.flac', tight);
    chmodSync(test.folder, 0o755);
    chmodSync(test.music, 0o777);
    chmodSync(test.path('a.flac'), 0o666);
    process.seteuid?.(65_534);
    const batchId = await test.write([id], long);
    process.seteuid?.(0);
    expect(problem(batchId)).toBe('file-read-only');
    expect(readdirSync(test.music)).toEqual(['a.flac']);
  });
});

describe.runIf(isRoot && process.platform === 'linux')('a full disk', () => {
  it('stops the batch; the file is as it was, and goes on when there is room', async () => {
    const small = test.path('small');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      return; // no right to mount in this container
    }
    try {
      const [one, two] = [await test.add('small/a.flac', tight), await test.add('b.flac', tight)];
      const before = await test.bytes('small/a.flac');
      const room = Number(execFileSync('df', ['--output=avail', '-B1', small]).toString().split('\n')[1]);
      writeFileSync(join(small, 'filler'), Buffer.alloc(Math.max(0, room - 8192)));
      const batchId = await test.write([one, two], long);
      expect(problem(batchId)).toBe('disk-full');
      expect(await test.writer.settled(batchId)).toMatchObject({ state: 'stopped', written: 0, failed: 1 });
      expect(Buffer.compare(await test.bytes('small/a.flac'), before)).toBe(0);
      expect(readdirSync(small).sort()).toEqual(['a.flac', 'filler']);
      writeFileSync(join(small, 'filler'), '');
      test.writer.continueBatch(batchId);
      expect(await test.writer.settled(batchId)).toMatchObject({ state: 'done', written: 2, failed: 0 });
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('leftovers', () => {
  it('of another library go after a day; nothing else does', async () => {
    const mine = '.cratewise-0123456789abcdef.tmp';
    const known = '.cratewise-1123456789abcdef.tmp';
    for (const name of [mine, known, '.cratewise-notes.tmp', 'cratewise-0123456789abcdef.tmp'])
      writeFileSync(test.path(name), 'x');
    mkdirSync(test.path('.cratewise-2123456789abcdef.tmp'));
    const isInHand = (path: string): boolean => path.endsWith(known);
    expect(await removeAbandoned(test.music, isInHand, Date.now() + 60_000)).toEqual([]);
    // Its time may be that of old music.
    utimesSync(test.path(mine), 1, 1);
    expect(await removeAbandoned(test.music, isInHand, Date.now() + 60_000)).toEqual([]);
    expect(await removeAbandoned(test.music, isInHand, Date.now() + 25 * 3_600_000)).toEqual([mine]);
    expect(readdirSync(test.music)).toHaveLength(4);
  });
});
