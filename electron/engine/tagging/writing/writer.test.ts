import {
  linkSync,
  lstatSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realTools } from './tools.ts';
import { openTestWriter, plainPolicy } from './writer.fixture.ts';
import type { TestWriter } from './writer.fixture.ts';

/** With padding, and without. */
const roomy = 'flac everything';
const tight = 'flac no padding';

let test: TestWriter;
beforeEach(() => {
  test = openTestWriter();
});
afterEach(() => test.dispose());

function leftovers(): readonly string[] {
  return readdirSync(test.music).filter((name) => name.startsWith('.'));
}

function problem(batchId: number): string | undefined {
  return test.writer.writes({ batchId }, { offset: 0, limit: 1 }).writes[0]?.problem?.code;
}

function touch(name: string): void {
  utimesSync(test.path(name), 1_700_000_000, 1_700_000_000);
}

describe('writing', () => {
  it.each([true, false])(
    'changes the field and the row of its track (in place: %s)',
    async (preferInPlace) => {
      const id = await test.add('a.flac', roomy);
      const before = statSync(test.path('a.flac'));
      const batchId = await test.write([id], ['House', 'Techno'], { policy: { preferInPlace } });
      const [batch] = test.writer.batches({ offset: 0, limit: 10 }).batches;
      expect(batch).toMatchObject({ id: batchId, state: 'done', files: 1, written: 1, failed: 0, undone: 0 });
      expect(await test.values('a.flac')).toEqual(['House', 'Techno']);
      const after = statSync(test.path('a.flac'));
      expect(after.ino === before.ino).toBe(preferInPlace);
      expect(Math.abs(after.mtimeMs - before.mtimeMs)).toBeLessThan(0.01);
      expect(test.track(id)).toMatchObject({
        genre_tags: '["House","Techno"]',
        size_bytes: after.size,
        modified_at: after.mtimeMs,
        inode: `${after.dev}:${after.ino}`,
        analysis: 'done',
      });
      expect(test.storage.database.prepare('SELECT count(*) FROM track_events').pluck().get()).toBe(0);
      expect(test.storage.database.prepare('SELECT count(*) FROM tag_patches').pluck().get()).toBe(0);
      expect(test.outcomes).toEqual([
        { batchId, kind: 'write', trackId: id, fields: ['genre'], problem: null },
      ]);
      expect(leftovers()).toEqual([]);
      expect(test.events.at(-1)).toMatchObject({
        name: 'tags.progress',
        payload: { batchId, done: 1, files: 1, finished: true },
      });
    },
  );

  it('gives the file a new time where the policy does not keep the old one', async () => {
    const [one, two] = [await test.add('a.flac', roomy), await test.add('b.flac', tight)];
    const start = Date.now() - 10;
    await test.write([one, two], ['House'], { policy: { keepModifiedTime: false } });
    for (const [id, name] of [
      [one, 'a.flac'],
      [two, 'b.flac'],
    ] as const) {
      expect(statSync(test.path(name)).mtimeMs).toBeGreaterThanOrEqual(start);
      expect(test.track(id)['modified_at']).toBe(statSync(test.path(name)).mtimeMs);
    }
    expect(test.storage.database.prepare('SELECT count(*) FROM track_events').pluck().get()).toBe(0);
  });

  it('says exactly what would change, and changes nothing', async () => {
    const id = await test.add('a.flac', roomy);
    const before = await test.bytes('a.flac');
    const preview = await test.writer.preview(id, [{ field: 'mood', values: ['Dark'] }], plainPolicy);
    expect(preview).toMatchObject({
      trackId: id,
      method: 'in-place',
      sizeBefore: before.length,
      sizeAfter: before.length,
    });
    expect(preview.items).toHaveLength(1);
    expect(preview.items[0]).toMatchObject({ key: 'MOOD', after: 'Dark' });
    expect(preview.keptItems).toBeGreaterThan(5);
    expect(Buffer.compare(await test.bytes('a.flac'), before)).toBe(0);
  });

  it('leaves out what does not change', async () => {
    const id = await test.add('a.flac', roomy);
    const now = await test.values('a.flac');
    const order = { trackId: id, fields: [{ field: 'genre', before: now, after: now } as const] };
    await expect(test.writer.apply([order], plainPolicy)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('what was not reviewed', () => {
  it('is never written over: another time, another size, another value', async () => {
    const ids = [
      await test.add('time.flac', roomy),
      await test.add('size.flac', roomy),
      await test.add('value.flac', roomy),
    ];
    const before = await test.values('time.flac');
    touch('time.flac');
    const longer = Buffer.concat([await test.bytes('size.flac'), Buffer.from('x')]);
    const { mtime } = statSync(test.path('size.flac'));
    writeFileSync(test.path('size.flac'), longer);
    utimesSync(test.path('size.flac'), mtime, mtime);
    const contents = await Promise.all(
      ['time.flac', 'size.flac', 'value.flac'].map((name) => test.bytes(name)),
    );
    const orders = ids.map((trackId, index) => ({
      trackId,
      fields: [
        { field: 'genre', before: index === 2 ? ['Something else'] : before, after: ['House'] } as const,
      ],
    }));
    const batch = await test.writer.apply(orders, plainPolicy);
    expect(await test.writer.settled(batch.id)).toMatchObject({ state: 'done', written: 0, failed: 3 });
    const { writes } = test.writer.writes({ batchId: batch.id }, { offset: 0, limit: 10 });
    expect(writes.map(({ state, problem: why }) => [state, why?.code])).toEqual(
      Array.from({ length: 3 }, () => ['failed', 'file-changed']),
    );
    for (const [index, name] of ['time.flac', 'size.flac', 'value.flac'].entries())
      expect(Buffer.compare(await test.bytes(name), contents[index] ?? Buffer.alloc(0))).toBe(0);
  });

  it('that a person writes between the review and the rename is kept', async () => {
    const id = await test.add('a.flac', tight);
    await test.dispose();
    test = openTestWriter({
      ...realTools,
      verify() {
        writeFileSync(test.path('a.flac'), 'another file');
        return Promise.resolve();
      },
    });
    const again = await test.add('a.flac', tight);
    expect(again).toBe(id);
    expect(problem(await test.write([again], ['House']))).toBe('file-changed');
    expect(String(await test.bytes('a.flac'))).toBe('another file');
    expect(leftovers()).toEqual([]);
  });

  it('is not written when the new file is not what it should be', async () => {
    await test.dispose();
    test = openTestWriter({
      ...realTools,
      // An editor that also spoils a byte of the sound.
      async openEditor(source, extension) {
        const editor = await realTools.openEditor(source, extension);
        return {
          format: editor.format,
          read: (fields) => editor.read(fields),
          async plan(...asked) {
            const plan = await editor.plan(...asked);
            const last = source.size - 1;
            const spoiled = { start: last, bytes: Uint8Array.of(~(await source.read(last, 1))[0]! & 255) };
            const [end] = plan.pieces.slice(-1);
            if (end?.from !== 'old') throw new Error('unexpected plan');
            return {
              ...plan,
              pieces: [
                ...plan.pieces.slice(0, -1),
                { ...end, end: end.end - 1 },
                { from: 'new', bytes: spoiled.bytes },
              ],
              patches: plan.patches === null ? null : [...plan.patches, spoiled],
            };
          },
        };
      },
    });
    for (const [name, file] of [
      ['a.flac', roomy],
      ['b.flac', tight],
    ] as const) {
      const id = await test.add(name, file);
      const before = await test.bytes(name);
      expect(problem(await test.write([id], ['House']))).toBe('tags-not-verified');
      expect(Buffer.compare(await test.bytes(name), before)).toBe(0);
    }
    expect(leftovers()).toEqual([]);
  });
});

describe('a file that plays', () => {
  it('waits, and is written when the player lets go', async () => {
    const [one, two] = [await test.add('a.flac', roomy), await test.add('b.flac', roomy)];
    test.held.add(one);
    const before = await test.bytes('a.flac');
    const batchId = await test.write([one, two], ['House']);
    expect(test.writer.batches({ offset: 0, limit: 1 }).batches[0]).toMatchObject({
      state: 'running',
      written: 1,
    });
    expect(problem(batchId)).toBe('file-in-use');
    expect(test.writer.writes({ trackId: one }, { offset: 0, limit: 1 }).writes[0]?.state).toBe('waiting');
    expect(Buffer.compare(await test.bytes('a.flac'), before)).toBe(0);
    test.release();
    expect(await test.writer.settled(batchId)).toMatchObject({ state: 'done', written: 2 });
    expect(await test.values('a.flac')).toEqual(['House']);
  });

  it('keeps no other batch waiting, and may be given up', async () => {
    const [one, two] = [await test.add('a.flac', roomy), await test.add('b.flac', roomy)];
    test.held.add(one);
    const first = await test.write([one], ['House']);
    await test.write([two], ['House']);
    expect(await test.values('b.flac')).toEqual(['House']);
    test.writer.cancel();
    expect(await test.writer.settled(first)).toMatchObject({ state: 'stopped', written: 0 });
    test.release();
    test.writer.continueBatch(first);
    expect(await test.writer.settled(first)).toMatchObject({ state: 'done', written: 1 });
  });
});

describe('a batch', () => {
  it('that is stopped leaves the rest planned, and goes on when it is told to', async () => {
    const ids = [];
    for (let n = 0; n < 6; n += 1) ids.push(await test.add(`${n}.flac`, roomy));
    const before = await test.values('0.flac');
    const order = ids.map((trackId) => ({
      trackId,
      fields: [{ field: 'genre', before, after: ['House'] } as const],
    }));
    const batch = await test.writer.apply(order, plainPolicy);
    const settled = test.writer.settled(batch.id);
    test.writer.cancel();
    const stopped = await settled;
    expect(stopped.state).toBe('stopped');
    expect(stopped.written).toBeLessThan(6);
    expect(test.writer.continueBatch(batch.id).state).toBe('running');
    expect(await test.writer.settled(batch.id)).toMatchObject({ state: 'done', written: 6, failed: 0 });
  });

  it('that nobody knows is told', async () => {
    expect(() => test.writer.continueBatch(7)).toThrow(/no batch 7/);
    await expect(Promise.resolve().then(() => test.writer.settled(7))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('links', () => {
  it('stay links: what they lead to is written', async () => {
    const id = await test.add('real.flac', tight);
    renameSync(test.path('real.flac'), `${test.folder}/elsewhere.flac`);
    symlinkSync(`${test.folder}/elsewhere.flac`, test.path('real.flac'));
    expect(problem(await test.write([id], ['House']))).toBeUndefined();
    expect(lstatSync(test.path('real.flac')).isSymbolicLink()).toBe(true);
    expect(await test.values('real.flac')).toEqual(['House']);
  });

  it('that are hard stay one file: in place or not at all', async () => {
    const [fits, does] = [await test.add('fits.flac', roomy), await test.add('not.flac', tight)];
    linkSync(test.path('fits.flac'), `${test.folder}/fits.flac`);
    linkSync(test.path('not.flac'), `${test.folder}/not.flac`);
    expect(
      problem(await test.write([fits], ['House'], { policy: { preferInPlace: false } })),
    ).toBeUndefined();
    expect(statSync(test.path('fits.flac')).ino).toBe(statSync(`${test.folder}/fits.flac`).ino);
    const long = ['A genre with a name that is much longer than what stood there before'];
    expect(problem(await test.write([does], long))).toBe('tags-unsupported');
    expect(statSync(test.path('not.flac')).nlink).toBe(2);
  });
});
