/** Why a track stands in the list of similar ones, in words. */
import type { GenreScore } from '#shared/domain.ts';

/** More names than two make no sentence. */
const NAMED = 2;

/** What the words are made of. */
export interface Heard {
  /** The genres that fit, the surest first. */
  readonly genres: readonly GenreScore[];
  /** Moods, instruments and voice that fit. */
  readonly tags: readonly HeardTag[];
}

export interface HeardTag {
  /** 'mood/dark', 'instrument/piano', 'voice/female' */
  readonly id: string;
  readonly name: string;
  /** How far above its threshold. */
  readonly strength: number;
}

/**
 * `sound` is the cosine of the embeddings. The words follow what the model heard: how near the sound is, which genres
 * both have or which one each has alone, and moods and instruments of both.
 */
export function explainSimilarity(seed: Heard, other: Heard, sound: number): string {
  return [`${describeSound(seed, other, sound)}.`, ...describeTags(seed, other)].join(' ');
}

function describeSound(seed: Heard, other: Heard, sound: number): string {
  const nearness = describeNearness(sound);
  const shared = sharedGenres(seed.genres, other.genres).slice(0, NAMED);
  if (shared.length > 0) return `${nearness}; both are ${shared.join(' and ')}`;
  const [own] = other.genres;
  const [seeds] = seed.genres;
  if (own !== undefined && seeds !== undefined) {
    return `${nearness}, from another genre: ${own.genre} beside ${seeds.genre}`;
  }
  if (own !== undefined) return `${nearness}; this one is ${own.genre}`;
  if (seeds !== undefined) return `${nearness}, though no genre fits this one`;
  return nearness;
}

export function describeNearness(score: number): string {
  if (score >= 0.95) return 'Almost the same sound';
  if (score >= 0.85) return 'Very close in sound';
  if (score >= 0.7) return 'Close in sound';
  if (score >= 0.5) return 'Related in sound';
  return 'Not close in sound';
}

/** "Both are mellow and sad, with piano." */
function describeTags(seed: Heard, other: Heard): readonly string[] {
  const theirs = new Map(other.tags.map((tag) => [tag.id, tag.strength]));
  const shared = seed.tags
    .flatMap((tag) => {
      const strength = theirs.get(tag.id);
      return strength === undefined ? [] : [{ ...tag, strength: Math.min(tag.strength, strength) }];
    })
    .sort((a, b) => b.strength - a.strength);
  const moods = namesOf(shared, 'mood/', (name) => name);
  const sounds = [
    ...namesOf(shared, 'instrument/', (name) => name),
    ...namesOf(shared, 'voice/', (name) => (/^(?:fe)?male$/u.test(name) ? `a ${name} voice` : name)),
  ].slice(0, NAMED);
  if (moods.length === 0 && sounds.length === 0) return [];
  const are = moods.length === 0 ? 'Both' : `Both are ${moods.join(' and ')}`;
  return [
    `${are}${sounds.length === 0 ? '' : `${moods.length === 0 ? '' : ','} with ${sounds.join(' and ')}`}.`,
  ];
}

function namesOf(tags: readonly HeardTag[], kind: string, word: (name: string) => string): readonly string[] {
  // "Instrumental" and "voice" are no thing to have: a kind of voice or an instrument says more.
  const silent = ['voice/instrumental', 'voice/voice'];
  return tags
    .filter(({ id }) => id.startsWith(kind) && !silent.includes(id))
    .slice(0, NAMED)
    .map(({ name }) => word(name.toLowerCase()));
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
