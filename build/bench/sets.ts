/** How long it takes to put a set together, and to say what comes next in a large library. */
import type { Input } from '#shared/contract.ts';
import { camelotKeys } from '#shared/music/keys.ts';
import { createEdits } from '#engine/edits.ts';
import { createSetHandlers } from '#engine/sets/sets.handlers.ts';
import { createTrackIndex } from '#engine/sets/track-index.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { seededRandom } from '../demo/random.ts';
import { label, medianOf } from './figures.ts';

export interface SetFigures {
  readonly tracks: number;
  /** Sets of 25 rows out of 500 candidates with rules: median and slowest. */
  readonly buildMs: number;
  readonly slowestBuildMs: number;
  /** The longest that others waited meanwhile. */
  readonly longestWaitMs: number;
  /** The same out of the whole library. */
  readonly buildOfAllMs: number;
  readonly nextMs: number;
  readonly slowestNextMs: number;
  /** From a cold start: everything is read into memory first. */
  readonly firstNextMs: number;
}

const GENRES = 44;
const GENRES_A_TRACK = 8;
const TAGS = 27;
const TRACKS_AN_ARTIST = 12;
const CANDIDATES = 500;
const BUILDS = 7;
const QUERIES = 21;

export async function measureSets(tracks: number, embeddingSize: number): Promise<SetFigures> {
  const random = seededRandom(1);
  const pick = (count: number): number => Math.floor(random() * count);
  const library = openFilledLibrary(embeddingSize, [], {
    genres: Array.from({ length: GENRES }, (_, i) => label(`genre ${i}`)),
    tags: Array.from({ length: TAGS }, (_, i) => label(`mood/${i}`)),
  });
  const { storage } = library;
  try {
    const ids: number[] = [];
    storage.write(() => {
      for (let i = 0; i < tracks; i++) {
        ids.push(
          library.add({
            path: i < CANDIDATES ? `some ${i}` : `track ${i}`,
            title: i < CANDIDATES ? `chosen ${i}` : `track ${i}`,
            artist: `artist ${pick(tracks / TRACKS_AN_ARTIST)}`,
            durationSeconds: 120 + pick(300),
            embedding: Array.from({ length: embeddingSize }, () => random() - 0.3),
            genres: Object.fromEntries(
              Array.from({ length: GENRES_A_TRACK }, () => [`genre ${pick(GENRES)}`, 0.05 + random() * 0.95]),
            ),
            tags: Array.from({ length: TAGS }, random),
            sound: { bpm: 80 + random() * 100, key: camelotKeys[pick(24)]!, energy: 1 + random() * 9 },
          }),
        );
      }
    });
    const recordings = createRecordings(storage, embeddingSize);
    const index = createTrackIndex(storage, embeddingSize);
    const handlers = createSetHandlers({
      storage,
      compile: createCompileQuery(storage.database, () => 0),
      edits: createEdits({ storage, publish: () => {}, changed: () => {}, clock: () => 0 }),
      recordings: () => recordings,
      index: () => index,
      listChanged: () => {
        throw new Error('No list is changed here.');
      },
      clock: () => 0,
    });
    const context = { signal: new AbortController().signal };
    const next = async (): Promise<number> => {
      const started = performance.now();
      await handlers['sets.next']({ after: [ids[pick(tracks)] ?? 1] }, context);
      return performance.now() - started;
    };
    const build = async (query: Input<'sets.build'>['query'], seed: number): Promise<number> => {
      const started = performance.now();
      await handlers['sets.build'](
        {
          ...{ query, seed, length: { count: 25 }, keyRule: 'related', greatestTempoStep: 6, artistGap: 5 },
          energyCurve: [
            { at: 0, energy: 3 },
            { at: 0.7, energy: 9 },
            { at: 1, energy: 5 },
          ],
        },
        context,
      );
      return performance.now() - started;
    };
    const firstNextMs = await next();
    const answers: number[] = [];
    for (let i = 0; i < QUERIES; i++) answers.push(await next());
    let longestWaitMs = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestWaitMs = Math.max(longestWaitMs, performance.now() - last);
      last = performance.now();
    });
    const builds: number[] = [];
    for (let seed = 0; seed < BUILDS; seed++) builds.push(await build({ text: 'title:chosen' }, seed));
    clearInterval(watch);
    const ofAll: number[] = [];
    for (let seed = 0; seed < 3; seed++) ofAll.push(await build(undefined, seed));
    recordings.close();
    return {
      tracks,
      ...{ buildMs: medianOf(builds), slowestBuildMs: Math.max(...builds), longestWaitMs },
      buildOfAllMs: medianOf(ofAll),
      ...{ nextMs: medianOf(answers), slowestNextMs: Math.max(...answers), firstNextMs },
    };
  } finally {
    library.remove();
  }
}
