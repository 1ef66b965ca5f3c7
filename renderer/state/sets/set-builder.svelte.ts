/** A set as it is wished for, what was put together, and what of it stays when it is built again. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { BuiltSet, KeyRule, MixSettings, Track } from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { toWire } from '#shared/errors.ts';
import { curveOf, pointsOf } from '../../lib/energy-curve.ts';
import { mixInput } from '../../lib/mix.ts';

export interface SetWishes {
  /** The list whose tracks it is made of; null: the whole library. */
  readonly playlistId: number | null;
  /** A search they must fit; empty: none. */
  readonly search: string;
  /** Names; empty: any. */
  readonly genres: readonly string[];
  readonly lengthBy: 'count' | 'minutes';
  readonly count: number;
  readonly minutes: number;
  readonly followCurve: boolean;
  readonly curve: readonly number[];
  /** Null: any. */
  readonly slowest: number | null;
  readonly fastest: number | null;
  readonly drift: number | null;
  readonly keyRule: KeyRule;
  readonly artistGap: number;
  readonly first: Track | null;
  readonly last: Track | null;
  readonly include: readonly Track[];
  readonly exclude: readonly Track[];
  readonly seed: number;
}

const atFirst: SetWishes = {
  playlistId: null,
  search: '',
  genres: [],
  lengthBy: 'count',
  count: 20,
  minutes: 90,
  followCurve: true,
  curve: curveOf('peak'),
  slowest: null,
  fastest: null,
  drift: null,
  keyRule: 'any',
  artistGap: 3,
  first: null,
  last: null,
  include: [],
  exclude: [],
  seed: 0,
};

/** What a track is to be in the set. */
export type SetPart = 'first' | 'last' | 'include' | 'exclude';

export class SetBuilder {
  #wishes = $state.raw<SetWishes>(atFirst);
  #built = $state.raw<BuiltSet | null>(null);
  /** Positions of rows that keep their place. */
  #locked = $state.raw<ReadonlySet<number>>(new Set());
  #problem = $state<string | null>(null);
  #question = $state.raw<AbortController | null>(null);
  #client: EngineClient;
  #mix: () => MixSettings;

  constructor(client: EngineClient, mix: () => MixSettings) {
    this.#client = client;
    this.#mix = mix;
  }

  get wishes(): SetWishes {
    return this.#wishes;
  }
  /** The last set that was put together; null: none yet. */
  get built(): BuiltSet | null {
    return this.#built;
  }
  get problem(): string | null {
    return this.#problem;
  }
  get building(): boolean {
    return this.#question !== null;
  }
  get adjusted(): boolean {
    return this.#wishes !== atFirst;
  }

  isLocked(position: number): boolean {
    return this.#locked.has(position);
  }

  wish(part: Partial<SetWishes>): void {
    this.#wishes = { ...this.#wishes, ...part };
  }

  reset(): void {
    this.#wishes = atFirst;
  }

  toggleLock(position: number): void {
    const locked = new Set(this.#locked);
    if (!locked.delete(position)) locked.add(position);
    this.#locked = locked;
  }

  /** A track has one part in the set: what it was before, it is no more. */
  put(tracks: readonly Track[], part: SetPart): void {
    for (const track of tracks) this.takeBack(track);
    const { include, exclude } = this.#wishes;
    const [one = null] = tracks;
    if (part === 'first') this.wish({ first: one });
    else if (part === 'last') this.wish({ last: one });
    else if (part === 'include') this.wish({ include: [...include, ...tracks] });
    else this.wish({ exclude: [...exclude, ...tracks] });
  }

  /** Neither wanted nor unwanted any more. */
  takeBack({ id }: Track): void {
    const { first, last, include, exclude } = this.#wishes;
    const others = (track: Track): boolean => track.id !== id;
    this.wish({
      first: first?.id === id ? null : first,
      last: last?.id === id ? null : last,
      include: include.filter(others),
      exclude: exclude.filter(others),
    });
  }

  /** Leaves the track of a row out from now on; its place is free. */
  leaveOut(position: number): void {
    const row = this.#built?.rows[position];
    if (row === undefined) return;
    if (this.isLocked(position)) this.toggleLock(position);
    this.put([row.track], 'exclude');
  }

  /** Puts it together; locked rows keep their places. */
  async build(): Promise<void> {
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    try {
      const built = await this.#client.request('sets.build', this.#input(), { signal: question.signal });
      if (this.#question !== question) return;
      const kept = this.#lockedRows();
      this.#locked = new Set(
        kept
          .filter(({ position, trackId }) => built.rows[position]?.track.id === trackId)
          .map(({ position }) => position),
      );
      this.#built = built;
      this.#problem = null;
    } catch (error) {
      const wire = toWire(error);
      if (this.#question === question && wire.code !== 'cancelled') this.#problem = describeError(wire);
    } finally {
      if (this.#question === question) this.#question = null;
    }
  }

  /** The same wishes, thrown anew. */
  async another(): Promise<void> {
    this.wish({ seed: this.#wishes.seed + 1 });
    await this.build();
  }

  stop(): void {
    this.#question?.abort();
    this.#question = null;
  }

  #lockedRows(): { position: number; trackId: number }[] {
    const rows = this.#built?.rows ?? [];
    return [...this.#locked]
      .toSorted((a, b) => a - b)
      .flatMap((position) => {
        const row = rows[position];
        return row === undefined ? [] : [{ position, trackId: row.track.id }];
      });
  }

  #input(): Input<'sets.build'> {
    const wishes = this.#wishes;
    const { first, last, slowest, fastest } = wishes;
    const ids = (tracks: readonly Track[]): number[] => tracks.map(({ id }) => id);
    const text = wishes.search.trim();
    const locked = this.#lockedRows();
    const query = {
      ...(wishes.playlistId === null ? {} : { playlistId: wishes.playlistId }),
      ...(text === '' ? {} : { text }),
    };
    return {
      ...(Object.keys(query).length === 0 ? {} : { query }),
      ...(wishes.genres.length === 0 ? {} : { genres: [...wishes.genres] }),
      length: wishes.lengthBy === 'count' ? { count: wishes.count } : { seconds: wishes.minutes * 60 },
      ...(wishes.followCurve ? { energyCurve: pointsOf(wishes.curve) } : {}),
      ...(first === null ? {} : { from: first.id }),
      ...(last === null ? {} : { to: last.id }),
      ...(slowest === null && fastest === null
        ? {}
        : {
            tempoRange: {
              min: Math.min(slowest ?? SLOWEST, fastest ?? FASTEST),
              max: Math.max(fastest ?? FASTEST, slowest ?? SLOWEST),
            },
          }),
      ...(wishes.drift === null ? {} : { greatestTempoStep: wishes.drift }),
      keyRule: wishes.keyRule,
      ...(wishes.artistGap > 1 ? { artistGap: wishes.artistGap } : {}),
      ...(wishes.include.length === 0 ? {} : { include: ids(wishes.include) }),
      ...(wishes.exclude.length === 0 ? {} : { exclude: ids(wishes.exclude) }),
      ...(locked.length === 0 ? {} : { locked }),
      mix: mixInput(this.#mix()),
      seed: wishes.seed,
    };
  }
}

/** The contract's bounds, where one end is left open. */
const [SLOWEST, FASTEST] = [20, 400];
