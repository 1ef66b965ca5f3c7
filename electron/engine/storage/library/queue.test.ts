import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '#shared/log.ts';
import { openStorage } from '../open.ts';
import type { Storage } from '../open.ts';
import { recordTrackError } from './errors.ts';
import {
  countQueued,
  enqueue,
  failQueued,
  markAlone,
  nextInQueue,
  prioritiseQueued,
  queueUnanalysed,
  removeFromQueue,
  retryFailed,
} from './queue.ts';

let folder: string;
let storage: Storage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-queue-'));
  storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: () => 1, log: silentLog });
  storage.database
    .prepare(`INSERT INTO folders (id, path, added_at) VALUES (1, '/music', 1), (2, 'D:\\', 1)`)
    .run();
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(name: string, state = 'present', folderId = 1): number {
  return Number(
    storage.database
      .prepare(
        `INSERT INTO tracks (folder_id, relative_path, size_bytes, modified_at, added_at, state) VALUES (?, ?, 1, 1, 1, ?)`,
      )
      .run(folderId, name, state).lastInsertRowid,
  );
}

const ids = (limit = 100) => nextInQueue(storage.database, limit).map(({ trackId }) => trackId);
const stateOf = (id: number) =>
  storage.database.prepare('SELECT analysis FROM tracks WHERE id = ?').pluck().get(id);

describe('the queue', () => {
  it('gives the newest first, after what has priority, and before what was in hand at a crash', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => add(name)) as [number, number, number, number];
    enqueue(storage.database, [a, b], 'analyse', { now: 10 });
    enqueue(storage.database, [c], 'analyse', { now: 20 });
    enqueue(storage.database, [d], 'analyse', { now: 5, priority: 1 });
    expect(ids()).toEqual([d, c, b, a]);
    expect(ids(2)).toEqual([d, c]);
    markAlone(storage.database, [d]);
    prioritiseQueued(storage.database, [a, 999]);
    expect(ids()).toEqual([a, c, b, d]);
    expect(nextInQueue(storage.database, 9).at(-1)).toMatchObject({ alone: true, attempts: 1 });
  });

  it('leaves out what is not there, but keeps it', () => {
    const [here] = [add('here'), add('away', 'offline'), add('gone', 'missing')];
    const other = add('other.mp3', 'present', 2);
    enqueue(storage.database, [1, 2, 3, 4], 'analyse', { now: 1 });
    expect(nextInQueue(storage.database, 9).map(({ path }) => path)).toEqual([
      'D:\\other.mp3',
      '/music/here',
    ]);
    expect(countQueued(storage.database)).toBe(2);
    expect(countQueued(storage.database, [1])).toBe(1);
    expect(nextInQueue(storage.database, 9, [2]).map(({ trackId }) => trackId)).toEqual([here]);
    expect(nextInQueue(storage.database, 9, [1]).map(({ trackId }) => trackId)).toEqual([other]);
    expect(storage.database.prepare('SELECT count(*) FROM analysis_queue').pluck().get()).toBe(4);
  });

  it('knows a request that was replaced while it was worked on', () => {
    const id = add('song');
    enqueue(storage.database, [id], 'verify', { now: 50 });
    const [first] = nextInQueue(storage.database, 1);
    enqueue(storage.database, [id], 'analyse', { now: 50 });
    enqueue(storage.database, [id], 'verify', { now: 50 });
    const [second] = nextInQueue(storage.database, 1);
    expect(first?.task).toBe('verify');
    expect(second?.task).toBe('analyse');
    expect(removeFromQueue(storage.database, id, first?.queuedAt as number)).toBe(false);
    expect(removeFromQueue(storage.database, id, second?.queuedAt as number)).toBe(true);
  });

  it('takes no track that is no more', () => {
    const id = add('song');
    enqueue(storage.database, [id + 1, id], 'analyse', { now: 1 });
    enqueue(storage.database, [id + 1], 'verify', { now: 1 });
    expect(ids()).toEqual([id]);
  });

  it('retries no file that is empty or that no program can open', () => {
    const failures = [
      ['scan', 'file-empty'],
      ['scan', 'file-name-not-utf8'],
      ['scan', 'file-not-readable'],
      ['analysis', 'file-corrupt'],
    ] as const;
    const tracks = failures.map(([stage, code]) => {
      const id = add(code);
      recordTrackError(storage.database, id, { stage, code, detail: 'x' }, 1);
      return id;
    });
    storage.database.exec(`UPDATE tracks SET analysis = 'failed'`);
    expect(retryFailed(storage.database, tracks.slice(0, 2), 3)).toBe(0);
    expect(retryFailed(storage.database, null, 3)).toBe(2);
    expect(ids().toSorted()).toEqual(tracks.slice(2));
    expect(tracks.map(stateOf)).toEqual(['failed', 'failed', 'pending', 'pending']);
  });

  it('fails a track for good, until it is retried or changes', () => {
    const id = add('song');
    enqueue(storage.database, [id], 'analyse', { now: 1 });
    const [track] = nextInQueue(storage.database, 1);
    failQueued(
      storage.database,
      track as NonNullable<typeof track>,
      { code: 'file-corrupt', detail: 'x' },
      2,
    );
    expect(stateOf(id)).toBe('failed');
    expect(ids()).toEqual([]);
    expect(retryFailed(storage.database, [id + 1], 3)).toBe(0);
    expect(retryFailed(storage.database, null, 3)).toBe(1);
    expect(stateOf(id)).toBe('pending');
    const errors = () => storage.database.prepare('SELECT count(*) FROM track_errors').pluck().get();
    expect(errors()).toBe(1);
    enqueue(storage.database, [id], 'analyse', { now: 4 });
    expect(errors()).toBe(0);
  });

  it('asks the indexes, whatever the length of the queue', () => {
    const plan = storage.database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT queue.track_id FROM main.analysis_queue AS queue
         CROSS JOIN main.tracks AS tracks ON tracks.id = queue.track_id
         CROSS JOIN main.folders AS folders ON folders.id = tracks.folder_id
         WHERE tracks.state = 'present' AND tracks.folder_id NOT IN (SELECT value FROM json_each('[]'))
         ORDER BY queue.alone, queue.priority DESC, queue.queued_at DESC, queue.track_id DESC LIMIT 5`,
      )
      .all() as { detail: string }[];
    const details = plan.map(({ detail }) => detail);
    expect(details.some((detail) => /SCAN queue USING .*INDEX analysis_queue_order/.test(detail))).toBe(true);
    expect(details.join()).not.toMatch(/TEMP B-TREE|SCAN (tracks|folders)/);
  });
});

describe('queueUnanalysed', () => {
  it('finds pending tracks and results of other models, page by page', () => {
    const hash = (byte: number) => Buffer.alloc(32, byte);
    const total = 4500;
    storage.write(() => {
      for (let at = 0; at < total; at += 1) add(`song ${at}`);
      storage.database.prepare(`UPDATE tracks SET analysis = 'done'`).run();
    });
    const set = storage.database.prepare('UPDATE tracks SET analysis = ?, audio_hash = ? WHERE id = ?');
    set.run('done', hash(1), 10);
    set.run('done', hash(2), 20);
    set.run('done', hash(4), 50);
    set.run('pending', null, 30);
    set.run('pending', null, 40);
    set.run('failed', hash(3), 4400);
    set.run('pending', null, 4490);
    recordTrackError(storage.database, 40, { stage: 'scan', code: 'file-name-not-utf8', detail: 'x' }, 1);
    recordTrackError(storage.database, 30, { stage: 'tags', code: 'file-corrupt', detail: 'x' }, 1);
    storage.database.exec(`
      INSERT INTO analysis.models (id, version, labels) VALUES (1, 'old', '{}'), (2, 'new', '{}');
      INSERT INTO analysis.recordings VALUES (1, x'${hash(1).toString('hex')}', 1, NULL, 1), (2, x'${hash(2).toString('hex')}', 1, NULL, 1), (3, x'${hash(4).toString('hex')}', 1, NULL, 1);
      INSERT INTO analysis.predictions VALUES (1, 2, 7, x'', x'', x'', 1, x'', 1, x''), (2, 1, 7, x'', x'', x'', 1, x'', 1, x''),
        (3, 2, 7, x'', x'', x'', 1, x'', 1, x'');
      INSERT INTO analysis.sounds (recording_id, version) VALUES (1, 1), (2, 1), (3, 0);
    `);
    let pages = 0;
    for (let next: number | null = 0; next !== null; pages += 1) {
      next = queueUnanalysed(
        storage.database,
        { modelId: 2, analysisVersion: 7, soundVersion: 1 },
        1,
        next,
      ).next;
    }
    expect(pages).toBe(19);
    expect(ids().toSorted((a, b) => a - b)).toEqual([20, 30, 50, 4490]);
    expect(stateOf(20)).toBe('pending');
    queueUnanalysed(storage.database, { modelId: 2, analysisVersion: 8, soundVersion: 1 }, 1, 0);
    expect(ids()).toContain(10);
  });
});
