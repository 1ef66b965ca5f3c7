/** Tags from the command line: real processes, real files, from proposing to undoing. */
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import type { TagBatch, TagProposal, TagWrite, UndoSummary } from '#shared/domain.ts';
import { folder, json, music, run } from './command-line.fixture.ts';

const SAMPLE_RATE_HZ = 22_050;
let files: readonly string[];

/** Real encoded music with a comment and, in one of them, a genre of somebody's own. */
beforeEach(async () => {
  files = ['1.flac', '2.ogg', '3.flac'].map((name) => join(music, name));
  for (const [seed, file] of files.entries()) {
    const samples = Float32Array.from({ length: 4 * SAMPLE_RATE_HZ }, (_, i) => {
      const tone = Math.sin((2 * Math.PI * (200 + 90 * seed) * i) / SAMPLE_RATE_HZ);
      return 0.4 * tone + (0.3 / (seed + 1)) * Math.sin(i * i * (seed + 1) * 0.37);
    });
    await encodeAudio({
      file,
      samples,
      sampleRateHz: SAMPLE_RATE_HZ,
      channels: 1,
      bitrateKbps: 64,
      tags: { title: `Piece ${seed}\u001b[31m`, ...(seed === 2 ? { genre: 'Schlager' } : {}) },
    });
  }
  expect((await run('scan', 'music', '--jobs', '1')).code).toBe(0);
});

const hashes = (): readonly string[] =>
  files.map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
type Listed = TagProposal & { readonly path: string };
const genreTags = async () =>
  (await json<{ genreTags: readonly string[] }[]>('list', '--fields', 'genreTags')).map(
    (row) => row.genreTags,
  );

test('propose, review, apply, history, undo', async () => {
  const untouched = hashes();
  const propose = ['tag', 'propose', '--mode', 'append', '--min-confidence', '0', '--most', '1'];
  const summary = await json(...propose, '--save');
  expect(summary).toMatchObject({ tracks: 3, proposals: 3, unchanged: 0 });
  expect(await json(...propose)).toMatchObject({ proposals: 0, unchanged: 3 });

  const proposals = await json<Listed[]>('tag', 'review');
  expect(proposals.map(({ path, field, state }) => ({ path, field, state }))).toEqual(
    files.map((path) => ({ path, field: 'genre', state: 'open' })),
  );
  expect(proposals[2]).toMatchObject({ old: ['Schlager'], proposed: ['Schlager', expect.any(String)] });
  expect(await json('tag', 'review', 'path:2.ogg')).toHaveLength(1);
  const lines = await run('tag', 'review');
  expect(lines.out).toContain(`(empty) → ${proposals[0]!.proposed[0]}`);

  // Without --yes, nothing is written or decided.
  const nothing = await run('tag', 'apply', '--above', '0');
  expect(nothing).toMatchObject({ code: 0 });
  expect(nothing.out.trim().split('\n')).toHaveLength(3);
  expect(nothing.error).toContain('3 fields of 3 files would be written');
  expect(await json('tag', 'apply')).toEqual([]);
  expect((await run('tag', 'review', '--accept')).code).toBe(0);
  expect(await json('tag', 'review', '--state', 'accepted')).toEqual([]);
  expect(await json('tag', 'history')).toEqual([]);
  expect(hashes()).toEqual(untouched);

  expect(await json('tag', 'review', 'path:3.flac', '--accept', '--yes')).toEqual({
    proposals: 1,
    tracks: 1,
  });
  const first = await json<TagBatch>('tag', 'apply', '--yes');
  expect(first).toMatchObject({ kind: 'write', state: 'done', files: 1, written: 1, failed: 0 });
  const second = await json<TagBatch>('tag', 'apply', '--above', '0%', '--yes');
  expect(second).toMatchObject({ state: 'done', files: 2, written: 2 });
  expect(await json('tag', 'apply', '--above', '0', '--yes')).toBeNull();
  expect(await genreTags()).toEqual(proposals.map(({ proposed }) => proposed));
  expect(await json('tag', 'review', '--state', 'written')).toHaveLength(3);
  // The library knows the files it wrote: nothing changed, nothing is analysed again.
  expect(await json('scan', music)).toMatchObject({ changed: 0, unchanged: 3, analysed: 0 });
  expect(await json(...propose)).toMatchObject({ proposals: 0 });

  expect((await json<TagBatch[]>('tag', 'history')).map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(await json<TagWrite[]>('tag', 'history', files[2]!)).toMatchObject([
    { batchId: first.id, before: ['Schlager'], after: proposals[2]!.proposed, state: 'written' },
  ]);
  expect(await json('tag', 'history', '--batch', String(second.id))).toHaveLength(2);
  expect((await run('tag', 'history')).out).toContain(`Batch ${second.id}, `);

  const dry = await json<UndoSummary>('tag', 'undo', '--batch', String(first.id));
  expect(dry).toMatchObject({ batchId: null, restored: 1, files: 1, conflicts: [], failed: [] });
  expect(hashes()).not.toEqual(untouched);
  expect(await json('tag', 'undo', files[0]!, '--yes')).toMatchObject({ restored: 1, conflicts: [] });
  expect(await json('tag', 'undo', '--all', '--yes')).toMatchObject({ restored: 2, conflicts: [] });
  expect(hashes()).toEqual(untouched);
  expect(await genreTags()).toEqual([[], [], ['Schlager']]);
  expect(await json('tag', 'review')).toHaveLength(3);
}, 240_000);

test('files that cannot be written are said with the reason, and written by a later run', async () => {
  await json('tag', 'propose', '--min-confidence', '0', '--most', '1');
  const untouched = hashes();
  chmodSync(files[0]!, 0o444);
  const failed = await run('tag', 'apply', '--above', '0', '--yes', '--strict');
  expect(failed.code).toBe(3);
  expect(failed.out).toContain('1 of 2 files written, 1 failed');
  expect(hashes()[0]).toBe(untouched[0]);
  const accepted = await json<Listed[]>('tag', 'review', '--state', 'accepted');
  expect(accepted).toMatchObject([{ path: files[0], problem: { code: 'file-read-only' } }]);
  expect((await run('tag', 'history', files[0]!)).out).toContain('file-read-only');
  chmodSync(files[0]!, 0o644);
  expect(await json('tag', 'apply', '--yes', '--strict')).toMatchObject({ files: 1, written: 1, failed: 0 });
}, 240_000);

test('wrong usage ends with 2, and changes nothing', async () => {
  const wrong = [
    ['undo'],
    ['undo', '--all', '--batch', '1'],
    ['undo', '--all', files[0]!],
    ['apply', '--above', '2'],
    ['apply', '--field', 'shoe'],
    ['propose', '--mode', 'wipe'],
    ['propose', 'year:soon'],
    ['review', '--accept', '--reject'],
    ['review', '--state', 'written', '--accept'],
    ['history', files[0]!, '--batch', '1'],
    [],
  ];
  for (const args of wrong)
    expect({ args, code: (await run('tag', ...args)).code }).toEqual({ args, code: 2 });
  expect((await run('tag', 'undo', join(folder, 'none.flac'))).code).toBe(1);
}, 240_000);
