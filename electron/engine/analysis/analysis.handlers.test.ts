import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input, RequestContext, RequestName } from '#shared/contract.ts';
import type { AnalysisStatus, Notice } from '#shared/domain.ts';
import { silentLog } from '#shared/log.ts';
import { enqueue } from '#engine/storage/library/queue.ts';
import { writeSettings } from '#engine/storage/library/settings.ts';
import { createAnalysis } from './analysis.handlers.ts';
import type { Analysis } from './analysis.handlers.ts';
import { createTestFolder, openTestLibrary, testManifest } from './fixtures/library-for-tests.ts';
import type { TestLibrary } from './fixtures/library-for-tests.ts';
import { scriptedHash } from './fixtures/scripted-analyser.ts';
import { createForkAnalyser } from './fork-analyser.ts';

const scripted = new URL('./fixtures/scripted-analyser.ts', import.meta.url);
let folder: ReturnType<typeof createTestFolder>;
let library: TestLibrary;
let analysis: Analysis | null;
let progress: AnalysisStatus[];
let notices: Notice[];

beforeEach(() => {
  folder = createTestFolder();
  library = openTestLibrary(folder.path);
  library.storage.write(() => writeSettings(library.storage.database, { analysisWorkers: 2 }));
  analysis = null;
  progress = [];
  notices = [];
  process.env['CRATEWISE_TEST_JOURNAL'] = join(folder.path, 'journal');
  process.env['CRATEWISE_TEST_MS'] = '5';
  writeFileSync(join(folder.path, 'journal'), '');
});
afterEach(async () => {
  await analysis?.close();
  library.storage.close();
  folder.remove();
});

function start(options: { stallMs?: number; library?: TestLibrary; script?: URL } = {}): Analysis {
  analysis = createAnalysis({
    ...(options.library ?? library),
    spawnAnalyser: createForkAnalyser(options.script ?? scripted),
    publish: (name, event) =>
      name === 'notice' ? notices.push(event as Notice) : progress.push(event as AnalysisStatus),
    changed: () => {},
    clock: Date.now,
    log: silentLog,
    ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }),
  });
  return analysis;
}

/** Calls a handler as the dispatcher would. */
function call<Name extends RequestName & keyof Analysis['handlers']>(name: Name, input: Input<Name>) {
  const handler = analysis?.handlers[name] as (input: Input<Name>, context: RequestContext) => never;
  return handler(input, { signal: new AbortController().signal });
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !condition(); await wait(10)) {
    if (Date.now() > end) throw new Error(`It never came to that: ${condition.toString()}`);
  }
}

const status = (): AnalysisStatus => call('analysis.status', {});
const isDone = (): boolean => status().queued === 0 && status().active.length === 0;
const journal = (): string[] =>
  readFileSync(join(folder.path, 'journal'), 'utf8').split('\n').filter(Boolean);
const jobsOf = (name: string): string[] => journal().filter((line) => line.split(' ')[1] === name);

describe('the analysis', () => {
  it('works through the queue and stores what it hears', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => library.add(`song ${at}.mp3`.replaceAll(' ', '-')));
    start();
    await until(isDone);
    for (const id of ids) expect(library.track(id)).toMatchObject({ analysis: 'done', hash_verified: 1 });
    expect(status()).toMatchObject({ done: 30, failed: 0, backend: 'wasm', workers: 2, paused: false });
    expect(journal()).toHaveLength(30);
    expect(library.storage.database.prepare('SELECT count(*) FROM analysis.predictions').pluck().get()).toBe(
      30,
    );
    const scores = library.storage.database
      .prepare('SELECT DISTINCT genre, confidence FROM analysis.genre_scores ORDER BY 1')
      .all();
    expect(scores).toEqual([
      { genre: 'electronic', confidence: Math.fround(0.9) },
      { genre: 'rock', confidence: Math.fround(0.3) },
    ]);
    await wait(300);
    expect(progress.at(-1)).toMatchObject({ queued: 0, done: 30, tracksPerMinute: null });
  });

  it('lists a bad file with its reason and goes on', async () => {
    const bad = library.add('corrupt.mp3');
    const good = library.add('good.mp3');
    start();
    await until(isDone);
    expect(library.track(good).analysis).toBe('done');
    expect(library.track(bad).analysis).toBe('failed');
    expect(library.error(bad)).toEqual({
      stage: 'analysis',
      code: 'file-corrupt',
      detail: '“corrupt.mp3” is broken.',
      attempts: 1,
    });
    expect(status()).toMatchObject({ done: 1, failed: 1 });

    expect(call('analysis.retry', {})).toEqual({ queued: 1 });
    await until(isDone);
    expect(library.error(bad)?.attempts).toBe(2);
    expect(call('analysis.retry', { trackIds: [good] })).toEqual({ queued: 0 });
  });

  it.each([
    ['crash.mp3', 'analysis-crashed'],
    ['memory.mp3', 'analysis-out-of-memory'],
    ['hang.mp3', 'analysis-timeout'],
  ])('loses only %s when the process dies over it', async (name, code) => {
    const others = Array.from({ length: 12 }, (_, at) => library.add(`good${at}.mp3`));
    const killer = library.add(name);
    start({ stallMs: 600 });
    await until(isDone);
    for (const id of others) expect(library.track(id).analysis).toBe('done');
    expect(library.track(killer).analysis).toBe('failed');
    expect(library.error(killer)).toMatchObject({
      code,
      detail: expect.stringContaining(`“${name}”`) as string,
    });
    // Once beside others, once alone.
    expect(jobsOf(name)).toHaveLength(2);
    expect(jobsOf(name).at(-1)).toBe(`analyse ${name} beside `);
    expect(status()).toMatchObject({ done: 12, failed: 1 });
  });

  it('finds the culprits among several files', async () => {
    const killers = ['crash1.mp3', 'crash2.mp3'].map((name) => library.add(name));
    const good = ['a.mp3', 'b.mp3', 'c.mp3'].map((name) => library.add(name));
    start();
    await until(isDone);
    for (const id of good) expect(library.track(id).analysis).toBe('done');
    for (const id of killers) expect(library.error(id)?.code).toBe('analysis-crashed');
  });

  it('says so when the analyser cannot work at all, and tries again when asked to', async () => {
    const id = library.add('song.mp3');
    const nothing = join(folder.path, 'nothing.mjs');
    writeFileSync(nothing, 'process.exit(3);');
    start({ script: new URL(`file://${nothing}`) });
    await until(() => notices.length > 0);
    expect(status().problem).toMatchObject({ ...notices[0], code: 'analysis-crashed' });
    expect(library.track(id).analysis).toBe('pending');
    writeFileSync(nothing, `await import(${JSON.stringify(scripted.href)});`);
    call('analysis.resume', {});
    await until(isDone);
    expect(library.track(id).analysis).toBe('done');
  });

  it('starts the process anew when it sits on its jobs, and at last says so', async () => {
    const id = library.add('song.mp3');
    const deaf = join(folder.path, 'deaf.mjs');
    writeFileSync(
      deaf,
      `process.on('message', ({ kind }) => {
        if (kind === 'start') process.send({ kind: 'ready', backend: 'wasm', modelVersion: 'test-1', workers: 2 });
        if (kind === 'stop') process.exit(0);
      });`,
    );
    start({ script: new URL(`file://${deaf}`), stallMs: 60 });
    await until(() => notices.length > 0);
    expect(notices[0]?.code).toBe('analysis-timeout');
    expect(library.track(id).analysis).toBe('pending');
    expect(library.error(id)).toBeUndefined();
  });

  it('pauses at once, remembers it, and goes on', async () => {
    process.env['CRATEWISE_TEST_MS'] = '200';
    for (let at = 0; at < 8; at += 1) library.add(`song${at}.mp3`);
    start();
    await until(() => status().active.length > 0);
    call('analysis.pause', {});
    await until(() => status().active.length === 0);
    const before = status();
    expect(before).toMatchObject({ paused: true, queued: 8 - before.done });
    await analysis?.close();
    start();
    await wait(300);
    expect(status()).toMatchObject({ paused: true, queued: before.queued });
    process.env['CRATEWISE_TEST_MS'] = '5';
    call('analysis.resume', {});
    await until(isDone);
    expect(status().done).toBe(before.queued);
  });

  it('takes first what the user waits for', async () => {
    const ids = Array.from({ length: 40 }, (_, at) => library.add(`song${at}.mp3`));
    library.storage.write(() => writeSettings(library.storage.database, { analysisPaused: true }));
    start();
    call('analysis.prioritise', { trackIds: [ids[3] as number] });
    call('analysis.prioritise', { trackIds: [ids[7] as number] });
    call('analysis.resume', {});
    await until(isDone);
    expect(
      journal()
        .slice(0, 3)
        .map((line) => line.split(' ')[1]),
    ).toEqual(['song7.mp3', 'song3.mp3', 'song39.mp3']);
  });

  it('follows the number of workers that is set', async () => {
    library.add('first.mp3');
    start();
    await until(isDone);
    library.storage.write(() => writeSettings(library.storage.database, { analysisWorkers: 3 }));
    analysis?.wake();
    const id = library.add('second.mp3');
    analysis?.wake();
    await until(isDone);
    expect(status().workers).toBe(3);
    expect(library.track(id).analysis).toBe('done');
  });
});

describe('what is known already', () => {
  it('is not analysed again for a moved file, nor for a copy of the library', async () => {
    const moved = library.add('song.mp3');
    start();
    await until(isDone);
    library.storage.write(() => {
      library.storage.database.prepare('UPDATE tracks SET hash_verified = 0 WHERE id = ?').run(moved);
      enqueue(library.storage.database, [moved], 'verify', { now: Date.now() });
    });
    analysis?.wake();
    await until(isDone);
    expect(library.track(moved)).toMatchObject({ analysis: 'done', hash_verified: 1 });
    expect(journal().map((line) => line.split(' ')[0])).toEqual(['analyse', 'hash']);
  });

  it('is analysed when a moved file turns out to hold another recording', async () => {
    const id = library.add('other.mp3');
    library.storage.write(() => {
      library.storage.database.prepare('DELETE FROM analysis_queue').run();
      library.storage.database
        .prepare(`UPDATE tracks SET audio_hash = ?, analysis = 'done' WHERE id = ?`)
        .run(scriptedHash('song.mp3'), id);
      enqueue(library.storage.database, [id], 'verify', { now: Date.now() });
    });
    start();
    await until(isDone);
    // The file is a track of its own then; the track that it was taken for is missing as before.
    expect(library.track(id)).toMatchObject({
      audio_hash: Buffer.from(scriptedHash('song.mp3')),
    });
    expect(library.track(id + 1)).toMatchObject({
      analysis: 'done',
      hash_verified: 1,
      audio_hash: Buffer.from(scriptedHash('other.mp3')),
    });
    expect(jobsOf('other.mp3').map((line) => line.split(' ')[0])).toEqual(['hash', 'analyse']);
  });

  it('is found by its hash when library.db was lost', async () => {
    library.add('song.mp3');
    start();
    await until(isDone);
    await analysis?.close();
    library.storage.database.exec('DELETE FROM tracks');
    const again = library.add('song.mp3~again');
    const news = library.add('news.mp3');
    start();
    await until(isDone);
    expect(library.track(again).analysis).toBe('done');
    expect(library.track(news).analysis).toBe('done');
    expect(jobsOf('song.mp3~again').map((line) => line.split(' ')[0])).toEqual(['hash']);
  });

  it('is computed anew for a new model, and found missing at the start', async () => {
    const id = library.add('song.mp3');
    const forgotten = library.add('forgotten.mp3', { queued: false });
    start();
    await until(() => library.track(forgotten).analysis === 'done' && isDone());
    await analysis?.close();
    library.storage.close();
    library = openTestLibrary(folder.path, { ...testManifest, version: 'test-2' });
    start();
    await until(() => jobsOf('song.mp3').length === 2 && isDone());
    expect(library.track(id).analysis).toBe('done');
  });
});

describe('files that change or go', () => {
  it('analyses a file again that was queued anew while it was in hand', async () => {
    process.env['CRATEWISE_TEST_MS'] = '300';
    const id = library.add('song.mp3');
    start();
    await until(() => status().active.length === 1);
    library.storage.write(() => enqueue(library.storage.database, [id], 'analyse', { now: 0 }));
    analysis?.wake();
    await until(() => jobsOf('song.mp3').length === 2 && isDone());
    expect(library.track(id).analysis).toBe('done');
    expect(library.queue()).toEqual([]);
  });

  it('leaves the tracks of a folder that has gone in the queue, and blames none of them', async () => {
    library.storage.database
      .prepare(`INSERT INTO folders (id, path, added_at) VALUES (2, '/absent/drive', 0)`)
      .run();
    const away = library.add('absent1.mp3', { folderId: 2 });
    const gone = library.add('absent2.mp3');
    const here = library.add('here.mp3');
    start();
    await until(() => library.track(here).analysis === 'done' && isDone());
    expect(library.track(away).analysis).toBe('pending');
    expect(library.error(away)).toBeUndefined();
    expect(library.queue().map(({ track_id }) => track_id)).toEqual([away]);
    expect(library.error(gone)?.code).toBe('file-not-found');
  });
});

describe('kill -9', () => {
  it('loses nothing that was told, and nothing of it is analysed twice', async () => {
    process.env['CRATEWISE_TEST_MS'] = '30';
    const ids = Array.from({ length: 60 }, (_, at) => library.add(`song${at}.mp3`));
    library.storage.close();
    const engine = fork(new URL('./fixtures/engine-for-tests.ts', import.meta.url), [folder.path], {
      execArgv: [],
    });
    let told = 0;
    engine.on('message', (message: { event: AnalysisStatus }) => (told = Math.max(told, message.event.done)));
    await until(() => told >= 12);
    engine.kill('SIGKILL');
    await new Promise((resolve) => engine.once('exit', resolve));

    library = openTestLibrary(folder.path);
    const { database } = library.storage;
    expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const stored = ids.filter((id) => library.track(id).analysis === 'done');
    expect(stored.length).toBeGreaterThanOrEqual(told);
    expect(stored.length).toBeLessThan(60);
    expect(library.queue()).toHaveLength(60 - stored.length);
    await wait(500);
    const before = journal().length;
    start();
    await until(isDone);
    expect(ids.every((id) => library.track(id).analysis === 'done')).toBe(true);
    expect(journal()).toHaveLength(before + 60 - stored.length);
  });
});
