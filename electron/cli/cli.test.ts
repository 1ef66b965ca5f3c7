/** The command line as scripts use it: real processes, a real library, synthesised music. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTestMusic } from '#engine/test-music.fixture.ts';
import { bin, folder, json, music, pieces, run, start } from './command-line.fixture.ts';

test('scan, list, genres, similar, playlist, export: the main job', async () => {
  const files = writeTestMusic(music, pieces);
  writeFileSync(join(music, 'not music.mp3'), 'text');

  const summary = await json('scan', 'music', '--jobs', '1');
  expect(summary).toMatchObject({ files: 4, new: 4, moved: 0, errors: 1, analysed: 3 });
  expect(summary).toHaveProperty('seconds', expect.any(Number));

  interface Row {
    readonly id: number;
    readonly path: string;
    readonly genres: readonly { readonly genre: string; readonly confidence: number }[];
    readonly embedding: readonly number[] | null;
  }
  const rows = await json<Row[]>(
    'list',
    '--fields',
    'id,path,title,artist,album,genres,embedding,state,error',
  );
  expect(rows.map(({ path }) => path)).toEqual([...files, join(music, 'not music.mp3')]);
  expect(rows[0]).toMatchObject({
    title: 'Piece 1',
    artist: 'Ärtist',
    album: null,
    state: 'present',
    error: null,
  });
  expect(rows[0]!.embedding).toHaveLength(16);
  expect(Math.hypot(...rows[0]!.embedding!)).toBeCloseTo(1, 4);
  expect(rows[0]!.genres[0]).toEqual({ genre: expect.any(String), confidence: expect.any(Number) });
  expect(rows[3]).toMatchObject({ embedding: null, genres: [], error: { code: 'file-type-mismatch' } });

  const lines = (await run('list', 'artist:ärtist', '--ndjson')).out.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as Row).id)).toEqual(rows.slice(0, 3).map(({ id }) => id));
  expect((await run('list', '--fields', 'id,title')).out).toContain(`${rows[0]!.id}\tPiece 1\n`);

  const counts = await json<{ genres: { name: string; count: number }[]; analysedCount: number }>('genres');
  expect(counts.analysedCount).toBe(3);
  const genre = counts.genres.toSorted((a, b) => b.count - a.count)[0]!;
  expect(genre.count).toBeGreaterThan(0);

  const similar = await json<{ id: number; score: number; reason: string }[]>(
    'similar',
    files[0]!,
    '--limit',
    '1',
  );
  expect(similar).toHaveLength(1);
  expect(rows.slice(1, 3).map(({ id }) => id)).toContain(similar[0]!.id);
  expect(await json('similar', String(rows[0]!.id), '--limit', '1')).toEqual(similar);

  expect(await json('playlist', 'generate', genre.name, '--name', 'Set')).toMatchObject({
    name: 'Set',
    trackCount: genre.count,
  });
  expect(await json('playlist', 'create', 'Two', files[2]!, String(rows[0]!.id))).toMatchObject({
    trackCount: 2,
  });
  expect(await json('playlist', 'list')).toMatchObject([{ name: 'Set' }, { name: 'Two' }]);
  expect((await json<Row[]>('playlist', 'show', 'two')).map(({ path }) => path)).toEqual([
    files[2],
    files[0],
  ]);
  const out = join(folder, 'two.m3u8');
  expect(
    await json('playlist', 'export', 'Two', '--format', 'm3u8', '--out', 'two.m3u8', '--relative'),
  ).toMatchObject({ file: out, tracks: 2, leftOut: 0 });
  expect(readFileSync(out, 'utf8')).toBe(
    '#EXTM3U\n#EXTINF:4,Ärtist - Piece 3\n./music/album/3.wav\n#EXTINF:4,Ärtist - Piece 1\n./music/album/1.wav\n',
  );
  expect((await run('playlist', 'export', 'Two', '--out', out)).code).toBe(1);
  expect(await json('playlist', 'create', 'Box', '--crate', files[2]!, files[2]!)).toMatchObject({
    kind: 'crate',
    trackCount: 1,
  });
  expect(await json('playlist', 'create', 'Found', '--search', 'is:present')).toMatchObject({
    kind: 'smart',
    trackCount: rows.length,
  });
  expect(await json('playlist', 'show', 'found')).toHaveLength(rows.length);
  expect((await run('playlist', 'create', 'Bad', '--search', 'year:soon')).code).toBe(2);
  for (const name of ['Box', 'Found']) expect((await run('playlist', 'delete', name)).code).toBe(0);
  expect((await run('playlist', 'delete', 'Two')).code).toBe(0);
  expect(await json('playlist', 'list')).toHaveLength(1);

  expect(await json('errors')).toMatchObject([
    { path: join(music, 'not music.mp3'), code: 'file-type-mismatch' },
  ]);
  expect(await json('errors', '--retry')).toMatchObject([{ code: 'file-type-mismatch', attempts: 2 }]);
  // Nothing has changed: nothing is analysed again.
  expect(await json('scan', music)).toMatchObject({
    new: 0,
    changed: 0,
    unchanged: 4,
    analysed: 0,
    errors: 1,
  });
}, 120_000);

test('exit codes are what scripts rely on', async () => {
  writeFileSync(join(music, 'not music.mp3'), 'text');
  const code = async (...args: string[]) => (await run(...args)).code;
  expect(await code('--help')).toBe(0);
  expect(await code('--version')).toBe(0);
  expect(await code('playlist', 'export', '--help')).toBe(0);
  const wrong = [
    [],
    ['frobnicate'],
    ['scan'],
    ['scan', music, '--jobs', '0'],
    ['list', '--fields', 'id,shoe'],
    ['list', '--json', '--ndjson'],
    ['list', 'genre:'],
    ['similar', '1', '--limit', 'many'],
    ['playlist', 'export', 'x'],
    ['playlist', 'export', 'x', '--out', 'y', '--format', 'doc'],
  ];
  const codes = await Promise.all(wrong.map(async (args) => [args.join(' '), await code(...args)]));
  expect(codes).toEqual(wrong.map((args) => [args.join(' '), 2]));
  expect(await code('scan', music)).toBe(0);
  expect(await code('scan', music, '--strict')).toBe(3);
  expect(await code('scan', join(folder, 'nowhere'))).toBe(1);
  expect(await code('similar', join(music, 'not music.mp3'))).toBe(1);
  expect(await code('playlist', 'show', 'none')).toBe(1);
}, 120_000);

test('--db takes another library, with its analysis beside it; --quiet says nothing on stderr', async () => {
  writeTestMusic(music, pieces.slice(0, 1));
  const { code, error } = await run('scan', music, '--db', 'elsewhere/mine.db', '--quiet');
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(existsSync(join(folder, 'elsewhere', 'mine.db'))).toBe(true);
  expect(existsSync(join(folder, 'elsewhere', 'mine.analysis.db'))).toBe(true);
  expect(await json('list', '--db', join(folder, 'elsewhere', 'mine.db'))).toHaveLength(1);
  expect(await json('list')).toEqual([]);
}, 60_000);

test('Ctrl-C ends a scan with 130, kill -9 without a word; the next run goes on and analyses nothing twice', async () => {
  const many = Array.from({ length: 24 }, (_, seed) => ({ path: `${seed}.wav`, seed, seconds: 40 }));
  writeTestMusic(music, many);
  const begun = async (signal: NodeJS.Signals): Promise<number | null> => {
    const scan = start('scan', music, '--jobs', '1');
    await expect
      .poll(async () => (await json<unknown[]>('list', 'is:analysed')).length, {
        timeout: 40_000,
        interval: 50,
      })
      .toBeGreaterThan(0);
    scan.child.kill(signal);
    return await scan.ended;
  };
  expect(await begun('SIGINT')).toBe(130);
  const after = (await json<unknown[]>('list', 'is:analysed')).length;
  expect(await begun('SIGKILL')).toBe(null);
  const last = await json<{ analysed: number; new: number }>('scan', music);
  expect(last.new).toBe(0);
  expect(last.analysed).toBeLessThanOrEqual(many.length - after);
  expect(await json('list', 'is:analysed')).toHaveLength(many.length);
}, 180_000);

test('a list that nobody reads to the end is no failure', async () => {
  writeTestMusic(music, pieces);
  await run('scan', music);
  const list = start('list', '--json');
  list.child.stdout!.destroy();
  expect(await list.ended).toBe(0);
}, 60_000);

test('names of files cannot speak to the terminal', async () => {
  writeTestMusic(music, [{ path: 'evil \u001b[2J\n.wav', seed: 1, title: 'red \u001b[31m' }]);
  await run('scan', music);
  const { out } = await run('list');
  expect(out).not.toContain('\u001b');
  expect(out.trim().split('\n')).toHaveLength(1);
  const [row] = await json<{ path: string }[]>('list');
  expect(row!.path).toBe(join(music, 'evil \u001b[2J\n.wav'));
}, 60_000);

test('an old Node is told, or replaced by our own', async () => {
  const source = readFileSync(bin, 'utf8').replaceAll('process.versions.node', "'20.19.2'");
  const lonely = join(folder, 'electron', 'cli', 'bin.mjs');
  mkdirSync(join(lonely, '..'), { recursive: true });
  writeFileSync(lonely, source);
  const child = spawn(process.execPath, [lonely, 'list']);
  let error = '';
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(error).toContain('Node 22.22 or newer is needed, and this is Node 20.19.2');
});

test.skipIf(process.platform === 'win32')(
  'our own Node hears of Ctrl-C that only the old one got',
  async () => {
    const lonely = join(folder, 'electron', 'cli', 'bin.mjs');
    const own = join(folder, 'node_modules', 'node', 'bin', 'node');
    for (const file of [lonely, own]) mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(lonely, readFileSync(bin, 'utf8').replaceAll('process.versions.node', "'20.19.2'"));
    const script = `process.on('SIGINT', () => process.exit(130)); setInterval(() => {}, 1000); console.log('ready');`;
    writeFileSync(own, `#!${process.execPath}\n${script}`, { mode: 0o755 });
    const child = spawn(process.execPath, [lonely, 'list']);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGTERM'), 5000);
    expect(await once(child, 'exit')).toEqual([130, null]);
    clearTimeout(timer);
  },
);

test('a folder inside one of the library is scanned with it, not added', async () => {
  writeTestMusic(music, [{ path: 'album/1.wav', seed: 1 }]);
  await run('scan', music);
  writeTestMusic(music, [{ path: 'album/2.wav', seed: 2 }]);
  const { code, out, error } = await run('scan', join(music, 'album'), '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ files: 2, new: 1, unchanged: 1 });
  expect(error).toContain(`is a part of ${music}`);
  expect((await run('scan', folder)).code).toBe(1);
}, 60_000);

test('playlists are made of lists from stdin', async () => {
  const files = writeTestMusic(music, pieces);
  await run('scan', music);
  const create = start('playlist', 'create', 'Piped', '-', '--json');
  create.child.stdin!.end(`${files[1]}\n${files[0]}\n`);
  expect(await create.ended).toBe(0);
  const rows = await json<{ path: string }[]>('playlist', 'show', 'Piped');
  expect(rows.map(({ path }) => path)).toEqual([files[1], files[0]]);
}, 60_000);
