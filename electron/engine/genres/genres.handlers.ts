/** The genre tree. */
import type { Handlers } from '#shared/contract.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readCurrentLabels } from '#engine/storage/analysis/scores.ts';
import type { Storage } from '#engine/storage/open.ts';
import { countGenres } from './count.ts';

export function createGenreHandlers(
  storage: Storage,
  openRecordings: () => Recordings,
): Pick<Handlers, 'genres.list'> {
  return {
    async 'genres.list'({ minimumConfidence }) {
      const recordings = openRecordings();
      await recordings.upToDate();
      return countGenres(recordings, readCurrentLabels(storage.database), minimumConfidence ?? null);
    },
  };
}
