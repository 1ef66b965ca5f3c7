import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discover } from './discover.ts';
import type { FoundFile, WalkFileSystem, WalkOptions } from './discover.ts';
import { decodeName, isHiddenName } from './paths.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cratewise-walk-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(path: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), 'x');
}

async function walk(
  options: Partial<WalkOptions> = {},
): Promise<{ paths: string[]; files: FoundFile[]; unreadable: readonly string[] }> {
  const files: FoundFile[] = [];
  const { unreadable } = await discover({ root, ...options }, (found) => files.push(...found));
  return {
    files,
    paths: files.map((file) => file.relativePath).sort(),
    unreadable: unreadable.map((folder) => `${folder.relativePath}: ${folder.detail}`),
  };
}

describe('discover', () => {
  it('finds music by its name, in any case, and nothing that is hidden', async () => {
    const music = [
      'a.mp3',
      'b.FLAC',
      'c/d/e.m4a',
      'c/f.Opus',
      '...And Justice/g.wv',
      '.38 Special/h.ape',
      'i.aif',
    ];
    const other = [
      'x.jpg',
      'mp3',
      '.hidden.mp3',
      '._a.mp3',
      '.Trash/a.mp3',
      'c/@eaDir/a.mp3',
      '$RECYCLE.BIN/a.mp3',
      'y.mp3.part',
      '.mp3',
    ];
    for (const path of [...music, ...other]) put(path);
    mkdirSync(join(root, 'folder.mp3'));
    expect((await walk()).paths).toEqual([...music].sort());
  });

  it('looks only where it is told to', async () => {
    for (const path of ['a.mp3', 'sub/b.mp3', 'sub/c.mp3', 'other/d.mp3', '.hidden/e.mp3']) put(path);
    const only = ['a.mp3', 'sub', 'gone', 'other/d.txt', '.hidden/e.mp3'];
    expect((await walk({ only })).paths).toEqual(['a.mp3', 'sub/b.mp3', 'sub/c.mp3']);
  });

  it('follows links once and never in circles', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'cratewise-outside-'));
    const otherRoot = mkdtempSync(join(tmpdir(), 'cratewise-other-'));
    try {
      writeFileSync(join(outside, 'o.mp3'), 'x');
      writeFileSync(join(otherRoot, 'theirs.mp3'), 'x');
      put('real/a.mp3');
      put('.git/annex/objects/k1.mp3');
      symlinkSync(root, join(root, 'real/up'));
      symlinkSync(join(root, 'real'), join(root, 'again'));
      symlinkSync(join(root, 'real/a.mp3'), join(root, 'same.mp3'));
      symlinkSync(outside, join(root, 'b-link'));
      symlinkSync(outside, join(root, 'a-link'));
      symlinkSync(join(outside, 'o.mp3'), join(root, 'zz.mp3'));
      symlinkSync(join(root, 'nowhere'), join(root, 'broken.mp3'));
      symlinkSync(otherRoot, join(root, 'theirs'));
      symlinkSync(join(root, '.git/annex/objects/k1.mp3'), join(root, 'annexed.mp3'));
      symlinkSync(root, join(outside, 'back'));
      for (let each = 0; each < 3; each += 1) {
        const { paths, unreadable } = await walk({ otherRoots: [otherRoot] });
        expect(paths).toEqual(['a-link/o.mp3', 'annexed.mp3', 'real/a.mp3']);
        expect(unreadable).toEqual([]);
      }
    } finally {
      rmSync(outside, { recursive: true });
      rmSync(otherRoot, { recursive: true });
    }
  });

  it('says which folder or file may not be read and goes on', async () => {
    for (const path of ['ok/a.mp3', 'secret/b.mp3', 'broken/c.mp3', 'ok/d.mp3']) put(path);
    const failing = (code: string): Promise<never> =>
      Promise.reject(Object.assign(new Error(code), { code }));
    // Root may read everything, so the refusal is played; all else is the real file system.
    const fileSystem: WalkFileSystem = {
      readdir(path) {
        if (path.toString().endsWith('/secret')) return failing('EACCES');
        if (path.toString().endsWith('/broken')) return failing('EIO');
        return fs.readdir(path, { withFileTypes: true, encoding: 'buffer' });
      },
      stat: (path) => (path.toString().endsWith('/d.mp3') ? failing('EACCES') : fs.stat(path)),
      lstat: (path) => fs.lstat(path),
      realpath: (path) => fs.realpath(path),
    };
    const { files, unreadable } = await walk({ fileSystem });
    expect(unreadable.slice().sort()).toEqual([
      `broken: The folder ${join(root, 'broken')} could not be read (EIO). Check the drive, then scan again.`,
      `secret: The folder ${join(root, 'secret')} may not be read. Give yourself permission to read it, then scan again.`,
    ]);
    expect(files.map((file) => [file.relativePath, file.problem?.code]).sort()).toEqual([
      ['ok/a.mp3', undefined],
      ['ok/d.mp3', 'file-not-readable'],
    ]);
  });

  it('ends when it is cancelled', async () => {
    for (let each = 0; each < 40; each += 1) put(`${each}/a.mp3`);
    const controller = new AbortController();
    let seen = 0;
    const walking = discover({ root, signal: controller.signal }, (files) => {
      seen += files.length;
      controller.abort();
    });
    await expect(walking).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toBeLessThan(40);
  });

  it('finds names that are not text', async () => {
    const name = Buffer.concat([Buffer.from('ä'), Buffer.from([0xff, 0xc3]), Buffer.from('z.mp3')]);
    mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9])]));
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9]), Buffer.from('/'), name]), 'x');
    const { files } = await walk();
    expect(files).toMatchObject([
      { relativePath: '\\xE9/ä\\xFF\\xC3z.mp3', problem: { code: 'file-name-not-utf8' } },
    ]);
  });
});

describe('names', () => {
  it.each([
    ['.DS_Store', true],
    ['._song.mp3', true],
    ['lost+found', true],
    ['.38 Special', false],
    ['...And Justice for All', false],
    ['A.D.', false],
  ])('%s: hidden %s', (name, hidden) => {
    expect(isHiddenName(name)).toBe(hidden);
  });

  it('keep valid text as it is', () => {
    expect(decodeName(Buffer.from('日本 🎧'))).toEqual({ text: '日本 🎧', valid: true });
    expect(decodeName(Buffer.from([0x41, 0xed, 0xa0, 0x80]))).toEqual({
      text: 'A\\xED\\xA0\\x80',
      valid: false,
    });
  });
});
