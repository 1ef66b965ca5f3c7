/** How long "similar tracks" takes in a large library. */
import type { Input } from '#shared/contract.ts';
import { createRecordings } from '#engine/similarity/recordings.ts';
import { createSimilarityHandlers } from '#engine/similarity/similarity.handlers.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { seededRandom } from '../demo/random.ts';
import { label, medianOf } from './figures.ts';

export interface SimilarityFigures {
  readonly tracks: number;
  readonly embeddingSize: number;
  /** From a cold start: everything is read into memory first. */
  readonly firstAnswerMs: number;
  /** Median of the later ones. */
  readonly answerMs: number;
  readonly slowestAnswerMs: number;
  /** Median with every axis weighed, three seeds, and at most two tracks an artist. */
  readonly weighedAnswerMs: number;
  readonly slowestWeighedAnswerMs: number;
}

const QUERIES = 21;
const LIMIT = 50;
/** As many labels as the model of the release has, and as many genres above the stored minimum as its tracks have. */
const GENRES = 44;
const GENRES_A_TRACK = 8;
const TAGS = 27;
const TRACKS_AN_ARTIST = 12;

/** Fills a library with random embeddings, genres and moods, and asks for the 50 most similar of some. */
export async function measureSimilarity(tracks: number, embeddingSize: number): Promise<SimilarityFigures> {
  const random = seededRandom(1);
  const pick = (count: number): number => Math.floor(random() * count);
  const library = openFilledLibrary(embeddingSize, [], {
    genres: Array.from({ length: GENRES }, (_, i) => label(`genre ${i}`)),
    tags: Array.from({ length: TAGS }, (_, i) => label(`mood/${i}`)),
  });
  try {
    const ids: number[] = [];
    library.storage.write(() => {
      for (let i = 0; i < tracks; i++) {
        ids.push(
          library.add({
            path: `track ${i}`,
            artist: `artist ${pick(tracks / TRACKS_AN_ARTIST)}`,
            embedding: Array.from({ length: embeddingSize }, () => random() - 0.5),
            genres: Object.fromEntries(
              Array.from({ length: GENRES_A_TRACK }, () => [`genre ${pick(GENRES)}`, 0.05 + random() * 0.95]),
            ),
            tags: Array.from({ length: TAGS }, random),
          }),
        );
      }
    });
    const recordings = createRecordings(library.storage, embeddingSize);
    const handlers = createSimilarityHandlers({
      storage: library.storage,
      recordings: () => recordings,
      embeddingSize,
    });
    const context = { signal: new AbortController().signal };
    const someId = (): number => ids[pick(tracks)] ?? 1;
    const ask = async (more: Partial<Input<'similar.find'>> = {}): Promise<number> => {
      const started = performance.now();
      await handlers['similar.find']({ trackId: someId(), limit: LIMIT, ...more }, context);
      return performance.now() - started;
    };
    const firstAnswerMs = await ask();
    const plain: number[] = [];
    const weighed: number[] = [];
    for (let i = 0; i < QUERIES; i++) {
      plain.push(await ask());
      weighed.push(
        await ask({
          more: [someId(), someId()],
          weights: { sound: 1, genres: 0.5, mood: 0.5 },
          perArtist: 2,
        }),
      );
    }
    recordings.close();
    return {
      ...{ tracks, embeddingSize, firstAnswerMs },
      answerMs: medianOf(plain),
      slowestAnswerMs: Math.max(...plain),
      weighedAnswerMs: medianOf(weighed),
      slowestWeighedAnswerMs: Math.max(...weighed),
    };
  } finally {
    library.remove();
  }
}
