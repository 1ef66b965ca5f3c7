/** The genre tree, what goes together, and the user's own word on tracks. */
import type { Handlers } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import type { Edits } from '#engine/edits.ts';
import type { Recordings } from '#engine/similarity/recordings.ts';
import { readCurrentLabels } from '#engine/storage/analysis/scores.ts';
import type { CurrentLabel } from '#engine/storage/analysis/scores.ts';
import {
  readWordsOfTracks,
  refreshScores,
  subjectOf,
  writeCorrection,
} from '#engine/storage/library/corrections.ts';
import { foldGenre } from '#engine/storage/library/track-query-genres.ts';
import type { Storage } from '#engine/storage/open.ts';
import { countCompanions } from './companions.ts';
import { countGenres } from './count.ts';

export interface GenreOptions {
  readonly storage: Storage;
  /** Read into memory when it is first asked for. */
  readonly recordings: () => Recordings;
  readonly edits: Edits;
  /** Genres of tracks have changed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type GenreHandlers = Pick<Handlers, 'genres.list' | 'genres.correct' | 'genres.cooccurrence'>;

export function createGenreHandlers(options: GenreOptions): GenreHandlers {
  const { storage, edits } = options;
  const { database } = storage;

  function genreOf(labels: readonly CurrentLabel[], wanted: string): CurrentLabel {
    const folded = foldGenre(wanted);
    const genre =
      labels.find(({ id }) => id === wanted) ?? labels.find((label) => foldGenre(label.name) === folded);
    if (genre !== undefined) return genre;
    throw new AppError(
      'not-found',
      `The model knows no genre “${wanted}”. The genre list names all of them.`,
    );
  }

  return {
    async 'genres.list'({ minimumConfidence }) {
      const recordings = options.recordings();
      await recordings.upToDate();
      const labels = readCurrentLabels(database);
      return countGenres(recordings, labels, minimumConfidence ?? null, readWordsOfTracks(database));
    },

    'genres.correct'({ trackIds, genre: wanted, value }) {
      const genre = genreOf(readCurrentLabels(database), wanted);
      const at = options.clock();
      const fits = value === 'clear' ? null : value === 'yes';
      const ids = [...new Set(trackIds)];
      const changed = edits.record({ action: 'correct', subject: genre.name, count: ids.length }, () => {
        const subjects = ids.flatMap((id) => {
          const subject = subjectOf(database, id);
          if (subject === null) throw new AppError('not-found', `There is no track ${id} in the library.`);
          return writeCorrection(database, { subject, genre: genre.id, fits, at }) ?? [];
        });
        refreshScores(database, subjects);
        return subjects.length;
      });
      options.changed();
      return { changed };
    },

    async 'genres.cooccurrence'({ genre: wanted, minimumConfidence }) {
      const labels = readCurrentLabels(database);
      const genre = genreOf(labels, wanted);
      const recordings = options.recordings();
      await recordings.upToDate();
      return {
        genre: genre.id,
        ...countCompanions(recordings, labels, genre, minimumConfidence ?? null, readWordsOfTracks(database)),
      };
    },
  };
}
