/** A library with the requests about sets on it: for their tests. */
import { createEdits } from '#engine/edits.ts';
import { createEvents } from '#engine/events.ts';
import { createPlaylists } from '#engine/playlists/playlists.handlers.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledTrack } from '#engine/storage/filled-library.fixture.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createRandom } from './improve.ts';
import { createSetHandlers } from './sets.handlers.ts';
import { createTrackIndex } from './track-index.ts';

export const context = { signal: new AbortController().signal };
export type SetLibrary = ReturnType<typeof openSetLibrary>;

export function openSetLibrary() {
  const library = openFilledLibrary();
  const { storage } = library;
  const events = createEvents();
  const clock = (): number => 1000;
  const changed = (): void => {};
  const edits = createEdits({ storage, publish: events.publish, changed, clock });
  const compile = createCompileQuery(storage.database, clock);
  const recordings = createRecordings(storage, 4);
  const index = createTrackIndex(storage, 4);
  const shared = { storage, edits, compile, recordings: () => recordings, clock };
  const playlists = createPlaylists({ ...shared, events, changed, revision: () => 1 });
  const handlers = createSetHandlers({ ...shared, index: () => index, listChanged: playlists.changed });

  function add(path: string, more: Partial<FilledTrack> = {}): number {
    return library.add({ path, embedding: [1, 0], durationSeconds: 240, ...more });
  }

  return {
    library,
    edits,
    lists: playlists.handlers,
    handlers,
    add,
    /** Tracks of every tempo from 100 to 140, every key and energy, by eight artists; their ids. */
    addMany(count: number): readonly number[] {
      const random = createRandom(1);
      return Array.from({ length: count }, (_, number) =>
        add(`track ${number}`, {
          artist: `Artist ${Math.floor(random() * 8)}`,
          durationSeconds: 150 + Math.floor(random() * 200),
          embedding: [random() - 0.3, random() - 0.3, random() - 0.3, random() - 0.3],
          genres: { [random() < 0.5 ? 'electronic/house' : 'electronic/techno']: 0.5 + random() / 2 },
          tags: [random(), random(), random(), random()],
          sound: {
            bpm: Math.round(10_000 + random() * 4000) / 100,
            key: `${1 + Math.floor(random() * 12)}${random() < 0.6 ? 'A' : 'B'}`,
            energy: Math.round(10 + random() * 90) / 10,
          },
        }),
      );
    },
    close() {
      playlists.close();
      library.remove();
    },
  };
}
