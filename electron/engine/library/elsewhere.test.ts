import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KnownTrack } from '#engine/storage/library/tracks.ts';
import { findElsewhere } from './elsewhere.ts';
import { contextOf, openTestLibrary } from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';

let library: TestLibrary;
beforeEach(() => {
  library = openTestLibrary();
});
afterEach(async () => {
  await library.dispose();
});

it('asks once for each track of a pack of samples whether its file is gone', async () => {
  for (let each = 0; each < 40; each += 1) library.file(`${each}.wav`, { modifiedAt: 1_600_000_000_000 });
  await library.add();
  await library.scan();
  const tracks = await library.tracks();
  const found = Array.from({ length: 40 }, (_, each) => ({
    relativePath: `copy/${each}.wav`,
    sizeBytes: tracks[0]?.sizeBytes ?? 0,
    modifiedAt: 1_600_000_000_000,
    inode: null,
    problem: null,
  }));
  const asked: number[] = [];
  const isGone = (track: KnownTrack): Promise<boolean> => {
    asked.push(track.id);
    return Promise.resolve(track.id % 10 === 0);
  };
  const { signal } = new AbortController();
  const elsewhere = await findElsewhere(contextOf(library), new Map(), found, signal, isGone);
  expect(asked).toHaveLength(40);
  expect(new Set(asked)).toEqual(new Set(tracks.map((track) => track.id)));
  expect(elsewhere.map((track) => track.id).toSorted((a, b) => a - b)).toEqual([10, 20, 30, 40]);
});
