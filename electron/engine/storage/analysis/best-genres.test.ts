import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCompileQuery } from '#engine/track-queries.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import type { SortKey } from '#shared/domain.ts';
import { fixtureGenres, fixtureTags, hashOf, openFilledLibrary } from '../filled-library.fixture.ts';
import type { FilledLibrary } from '../filled-library.fixture.ts';
import { refreshScores, writeCorrection } from '../library/corrections.ts';
import { useModel } from './current-model.ts';

let library: FilledLibrary;
let compile: CompileQuery;
beforeEach(() => {
  library = openFilledLibrary();
  compile = createCompileQuery(library.storage.database, () => 0);
});
afterEach(() => {
  library.remove();
});

const byGenre: readonly SortKey[] = [{ field: 'genre' }];
const byConfidence: readonly SortKey[] = [{ field: 'confidence', descending: true }];

function ids(sort: readonly SortKey[]): readonly number[] {
  const compiled = compile({}, sort);
  const statement = library.storage.database.prepare(compiled.ids.sql).pluck();
  return statement.all(...compiled.ids.parameters, -1, 0) as number[];
}

/** As it was before the best genres were kept: the scores of each track are asked. */
function slowly(what: 'name' | 'confidence'): readonly number[] {
  const [heard, own] = what === 'name' ? ['l.name', 'l.name'] : ['s.confidence', '1.0'];
  const best = `coalesce(
    (SELECT ${heard} FROM analysis.recordings AS r
       JOIN analysis.genre_scores AS s ON s.recording_id = r.id AND s.model_id = (SELECT id FROM temp.current_model)
       JOIN temp.current_labels AS l ON l.id = s.genre AND s.confidence >= l.threshold
     WHERE r.audio_hash = t.audio_hash ORDER BY s.confidence DESC, s.genre LIMIT 1),
    (SELECT ${own} FROM main.track_genre_corrections AS c JOIN temp.current_labels AS l ON l.id = c.genre
     WHERE c.track_id = t.id AND c.fits = 1 ORDER BY c.genre LIMIT 1))`;
  const order =
    what === 'name' ? `${best} COLLATE NOCASE NULLS LAST, t.id` : `${best} DESC NULLS LAST, t.id DESC`;
  const sql = `SELECT t.id FROM main.tracks AS t ORDER BY ${order}`;
  return library.storage.database.prepare(sql).pluck().all() as number[];
}

function same(): void {
  expect(ids(byGenre)).toEqual(slowly('name'));
  expect(ids(byConfidence)).toEqual(slowly('confidence'));
}

/** The same with every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

it('orders as the scores do, whatever happens to tracks, scores, words of the user and models', () => {
  const { storage } = library;
  const { database } = storage;
  const random = numbers(3);
  const below = (limit: number): number => Math.floor(random() * limit);
  const genreIds = fixtureGenres.map(({ id }) => id);
  const scores = (): Record<string, number> =>
    Object.fromEntries(genreIds.filter(() => random() < 0.5).map((id) => [id, below(20) / 20]));
  const recordings = Array.from({ length: 700 }, (_, number) => `recording ${number}`);
  const pick = (): string => recordings[below(recordings.length)] ?? '';
  for (const [number, recording] of recordings.entries()) {
    library.add({ path: `${number}.mp3`, recording: number % 9 === 0 ? null : recording, genres: scores() });
    if (number % 7 === 0) library.add({ path: `copy ${number}.mp3`, recording });
  }
  same();
  const steps: readonly (() => void)[] = [
    () => library.predict(pick(), scores(), [1]),
    () => void library.add({ path: `new ${random()}.mp3`, recording: pick() }),
    () =>
      void database
        .prepare('UPDATE tracks SET audio_hash = ? WHERE id = ?')
        .run(hashOf(pick()), 1 + below(700)),
    () => void database.prepare('DELETE FROM tracks WHERE id = ?').run(1 + below(700)),
    () => void database.prepare('DELETE FROM analysis.recordings WHERE audio_hash = ?').run(hashOf(pick())),
    () => {
      const subject = hashOf(pick()).toString('hex').toUpperCase();
      const genre = genreIds[below(genreIds.length)] ?? '';
      storage.write(() => {
        writeCorrection(database, { subject, genre, fits: [true, false, null][below(3)] ?? null, at: 1 });
        refreshScores(database, [subject]);
      });
    },
    () => {
      const genre = genreIds[below(genreIds.length)] ?? '';
      storage.write(() => writeCorrection(database, { subject: 't10', genre, fits: random() < 0.7, at: 1 }));
    },
  ];
  for (let round = 0; round < 200; round += 1) {
    steps[below(steps.length)]?.();
    if (round % 5 === 0) same();
  }
  same();
  // The same model with higher thresholds, then another one that said nothing yet.
  const stricter = fixtureGenres.map((label) => ({ ...label, threshold: 0.8 }));
  const before = ids(byGenre);
  useModel(database, { version: 'test-1', genres: stricter, tags: fixtureTags } as never);
  same();
  expect(ids(byGenre)).not.toEqual(before);
  useModel(database, { version: 'test-2', genres: stricter, tags: fixtureTags } as never);
  same();
});

it('follows a transaction that is taken back', () => {
  const { storage } = library;
  const quiet = library.add({ path: 'a.mp3', genres: { rock: 0.6 } });
  const loud = library.add({ path: 'b.mp3', genres: { rock: 0.9 } });
  expect(ids(byConfidence)).toEqual([loud, quiet]);
  expect(() =>
    storage.write(() => {
      storage.database.exec('UPDATE analysis.genre_scores SET confidence = 0.95 WHERE confidence = 0.6');
      expect(ids(byConfidence)).toEqual([quiet, loud]);
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
  expect(ids(byConfidence)).toEqual([loud, quiet]);
});
