/** Why a track stands in the list of similar ones, in one sentence. */
import type { GenreScore, Track } from '#shared/domain.ts';

/** More names than two make no sentence. */
const NAMED_GENRES = 2;

/**
 * `score` is the cosine of the embeddings. The words follow what the model heard: how near the sound is,
 * and which genres both have, or which one each has alone.
 */
export function explainSimilarity(
  seed: Pick<Track, 'genres'>,
  other: Pick<Track, 'genres'>,
  score: number,
): string {
  const nearness = describeNearness(score);
  const shared = sharedGenres(seed.genres, other.genres).slice(0, NAMED_GENRES);
  if (shared.length > 0) return `${nearness}; both are ${shared.join(' and ')}.`;
  const [own] = other.genres;
  const [seeds] = seed.genres;
  if (own !== undefined && seeds !== undefined) {
    return `${nearness}, from another genre: ${own.genre} beside ${seeds.genre}.`;
  }
  if (own !== undefined) return `${nearness}; this one is ${own.genre}.`;
  if (seeds !== undefined) return `${nearness}, though no genre fits this one.`;
  return `${nearness}.`;
}

function describeNearness(score: number): string {
  if (score >= 0.95) return 'Almost the same sound';
  if (score >= 0.85) return 'Very close in sound';
  if (score >= 0.7) return 'Close in sound';
  if (score >= 0.5) return 'Related in sound';
  return 'Not close in sound';
}

/** Names of the genres of both, the ones that both are surest of first. */
function sharedGenres(one: readonly GenreScore[], other: readonly GenreScore[]): readonly string[] {
  const confidences = new Map(other.map((score) => [score.genre, score.confidence]));
  return one
    .flatMap(({ genre, confidence }) => {
      const theirs = confidences.get(genre);
      return theirs === undefined ? [] : [{ genre, confidence: Math.min(confidence, theirs) }];
    })
    .sort((a, b) => b.confidence - a.confidence)
    .map(({ genre }) => genre);
}
