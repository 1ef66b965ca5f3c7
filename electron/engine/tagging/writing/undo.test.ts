import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestWriter, plainPolicy } from './writer.fixture.ts';
import type { TestWriter } from './writer.fixture.ts';

const roomy = 'flac everything';
const tight = 'flac no padding';

let test: TestWriter;
beforeEach(() => {
  test = openTestWriter();
});
afterEach(() => test.dispose());

const everything = { offset: 0, limit: 100 };

/** As the scan does with a file that was moved. */
function move(id: number, from: string, to: string): void {
  mkdirSync(dirname(test.path(to)), { recursive: true });
  renameSync(test.path(from), test.path(to));
  test.storage.database.prepare('UPDATE tracks SET relative_path = ? WHERE id = ?').run(to, id);
}

describe('undo', () => {
  it.each([
    [roomy, true],
    [roomy, false],
    [tight, true],
  ])('gives back every byte (%s, in place: %s)', async (file, preferInPlace) => {
    const id = await test.add('a.flac', file);
    const before = await test.bytes('a.flac');
    const batchId = await test.write([id], ['House', 'A genre with a name that is longer than all others'], {
      policy: { preferInPlace },
    });
    expect(Buffer.compare(await test.bytes('a.flac'), before)).not.toBe(0);
    const summary = await test.writer.undo({ batchId });
    expect(summary).toMatchObject({ restored: 1, files: 1, conflicts: [], failed: [] });
    expect(Buffer.compare(await test.bytes('a.flac'), before)).toBe(0);
    expect(test.writer.batches(everything).batches).toMatchObject([
      { id: summary.batchId, kind: 'undo', state: 'done', written: 1 },
      { id: batchId, kind: 'write', written: 1, undone: 1 },
    ]);
    expect(test.writer.writes({ batchId }, everything).writes[0]?.state).toBe('undone');
    expect(test.track(id)['modified_at']).toBe(statSync(test.path('a.flac')).mtimeMs);
  });

  it('only says what would happen with dryRun', async () => {
    const id = await test.add('a.flac', roomy);
    await test.write([id], ['House']);
    const written = await test.bytes('a.flac');
    expect(await test.writer.undo({ all: true }, { dryRun: true })).toEqual({
      batchId: null,
      restored: 1,
      files: 1,
      conflicts: [],
      failed: [],
    });
    expect(Buffer.compare(await test.bytes('a.flac'), written)).toBe(0);
    expect(test.writer.batches(everything).total).toBe(1);
  });

  it('of an undo writes again, and so on', async () => {
    const id = await test.add('a.flac', tight);
    const original = await test.bytes('a.flac');
    const first = await test.write([id], ['House']);
    const written = await test.bytes('a.flac');
    const undo = await test.writer.undo({ batchId: first });
    const redo = await test.writer.undo({ batchId: undo.batchId ?? 0 });
    expect(redo.restored).toBe(1);
    expect(Buffer.compare(await test.bytes('a.flac'), written)).toBe(0);
    const states = (): unknown =>
      test.writer.writes({ trackId: id }, everything).writes.map(({ state }) => state);
    expect(states()).toEqual(['written', 'undone', 'written']);
    const again = await test.writer.undo({ batchId: redo.batchId ?? 0 });
    expect(again.restored).toBe(1);
    expect(Buffer.compare(await test.bytes('a.flac'), original)).toBe(0);
    expect(states()).toEqual(['written', 'undone', 'written', 'undone']);
  });

  it('takes back one field of several, and the other later', async () => {
    const id = await test.add('a.flac', roomy);
    const genre = await test.values('a.flac');
    const mood = await test.values('a.flac', 'mood');
    const original = await test.bytes('a.flac');
    const batch = await test.writer.apply(
      [
        {
          trackId: id,
          fields: [
            { field: 'genre', before: genre, after: ['House'] },
            { field: 'mood', before: mood, after: ['Dark', 'Happy'] },
          ],
        },
      ],
      plainPolicy,
    );
    await test.writer.settled(batch.id);
    const { writes } = test.writer.writes({ batchId: batch.id }, everything);
    await test.writer.undo({
      writeIds: writes.filter(({ field }) => field === 'mood').map((write) => write.id),
    });
    expect(await test.values('a.flac', 'mood')).toEqual(mood);
    expect(await test.values('a.flac')).toEqual(['House']);
    expect(test.writer.writes({ batchId: batch.id }, everything).writes.map(({ state }) => state)).toEqual([
      'written',
      'undone',
    ]);
    expect((await test.writer.undo({ trackIds: [id] })).restored).toBe(1);
    // Step by step, items may change places: what each says is as it was.
    expect(await test.values('a.flac')).toEqual(genre);
    expect((await test.bytes('a.flac')).length).toBe(original.length);
    expect(test.writer.batches(everything).batches.at(-1)).toMatchObject({ undone: 1 });
  });

  it('goes back through several writes to the first', async () => {
    const id = await test.add('a.flac', roomy);
    const original = await test.values('a.flac');
    const first = await test.write([id], ['House']);
    await test.write([id], ['Techno']);
    const conflict = await test.writer.undo({ batchId: first });
    expect(conflict).toMatchObject({
      restored: 0,
      conflicts: [{ field: 'genre', before: original, written: ['House'], now: ['Techno'] }],
    });
    expect((await test.writer.undo({ all: true })).conflicts).toEqual([]);
    expect(await test.values('a.flac')).toEqual(original);
    expect(await test.writer.undo({ all: true })).toMatchObject({ restored: 0, files: 0 });
  });

  it('leaves alone what a person wrote since, and restores the rest', async () => {
    const [one, two] = [await test.add('a.flac', roomy), await test.add('b.flac', roomy)];
    const original = await test.values('a.flac');
    const batchId = await test.write([one, two], ['House']);
    const other = openTestWriter();
    const copy = await other.addBytes('a.flac', await test.bytes('a.flac'));
    await other.write([copy], ['My own']);
    const mine = await other.bytes('a.flac');
    await other.dispose();
    writeFileSync(test.path('a.flac'), mine);
    expect(await test.writer.undo({ batchId })).toMatchObject({
      restored: 1,
      conflicts: [{ trackId: one, before: original, written: ['House'], now: ['My own'] }],
    });
    expect(Buffer.compare(await test.bytes('a.flac'), mine)).toBe(0);
    expect(await test.values('b.flac')).toEqual(original);
  });

  it('keeps what another program wrote into other fields since', async () => {
    const id = await test.add('a.flac', tight);
    const original = await test.values('a.flac');
    const batchId = await test.write([id], ['House']);
    const other = openTestWriter();
    const copy = await other.addBytes('a.flac', await test.bytes('a.flac'));
    await other.write([copy], ['Mellow'], { field: 'mood' });
    writeFileSync(test.path('a.flac'), await other.bytes('a.flac'));
    await other.dispose();
    expect((await test.writer.undo({ batchId })).restored).toBe(1);
    expect(await test.values('a.flac')).toEqual(original);
    expect(await test.values('a.flac', 'mood')).toEqual(['Mellow']);
  });

  it('finds a file that was moved, and one whose track was purged and came back', async () => {
    const id = await test.add('a.flac', tight);
    const original = await test.bytes('a.flac');
    await test.write([id], ['House']);
    move(id, 'a.flac', 'sub/b.flac');
    expect((await test.writer.undo({ all: true })).restored).toBe(1);
    expect(Buffer.compare(await test.bytes('sub/b.flac'), original)).toBe(0);
    const undo = test.writer.batches(everything).batches[0]?.id ?? 0;
    test.storage.database.pragma('foreign_keys = OFF');
    test.storage.database.prepare('UPDATE tracks SET id = 77 WHERE id = ?').run(id);
    expect((await test.writer.undo({ batchId: undo })).restored).toBe(1);
    expect(await test.values('sub/b.flac')).toEqual(['House']);
    test.storage.database.prepare('DELETE FROM tracks').run();
    expect((await test.writer.undo({ all: true })).failed[0]?.problem.code).toBe('not-found');
  });

  it('tells which files are not there, and on which drive', async () => {
    const [one, two] = [await test.add('a.flac', roomy), await test.add('b.flac', roomy)];
    await test.write([one, two], ['House']);
    test.storage.database.prepare(`UPDATE tracks SET state = 'offline' WHERE id = ?`).run(one);
    renameSync(test.path('b.flac'), `${test.folder}/gone.flac`);
    const { failed, restored } = await test.writer.undo({ all: true });
    expect(restored).toBe(0);
    expect(failed.map(({ problem }) => problem.code).sort()).toEqual(['file-not-found', 'folder-offline']);
  });
});
