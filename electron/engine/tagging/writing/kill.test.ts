/**
 * A process that writes is killed at random moments. The full number is CRATEWISE_KILLS=200; fewer by default, so that
 * the tests stay short.
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byteSource } from '../test-files.fixture.ts';
import { saySame } from './raw-items.ts';
import { realTools } from './tools.ts';
import { openTestWriter } from './writer.fixture.ts';
import type { TestWriter } from './writer.fixture.ts';

const KILLS = Number(process.env['CRATEWISE_KILLS'] ?? 12);
const child = fileURLToPath(new URL('kill.child.fixture.ts', import.meta.url));
const files = [
  ['a.flac', 'flac everything'],
  ['b.flac', 'flac no padding'],
  ['c.mp3', 'mp3 id3v2.3 dj'],
  ['d.mp3', 'mp3 id3v2.3 dj, no padding'],
  ['e.ogg', 'ogg vorbis'],
  ['f.mp3', 'mp3 id3v2.4 dj'],
] as const;

let test: TestWriter;
beforeEach(() => {
  test = openTestWriter();
});
afterEach(() => test.dispose());

/** Milliseconds from the beginning of the batch; null: not killed. Returns how long the batch took then. */
function write(folder: string, values: readonly string[], killAfterMs: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const run = fork(child, [folder, ...values], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let begunAt = 0;
    let took = 0;
    run.on('message', (message) => {
      if (message === 'begin') {
        begunAt = performance.now();
        if (killAfterMs !== null) setTimeout(() => run.kill('SIGKILL'), killAfterMs);
      } else took = performance.now() - begunAt;
    });
    run.on('exit', (code, signal) => {
      if (signal === 'SIGKILL' || code === 0) resolve(took);
      else reject(new Error(`The writing process ended with ${code}`));
    });
  });
}

/** The file says this as its genre, and is in all else what it was. */
async function requireSound(
  name: string,
  original: Buffer,
  allowed: readonly (readonly string[])[],
): Promise<void> {
  const values = await test.values(name);
  expect(
    allowed.some((each) => saySame(each, values)),
    `${name} says ${values.join()}`,
  ).toBe(true);
  const now = await test.bytes(name);
  await realTools.verify(byteSource(original), byteSource(now), [{ field: 'genre', values }]);
}

describe('a process that is killed while it writes', () => {
  it(
    'damages no file; what it began is finished or taken back',
    async () => {
      for (const [name, file] of files) await test.add(name, file);
      const originals = new Map<string, Buffer>();
      const genres = new Map<string, readonly string[]>();
      for (const [name] of files) {
        originals.set(name, await test.bytes(name));
        genres.set(name, await test.values(name));
      }
      const folder = test.folder;
      const close = async (): Promise<void> => {
        await test.writer.close();
        test.storage.close();
      };
      await close();
      const longest = await write(folder, ['Techno'], null);
      let unfinished = 0;
      let previous: readonly string[] = ['Techno'];
      for (let n = 0; n < KILLS; n += 1) {
        const wanted =
          n % 2 === 0 ? [`House ${n}`, 'A genre with a rather long name, so that files grow'] : [`T${n}`];
        await write(folder, wanted, Math.random() * longest * 1.1);
        test = openTestWriter(undefined, folder);
        await test.writer.recover();
        for (const [name] of files)
          await requireSound(name, originals.get(name) ?? Buffer.alloc(0), [previous, wanted]);
        expect(
          readdirSync(test.music).filter((name) => name.startsWith('.')),
          'leftovers',
        ).toEqual([]);
        const count = (sql: string): unknown => test.storage.database.prepare(sql).pluck().get();
        expect(count(`SELECT count(*) FROM tag_writes WHERE state = 'writing'`)).toBe(0);
        expect(count('SELECT count(*) FROM tag_patches')).toBe(0);
        const [batch] = test.writer.batches({ offset: 0, limit: 1 }).batches;
        if (batch?.state === 'stopped') {
          unfinished += 1;
          test.writer.continueBatch(batch.id);
          expect(await test.writer.settled(batch.id)).toMatchObject({ state: 'done', failed: 0 });
        }
        // Killed before the batch was on the disk: the last one is that of before, or one without files.
        const { writes } = test.writer.writes({ batchId: batch?.id ?? 0 }, { offset: 0, limit: 100 });
        const isNew = writes.length === files.length && writes.every(({ after }) => saySame(after, wanted));
        const written = isNew ? wanted : previous;
        const said = await Promise.all(files.map(([name]) => test.values(name)));
        expect(said.filter((values) => !saySame(values, written))).toEqual([]);
        previous = written;
        await close();
      }
      test = openTestWriter(undefined, folder);
      expect(unfinished).toBeGreaterThan(KILLS / 10);
      expect(await test.writer.undo({ all: true })).toMatchObject({ conflicts: [], failed: [] });
      for (const [name] of files) {
        const original = originals.get(name) ?? Buffer.alloc(0);
        await requireSound(name, original, [genres.get(name) ?? []]);
      }
    },
    KILLS * 20_000,
  );
});
