import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFile } from 'music-metadata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '#shared/contract.ts';
import type { CopiedList, CopyProgress } from '#shared/domain.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { insertEntries } from '#engine/storage/library/playlist-entries.ts';
import { insertNode } from '#engine/storage/library/playlists.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { AppError } from '#shared/errors.ts';
import { createCopyToFolder } from './copy.handlers.ts';
import type { Convert } from './copy.handlers.ts';

let scratch: string;
let target: string;
let library: FilledLibrary;
let convert: Convert;
let progress: CopyProgress[];
let handlers: ReturnType<typeof createCopyToFolder>;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'cratewise-copy-'));
  target = join(scratch, 'stick', 'Friday');
  library = openFilledLibrary();
  mkdirSync(join(scratch, 'music'));
  library.storage.database.prepare('UPDATE folders SET path = ?').run(join(scratch, 'music'));
  progress = [];
  convert = (source, file) => {
    writeFileSync(file, `converted ${readFileSync(source, 'utf8')}`);
    return Promise.resolve();
  };
  handlers = createCopyToFolder({
    storage: library.storage,
    compile: createCompileQuery(library.storage.database, Date.now),
    convert: (...input) => convert(...input),
    publish: (name, payload) => {
      if (name === 'copy.progress') progress.push(payload as CopyProgress);
    },
  });
});
afterEach(() => {
  library.remove();
  rmSync(scratch, { recursive: true, force: true });
});

function add(name: string, more: { title?: string; artist?: string; bytes?: number } = {}): number {
  const { bytes = 1000, ...tags } = more;
  writeFileSync(join(scratch, 'music', name), Buffer.alloc(bytes, name));
  return library.add({ path: name, ...tags, durationSeconds: 10 });
}

function listOf(...ids: number[]): number {
  const { database } = library.storage;
  const node = { name: 'Fri/day', kind: 'playlist', parentId: null, position: 0, rules: null } as const;
  const id = insertNode(database, node, 1);
  insertEntries(database, id, ids, 0);
  return id;
}

async function copy(
  playlistId: number,
  more: Partial<Input<'playlists.copyToFolder'>> = {},
  signal = new AbortController().signal,
): Promise<CopiedList> {
  return await handlers['playlists.copyToFolder']({ playlistId, folder: target, ...more }, { signal });
}

const names = (): readonly string[] => readdirSync(target).filter((name) => !name.startsWith('.'));

describe('copying a list', () => {
  it('numbers the files in its order, under names that FAT holds, with a playlist of them', async () => {
    const a = add('a.mp3', { title: 'AC/DC: "Live"?', artist: '../..' });
    const b = add('b.FLAC', { title: 'x'.repeat(400), artist: 'A' });
    const c = add('CON.wav');
    const result = await copy(listOf(a, b, a, c));
    expect(names()).toEqual([
      '01 _.. - AC_DC_ _Live__.mp3',
      `02 A - ${'x'.repeat(176)}.flac`,
      '03 _.. - AC_DC_ _Live__.mp3',
      '04 _CON.wav',
      'Fri_day.m3u8',
    ]);
    expect(result).toMatchObject({ copied: 4, converted: 0, kept: 0, failedCount: 0, bytes: 4000 });
    const lines = readFileSync(join(target, 'Fri_day.m3u8'), 'utf8').split('\n');
    expect(lines[6]).toBe('./03 _.. - AC_DC_ _Live__.mp3');
    expect(
      readFileSync(join(target, '04 _CON.wav')).equals(readFileSync(join(scratch, 'music/CON.wav'))),
    ).toBe(true);
    expect(progress.at(-1)).toMatchObject({ done: 4, total: 4, bytesDone: 4000, bytesTotal: 4000 });
  });

  it('goes on where it ended: whole copies of the same files are kept, others made anew', async () => {
    const ids = ['a.mp3', 'b.mp3', 'c.mp3'].map((name) => add(name));
    const list = listOf(...ids);
    const controller = new AbortController();
    const publish = progress.push.bind(progress);
    progress.push = (...items) => {
      if (items[0]?.done === 2) controller.abort();
      return publish(...items);
    };
    // Progress is told four times a second: each file takes that long.
    convert = async (source, file, _order, signal) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      signal.throwIfAborted();
      writeFileSync(file, readFileSync(source));
    };
    const flac = { convertTo: 'flac' } as const;
    await expect(copy(list, flac, controller.signal)).rejects.toThrow();
    expect(names()).toEqual(['01 a.flac', '02 b.flac']);
    writeFileSync(join(target, '.cratewise-0123456789abcdef.part'), 'half');
    expect(await copy(list, flac)).toMatchObject({ kept: 2, converted: 1 });
    expect(readdirSync(target).filter((name) => name.includes('.part'))).toEqual([]);
    // One was cut off, one changed since.
    writeFileSync(join(target, '01 a.flac'), '');
    library.storage.database.prepare('UPDATE tracks SET modified_at = 9 WHERE id = ?').run(ids[1]);
    expect(await copy(list, flac)).toMatchObject({ kept: 1, converted: 2 });
  });

  it('leaves files of others as they are, and says which were not copied and why', async () => {
    const [a, gone] = [add('a.mp3'), add('gone.mp3')];
    rmSync(join(scratch, 'music/gone.mp3'));
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, '01 a.mp3'), 'mine');
    const result = await copy(listOf(a, gone));
    expect(result.failed.map(({ trackId, reason }) => [trackId, reason])).toEqual([
      [a, expect.stringContaining('is there already')],
      [gone, 'the file is not there'],
    ]);
    expect(readFileSync(join(target, '01 a.mp3'), 'utf8')).toBe('mine');
  });

  it('refuses before it begins when there is not room for all', async () => {
    const id = add('a.mp3');
    library.storage.database.prepare('UPDATE tracks SET size_bytes = 1e15 WHERE id = ?').run(id);
    await expect(copy(listOf(id))).rejects.toThrow(/has room for [\d,]+ MB/);
    expect(readdirSync(target)).toEqual([]);
  });

  it('converts what is of another format, tells tags, and leaves nothing of what failed', async () => {
    const [mp3, flac, bad] = [add('a.mp3', { title: 'T', artist: 'A' }), add('b.flac'), add('c.ogg')];
    const orders: unknown[] = [];
    convert = (source, file, order) => {
      orders.push([source.slice(-5), order]);
      writeFileSync(file, 'new');
      return source.endsWith('.ogg')
        ? Promise.reject(new AppError('file-corrupt', 'broken'))
        : Promise.resolve();
    };
    const result = await copy(listOf(mp3, flac, bad), {
      convertTo: 'flac',
      numbered: false,
      playlistFile: false,
    });
    expect(result).toMatchObject({ copied: 1, converted: 1, failedCount: 1, failed: [{ reason: 'broken' }] });
    expect(names()).toEqual(['A - T.flac', 'b.flac']);
    expect(orders[0]).toEqual([
      'a.mp3',
      { format: 'flac', mostSampleRateHz: null, mostBits: null, tags: { title: 'T', artist: 'A' } },
    ]);
    expect(existsSync(join(target, 'Fri_day.m3u8'))).toBe(false);
    expect(readdirSync(target).some((name) => name.includes('.part'))).toBe(false);
  });
});

describe('a converted file', async () => {
  const { encodeAudio } = await import('#build/demo/encode.ts');
  const { createForkPlayer } = await import('#engine/playing/fork-player.ts');
  const { createPlayer } = await import('#engine/playing/player.ts');
  const rate = 96_000;
  const samples = Float32Array.from({ length: rate * 2 * 2 }, (_, at) =>
    at % 2 === 0 ? 0.5 * Math.sin((2 * Math.PI * 440 * (at >> 1)) / rate) : 0,
  );
  it.each([
    ['wav', 96_000, null, 16],
    ['aiff', 96_000, null, 16],
    ['flac', 48_000, 48_000, 16],
    ['mp3', 48_000, null, undefined],
  ] as const)('%s has the music, its rate and its tags', async (format, expected, mostSampleRateHz, bits) => {
    const source = join(scratch, 'source.flac');
    await encodeAudio({ file: source, samples, sampleRateHz: rate, channels: 2 });
    const file = join(scratch, `made.${format}`);
    const player = createPlayer(createForkPlayer());
    const order = {
      format,
      mostSampleRateHz,
      mostBits: 16,
      tags: { title: 'Ä', artist: '羊', track: '3' },
    } as const;
    await player.convert(source, file, order, new AbortController().signal);
    const { format: read, common } = await parseFile(file, { duration: true });
    expect(read.sampleRate).toBe(expected);
    expect(read.bitsPerSample).toBe(bits);
    expect(read.duration).toBeCloseTo(2, 1);
    // LIST INFO names no encoding; what FFmpeg writes into it is UTF-8.
    const title =
      format === 'wav' ? Buffer.from(common.title ?? '', 'latin1').toString('utf8') : common.title;
    expect(title).toBe('Ä');
    const wav = await player.openWav(file, null);
    const pcm = Buffer.from(await wav.read(44 + expected * 4, expected * 4));
    let [left, right, crossings] = [0, 0, 0];
    for (let at = 0; at + 7 < pcm.length; at += 4) {
      left = Math.max(left, Math.abs(pcm.readInt16LE(at)));
      right = Math.max(right, Math.abs(pcm.readInt16LE(at + 2)));
      if (pcm.readInt16LE(at) < 0 && pcm.readInt16LE(at + 4) >= 0) crossings += 1;
    }
    expect(left / 32_768).toBeCloseTo(0.5, 1);
    expect(right).toBeLessThan(500);
    expect(crossings).toBeGreaterThan(430);
    expect(crossings).toBeLessThan(450);
    expect(statSync(file).size).toBeGreaterThan(1000);
    player.close();
  });
});
