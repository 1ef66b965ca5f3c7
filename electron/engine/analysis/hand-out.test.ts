import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeFromQueue } from '#engine/storage/library/queue.ts';
import { createTestFolder, openTestLibrary } from './fixtures/library-for-tests.ts';
import type { TestLibrary } from './fixtures/library-for-tests.ts';
import { createHandOut } from './hand-out.ts';

let folder: ReturnType<typeof createTestFolder>;
let library: TestLibrary;

beforeEach(() => {
  folder = createTestFolder();
  library = openTestLibrary(folder.path);
});
afterEach(() => {
  library.storage.close();
  folder.remove();
});

it('hands out nothing twice, though newer tracks are queued while one is in hand', () => {
  const first = library.add('first.mp3');
  const handOut = createHandOut(library.storage.database);
  const inHand = handOut.next()!;
  expect(inHand.trackId).toBe(first);

  // The scan goes on: newer tracks go in front of the one in hand, which is still in the queue.
  const second = library.add('second.mp3');
  handOut.refresh();
  expect(handOut.next()?.trackId).toBe(second);

  library.storage.write(() => removeFromQueue(library.storage.database, first, inHand.queuedAt));
  handOut.release(first);
  expect(handOut.next()).toBeNull();
});
