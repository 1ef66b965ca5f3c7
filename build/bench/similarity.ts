/** How long "similar tracks" takes in a large library. */
import { createRecordings } from '#engine/similarity/recordings.ts';
import { createSimilarityHandlers } from '#engine/similarity/similarity.handlers.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { seededRandom } from '../demo/random.ts';

export interface SimilarityFigures {
  readonly tracks: number;
  readonly embeddingSize: number;
  /** From a cold start: everything is read into memory first. */
  readonly firstAnswerMs: number;
  /** Median of the later ones. */
  readonly answerMs: number;
  readonly slowestAnswerMs: number;
}

const QUERIES = 21;
const LIMIT = 50;

/** Fills a library with random embeddings and asks for the 50 nearest of some. */
export async function measureSimilarity(tracks: number, embeddingSize: number): Promise<SimilarityFigures> {
  const random = seededRandom(1);
  const library = openFilledLibrary(embeddingSize);
  try {
    const ids: number[] = [];
    library.storage.write(() => {
      for (let i = 0; i < tracks; i++) {
        const embedding = Array.from({ length: embeddingSize }, () => random() - 0.5);
        ids.push(library.add({ path: `track ${i}`, embedding, genres: { rock: random() } }));
      }
    });
    const recordings = createRecordings(library.storage, embeddingSize);
    const handlers = createSimilarityHandlers({
      storage: library.storage,
      recordings: () => recordings,
      embeddingSize,
    });
    const context = { signal: new AbortController().signal };
    const ask = async (trackId: number): Promise<number> => {
      const started = performance.now();
      await handlers['similar.find']({ trackId, limit: LIMIT }, context);
      return performance.now() - started;
    };
    const firstAnswerMs = await ask(ids[0] ?? 1);
    const times: number[] = [];
    for (let i = 1; i <= QUERIES; i++) times.push(await ask(ids[Math.floor(random() * tracks)] ?? 1));
    times.sort((a, b) => a - b);
    recordings.close();
    return {
      ...{ tracks, embeddingSize, firstAnswerMs },
      answerMs: times[Math.floor(QUERIES / 2)] ?? 0,
      slowestAnswerMs: times.at(-1) ?? 0,
    };
  } finally {
    library.remove();
  }
}
