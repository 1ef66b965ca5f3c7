/** The requests about tags over real files: what is accepted is written, what became of it comes back. */
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestContext } from '#shared/contract.ts';
import type { ProposalState, TagBatch } from '#shared/domain.ts';
import { silentLog } from '#shared/log.ts';
import { createEdits } from '#engine/edits.ts';
import type { Edits } from '#engine/edits.ts';
import { readTags, TAG_READER_VERSION } from '#engine/library/tags.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { updateFile } from '#engine/storage/library/tracks.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { testFiles } from './test-files.fixture.ts';
import { createTagging } from './tagging.handlers.ts';
import type { Tagging } from './tagging.handlers.ts';

const context: RequestContext = { signal: new AbortController().signal };
let folder: string;
let library: FilledLibrary;
let tagging: Tagging;
let edits: Edits;
let held: Set<number>;
let release: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-tagging-'));
  library = openFilledLibrary(4, []);
  const { storage } = library;
  storage.database.prepare('UPDATE folders SET path = ?').run(folder);
  held = new Set();
  const compile = createCompileQuery(storage.database, () => 1);
  edits = createEdits({ storage, publish: () => {}, changed: () => {}, clock: () => 1 });
  tagging = createTagging({
    storage,
    compile,
    edits,
    publish: () => {},
    changed: () => {},
    holds: {
      isHeld: (trackId) => held.has(trackId),
      onRelease(listener) {
        release = listener;
        return () => {};
      },
    },
    readTags,
    tagReaderVersion: TAG_READER_VERSION,
    log: silentLog,
    clock: () => 1,
  });
});
afterEach(async () => {
  await tagging.close();
  library.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A real file that the library has read; returns its track. */
async function add(name: string, bytes: Uint8Array): Promise<number> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const id = library.add({ path: name, genres: { electronic: 0.9, 'electronic/house': 0.8 } });
  await look(id, name);
  return id;
}

/** As the scan does. */
async function look(id: number, name: string): Promise<void> {
  const file = join(folder, name);
  const { tags } = await readTags(file);
  const stats = statSync(file);
  const stamp = {
    sizeBytes: stats.size,
    modifiedAt: stats.mtimeMs,
    inode: `${stats.dev}:${stats.ino}`,
  };
  const { database } = library.storage;
  library.storage.write(() => updateFile(database, id, stamp, tags, TAG_READER_VERSION));
}

async function bytesOf(name: string): Promise<Uint8Array> {
  const file = (await testFiles()).find((each) => each.name === name);
  if (file === undefined) throw new Error(`There is no test file “${name}”.`);
  return file.bytes;
}

async function proposals(state: ProposalState) {
  const page = await tagging.handlers['tags.review']({ state, offset: 0, limit: 100 }, context);
  return page.rows.flatMap((row) => row.proposals);
}

async function ended(batch: TagBatch): Promise<TagBatch> {
  for (let attempt = 0; attempt < 6000; attempt++) {
    const { batches } = await tagging.handlers['tags.batches']({ offset: 0, limit: 100 }, context);
    const now = batches.find(({ id }) => id === batch.id);
    if (now !== undefined && now.state !== 'running') return now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The batch has no end');
}

const genreTags = (id: number): unknown =>
  library.storage.database.prepare('SELECT genre_tags FROM tracks WHERE id = ?').pluck().get(id);

test('what is accepted is written, looked at, taken back, and proposed again', async () => {
  const bytes = await bytesOf('flac no comments, padding');
  const id = await add('a.flac', bytes);
  await tagging.handlers['tags.propose']({}, context);
  const preview = await tagging.handlers['tags.preview']({ trackId: id }, context);
  expect(preview).toMatchObject({
    trackId: id,
    items: [{ key: 'GENRE', change: 'added', before: null, after: 'House' }],
  });
  expect(await tagging.handlers['tags.writes']({ trackId: id, offset: 0, limit: 10 }, context)).toMatchObject(
    {
      total: 0,
    },
  );
  const batch = await ended(await tagging.handlers['tags.apply']({ minimumConfidence: 0.8 }, context));
  expect(batch).toMatchObject({ state: 'done', files: 1, written: 1 });
  expect(await proposals('written')).toMatchObject([{ trackId: id, problem: null }]);
  expect(genreTags(id)).toBe('["House"]');
  // Accepting them was a step of the user's, but what is written is not undone by taking that back.
  expect(() => edits.handlers['edits.undo']({}, context)).toThrow(/changed since/);

  const what = { batchId: batch.id };
  expect(await tagging.handlers['tags.undo']({ what, dryRun: true }, context)).toMatchObject({ restored: 1 });
  expect(genreTags(id)).toBe('["House"]');
  const undone = await tagging.handlers['tags.undo']({ what, dryRun: false }, context);
  expect(undone).toMatchObject({ restored: 1, conflicts: [], failed: [] });
  expect(Buffer.compare(readFileSync(join(folder, 'a.flac')), bytes)).toBe(0);
  expect(await proposals('open')).toMatchObject([{ trackId: id, proposed: ['House'] }]);
  // And the undo of the undo.
  await tagging.handlers['tags.undo']({ what: { batchId: undone.batchId! }, dryRun: false }, context);
  expect(genreTags(id)).toBe('["House"]');
  expect(await proposals('written')).toHaveLength(1);
});

test('a file that changed between review and write is left alone, and its proposal is open again', async () => {
  const bytes = await bytesOf('flac no comments, padding');
  const id = await add('a.flac', bytes);
  const other = await add('b.flac', Buffer.concat([bytes]));
  await tagging.handlers['tags.propose']({}, context);
  utimesSync(join(folder, 'a.flac'), 1, 1);
  const batch = await ended(await tagging.handlers['tags.apply']({ minimumConfidence: 0 }, context));
  expect(batch).toMatchObject({ files: 2, written: 1, failed: 1 });
  expect(Buffer.compare(readFileSync(join(folder, 'a.flac')), bytes)).toBe(0);
  expect(await proposals('open')).toMatchObject([{ trackId: id, problem: { code: 'file-changed' } }]);
  expect(await proposals('written')).toMatchObject([{ trackId: other }]);
  const { writes } = await tagging.handlers['tags.writes'](
    { batchId: batch.id, offset: 0, limit: 10 },
    context,
  );
  expect(writes.map(({ trackId, state }) => ({ trackId, state }))).toEqual([
    { trackId: id, state: 'failed' },
    { trackId: other, state: 'written' },
  ]);
  // The scan looks at it, and it can be written.
  await look(id, 'a.flac');
  await ended(await tagging.handlers['tags.apply']({ trackIds: [id], minimumConfidence: 0 }, context));
  expect(await proposals('written')).toHaveLength(2);
});

test('a file that plays waits, stays with its batch, and is written when it is released', async () => {
  const id = await add('a.flac', await bytesOf('flac no comments, padding'));
  await tagging.handlers['tags.propose']({}, context);
  held.add(id);
  const batch = await tagging.handlers['tags.apply']({ minimumConfidence: 0 }, context);
  await expect
    .poll(async () => {
      const { writes } = await tagging.handlers['tags.writes'](
        { batchId: batch.id, offset: 0, limit: 1 },
        context,
      );
      return writes[0]?.state;
    })
    .toBe('waiting');
  await expect(tagging.handlers['tags.apply']({}, context)).rejects.toMatchObject({ code: 'conflict' });
  held.clear();
  release();
  expect(await ended(batch)).toMatchObject({ written: 1, failed: 0 });
  expect(await proposals('written')).toHaveLength(1);
});

test('there is nothing to write, to preview or to continue', async () => {
  const id = await add('a.flac', await bytesOf('flac no comments, padding'));
  await expect(tagging.handlers['tags.apply']({}, context)).rejects.toMatchObject({ code: 'conflict' });
  await expect(tagging.handlers['tags.preview']({ trackId: id }, context)).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(() => tagging.handlers['tags.continue']({ batchId: 9 }, context)).toThrow(/no batch 9/);
});

test('what stays accepted and what is open again depends on whether it passes by itself', async () => {
  const id = await add('a.wma', Buffer.from('3026b2758e66cf11a6d900aa0062ce6c'.repeat(20), 'hex'));
  await tagging.handlers['tags.propose']({}, context);
  await ended(await tagging.handlers['tags.apply']({ minimumConfidence: 0 }, context));
  expect(await proposals('open')).toMatchObject([{ trackId: id, problem: { code: 'tags-unsupported' } }]);
  rmSync(join(folder, 'a.wma'));
  await ended(await tagging.handlers['tags.apply']({ minimumConfidence: 0 }, context));
  expect(await proposals('accepted')).toMatchObject([{ trackId: id, problem: { code: 'file-not-found' } }]);
});

test('a genre that only the editor can read is known from the scan on, and never taken for none', async () => {
  const id = await add('a.mp3', await bytesOf('mp3 id3v2.3 unsynchronised'));
  expect(genreTags(id)).toBe('["House"]');
  expect(await tagging.handlers['tags.propose']({}, context)).toMatchObject({ proposals: 0 });
});

test('a genre with parentheses is shown as it was written, and not proposed again', async () => {
  const id = await add('a.mp3', await bytesOf('mp3 id3v2.3 dj'));
  const { fields } = await tagging.handlers['tags.policy']({}, context);
  const names = { House: 'House (Peak Time)' };
  const policy = {
    names,
    fields: { ...fields, genre: { mode: 'replace' as const, minimumConfidence: 0.5, most: 1 } },
  };
  void tagging.handlers['tags.setPolicy'](policy, context);
  expect(await tagging.handlers['tags.propose']({}, context)).toMatchObject({ proposals: 1 });
  await ended(await tagging.handlers['tags.apply']({ minimumConfidence: 0 }, context));
  expect(genreTags(id)).toBe('["House (Peak Time)"]');
  expect(await tagging.handlers['tags.propose']({}, context)).toMatchObject({ proposals: 0, withdrawn: 0 });
});

test('files of every format: appended to, and taken back byte for byte', async () => {
  const all = (await testFiles()).filter(({ refused }) => refused === undefined);
  const names = all.map(({ ending }, index) => `${index}${ending}`);
  for (const [index, { bytes }] of all.entries()) await add(names[index]!, bytes);
  const fields = { genre: { mode: 'append' as const, minimumConfidence: 0.5, most: 1 } };
  void tagging.handlers['tags.setPolicy'](
    {
      fields: { ...(await tagging.handlers['tags.policy']({}, context)).fields, ...fields },
      names: { House: 'Zouk' },
    },
    context,
  );
  await tagging.handlers['tags.propose']({}, context);
  await ended(await tagging.handlers['tags.apply']({ minimumConfidence: 0 }, context));
  expect((await proposals('written')).length).toBe(all.length);
  const undone = await tagging.handlers['tags.undo']({ what: { all: true }, dryRun: false }, context);
  expect({ conflicts: undone.conflicts, failed: undone.failed }).toEqual({ conflicts: [], failed: [] });
  const changed = all.filter(
    ({ bytes }, index) => Buffer.compare(readFileSync(join(folder, names[index]!)), bytes) !== 0,
  );
  expect(changed.map(({ name }) => name)).toEqual([]);
}, 120_000);
