import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WatchOptions } from './watch.ts';
import { createWatchThread } from './watch-thread.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-watch-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function listener() {
  const seen = new Map<string, readonly [number, number]>();
  const paths: string[] = [];
  const problems: string[] = [];
  const state = { seen, paths, problems, ready: 0, seenWhenReady: 0 };
  const options: WatchOptions = {
    root: folder,
    poll: false,
    restMs: 100,
    onFirstSight: (path, size, at) => void seen.set(path, [size, at]),
    onPaths: (some) => paths.push(...some),
    onReady() {
      state.ready += 1;
      state.seenWhenReady = seen.size;
    },
    onProblem: ({ error }) => problems.push(String(error)),
  };
  return { state, options };
}

it('tells every file that was there before it says that it is ready, and then what changes', async () => {
  const count = 600; // more than a message holds
  for (let number = 0; number < count; number += 1)
    writeFileSync(join(folder, `${number}.mp3`), 'x'.repeat(7));
  const { state, options } = listener();
  const watch = createWatchThread().watch(options);
  await expect.poll(() => state.ready, { timeout: 20_000 }).toBe(1);
  expect(state.seenWhenReady).toBe(count);
  expect(state.seen.get('599.mp3')?.[0]).toBe(7);
  writeFileSync(join(folder, 'new.mp3'), 'y');
  await expect.poll(() => state.paths, { timeout: 20_000 }).toContain('new.mp3');
  await watch.close();
  await watch.close();
  expect(state.problems).toEqual([]);
});

it('closes one folder without the others, and begins again after the last', async () => {
  const thread = createWatchThread();
  const first = listener();
  const second = listener();
  const firstWatch = thread.watch(first.options);
  const secondWatch = thread.watch(second.options);
  await expect.poll(() => first.state.ready + second.state.ready, { timeout: 20_000 }).toBe(2);
  await firstWatch.close();
  writeFileSync(join(folder, 'a.mp3'), 'y');
  await expect.poll(() => second.state.paths, { timeout: 20_000 }).toContain('a.mp3');
  expect(first.state.paths).toEqual([]);
  await secondWatch.close();
  const third = listener();
  const thirdWatch = thread.watch(third.options);
  await expect.poll(() => third.state.ready, { timeout: 20_000 }).toBe(1);
  expect([...third.state.seen.keys()]).toEqual(['a.mp3']);
  await thirdWatch.close();
});

it('watches again after its thread died', async () => {
  const file = join(folder, 'thread.mjs');
  const died = join(folder, 'died');
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';
     import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ watch }) => {
       if (existsSync(${JSON.stringify(died)})) return parentPort.postMessage({ kind: 'ready', watch });
       writeFileSync(${JSON.stringify(died)}, '');
       throw new Error('out of memory');
     });`,
  );
  const { state, options } = listener();
  const watch = createWatchThread(pathToFileURL(file), 50).watch(options);
  await expect.poll(() => state.ready, { timeout: 20_000 }).toBe(1);
  expect(state.problems).toEqual(['Error: out of memory']);
  await watch.close();
});
