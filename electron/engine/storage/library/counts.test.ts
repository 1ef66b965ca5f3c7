import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFilledLibrary } from '../filled-library.fixture.ts';
import type { FilledLibrary } from '../filled-library.fixture.ts';
import { readCounts } from './counts.ts';

let library: FilledLibrary;

beforeEach(() => {
  library = openFilledLibrary();
});

afterEach(() => library.remove());

it('nobody waits for the analysis of what is missing or offline, and it is not analysed either', () => {
  library.add({ path: 'done.mp3' });
  library.add({ path: 'waits.mp3', recording: null });
  library.add({ path: 'gone.mp3', recording: null, state: 'missing' });
  library.add({ path: 'away.mp3', recording: null, state: 'offline' });
  expect(readCounts(library.storage.database, 1)).toMatchObject({
    ...{ all: 4, missing: 1, offline: 1, pending: 1, analysed: 1 },
  });
});
