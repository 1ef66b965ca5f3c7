/** How similar tracks are wanted: seeds and counter-examples, what counts how much, and how long the list is. */
import type { SimilarityAxis, SimilarityWeights, Track } from '#shared/domain.ts';
import type { SimilarWishes } from './list.svelte.ts';

/** While a slider moves: one question for all steps within this time. */
const SETTLE_MS = 80;
/** The sound leads; genres and moods tell apart what sounds alike. */
const firstWeights: SimilarityWeights = { sound: 1, genres: 0.4, mood: 0.4 };
const FIRST_LIMIT = 100;
export const listLimits = [25, 50, 100, 200, 500] as const;
export const artistLimits = [1, 2, 3, 5] as const;

export class Similar {
  /** The seed that the examples belong to: another seed starts without any. */
  #seedId = $state<number | null>(null);
  #more = $state.raw<readonly Track[]>([]);
  #less = $state.raw<readonly Track[]>([]);
  #weights = $state.raw<SimilarityWeights>(firstWeights);
  #acrossGenres = $state(0);
  #perArtist = $state<number | null>(null);
  #limit = $state(FIRST_LIMIT);
  #auditioning = $state(false);
  #changed: () => unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `changed`: the list on screen is to be asked for again. */
  constructor(changed: () => unknown) {
    this.#changed = changed;
  }

  /** Further seeds beside the first one. */
  get more(): readonly Track[] {
    return this.#more;
  }
  get less(): readonly Track[] {
    return this.#less;
  }
  get weights(): SimilarityWeights {
    return this.#weights;
  }
  /** 0: any genre, 1: only from others. */
  get acrossGenres(): number {
    return this.#acrossGenres;
  }
  /** Rows of one artist at most; null: any number. */
  get perArtist(): number | null {
    return this.#perArtist;
  }
  get limit(): number {
    return this.#limit;
  }
  /** Whether what the mouse or the keyboard is at plays from its middle. */
  get auditioning(): boolean {
    return this.#auditioning;
  }
  /** Whether anything but the seed is other than at first. */
  get adjusted(): boolean {
    return (
      this.#weights !== firstWeights ||
      this.#acrossGenres > 0 ||
      this.#perArtist !== null ||
      this.#limit !== FIRST_LIMIT
    );
  }

  /** What is asked of the engine for a seed. Examples given for another one are forgotten. */
  wishesOf(trackId: number): SimilarWishes {
    if (trackId !== this.#seedId) {
      this.#seedId = trackId;
      this.#more = [];
      this.#less = [];
    }
    const ids = (tracks: readonly Track[]): number[] => tracks.map(({ id }) => id);
    return {
      limit: this.#limit,
      weights: { ...this.#weights },
      ...(this.#more.length === 0 ? {} : { more: ids(this.#more) }),
      ...(this.#less.length === 0 ? {} : { less: ids(this.#less) }),
      ...(this.#acrossGenres === 0 ? {} : { acrossGenres: this.#acrossGenres }),
      ...(this.#perArtist === null ? {} : { perArtist: this.#perArtist }),
    };
  }

  /** More like these; what was a counter-example is one no more. */
  addMore(tracks: readonly Track[]): void {
    this.#more = joined(this.#more, tracks, this.#seedId);
    this.#less = without(this.#less, tracks);
    this.#ask();
  }

  addLess(tracks: readonly Track[]): void {
    this.#less = joined(this.#less, tracks, this.#seedId);
    this.#more = without(this.#more, tracks);
    this.#ask();
  }

  takeOut(track: Track): void {
    this.#more = without(this.#more, [track]);
    this.#less = without(this.#less, [track]);
    this.#ask();
  }

  setWeight(axis: SimilarityAxis, weight: number): void {
    this.#weights = { ...this.#weights, [axis]: weight };
    this.#ask();
  }

  setAcrossGenres(share: number): void {
    this.#acrossGenres = share;
    this.#ask();
  }

  setPerArtist(count: number | null): void {
    this.#perArtist = count;
    this.#ask();
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.#ask();
  }

  reset(): void {
    this.#weights = firstWeights;
    this.#acrossGenres = 0;
    this.#perArtist = null;
    this.#limit = FIRST_LIMIT;
    this.#ask();
  }

  setAuditioning(auditioning: boolean): void {
    this.#auditioning = auditioning;
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#changed(), SETTLE_MS);
  }
}

/** The contract's bound. */
const MOST_EXAMPLES = 100;

function joined(known: readonly Track[], added: readonly Track[], seedId: number | null): readonly Track[] {
  const ids = new Set([seedId, ...known.map(({ id }) => id)]);
  return [...known, ...added.filter(({ id }) => !ids.has(id))].slice(0, MOST_EXAMPLES);
}

function without(known: readonly Track[], taken: readonly Track[]): readonly Track[] {
  const ids = new Set(taken.map(({ id }) => id));
  return known.filter(({ id }) => !ids.has(id));
}
