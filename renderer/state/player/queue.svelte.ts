/**
 * What plays next: first what the user queued, then the list that playing began in. Entries are ids; the list is a
 * question that is asked again (list-walk.ts); nothing here holds a library.
 */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { movedWithin } from '../../lib/reorder.ts';
import { ListWalk, type Step, type WalkState } from './list-walk.ts';
import { MOST_LISTED, tracksById, type PlayList } from './play-list.ts';

export type Repeat = 'off' | 'all' | 'one';
/** What the button changes to. */
export const nextRepeat = { off: 'all', all: 'one', one: 'off' } as const;

/** A track that the user queued; it may stand there twice, so it has an id of its own. */
export interface QueueEntry {
  readonly id: number;
  readonly trackId: number;
}

/** What would play, if it were its turn now. */
export type Candidate =
  | { readonly kind: 'entry'; readonly entry: QueueEntry; readonly track: Track; readonly away: number }
  | { readonly kind: 'step'; readonly step: Step; readonly track: Track; readonly away: number }
  /** Out of what was played. */
  | { readonly kind: 'played'; readonly track: Track; readonly away: number };

type Origin = 'list' | 'entry' | 'alone';

/** The queue as it is stored. */
export interface StoredQueue {
  readonly current: { readonly trackId: number; readonly origin: Origin } | null;
  readonly walk: WalkState | null;
  readonly entries: readonly number[];
  readonly played: readonly number[];
  readonly repeat: Repeat;
  readonly shuffle: boolean;
}

/** Far more than anyone reads, and still a small text to store. */
const MOST_PLAYED = 200;
const MOST_ENTRIES = 50_000;
/** Steps known ahead while nobody looks at the queue: the one that plays next. */
const FEW_AHEAD = 1;

export class Queue {
  #entries = $state.raw<readonly QueueEntry[]>([]);
  #upcoming = $state.raw<readonly Step[]>([]);
  #next = $state.raw<Candidate | null>(null);
  #current = $state.raw<StoredQueue['current']>(null);
  #played = $state.raw<readonly number[]>([]);
  #repeat = $state<Repeat>('off');
  #shuffle = $state(false);
  #list = $state.raw<PlayList | null>(null);
  #total = $state(0);
  #walk: ListWalk | null = null;
  #client: EngineClient;
  #newSeed: () => number;
  #lookahead = FEW_AHEAD;
  #nextId = 1;
  /** Counts the questions, so that an old answer does not undo a newer one. */
  #turn = 0;
  #busy = $state(false);
  #pending: Promise<void> = Promise.resolve();
  #onChange: () => void = () => undefined;

  constructor(client: EngineClient, newSeed: () => number = () => Math.floor(Math.random() * 2 ** 31)) {
    this.#client = client;
    this.#newSeed = newSeed;
  }

  /** Told after every change: who stores the queue, and who prepares the next track. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** What the user queued, in order. */
  get entries(): readonly QueueEntry[] {
    return this.#entries;
  }
  /** The list that goes on after them. */
  get list(): PlayList | null {
    return this.#list;
  }
  /** Its next rows, as far as they were looked up (`lookAhead`). */
  get upcoming(): readonly Step[] {
    return this.#upcoming;
  }
  /** Rows of that list in all. */
  get listTotal(): number {
    return this.#total;
  }
  /** What would play now; null at the end, and while it is not known yet (`upNext` waits for it). */
  get next(): Candidate | null {
    return this.#busy ? null : this.#next;
  }
  /** Ids of what was played, the latest first; without the one that plays. */
  get played(): readonly number[] {
    return this.#played;
  }
  get repeat(): Repeat {
    return this.#repeat;
  }
  get shuffle(): boolean {
    return this.#shuffle;
  }

  // What plays

  /** A list is played from one of its rows. What the user queued stays, and plays after this row. */
  async startList(list: PlayList, row: { index: number; key: number; trackId: number }): Promise<void> {
    const state = { list, index: row.index, key: row.key, shuffle: null, removed: [] };
    const walk = new ListWalk(this.#client, state, this.#newSeed);
    this.#walk = walk;
    this.#list = list;
    this.#upcoming = [];
    this.#become(row.trackId, 'list');
    if (this.#shuffle) await walk.setShuffle(true);
    await this.#refresh();
  }

  /** One track, after which only what was queued follows. */
  async startAlone(trackId: number): Promise<void> {
    this.#dropList();
    this.#become(trackId, 'alone');
    await this.#refresh();
  }

  /** Takes the candidate's turn: it plays now. */
  take(candidate: Candidate): void {
    if (candidate.kind === 'step') {
      this.#walk?.moveTo(candidate.step);
      this.#become(candidate.track.id, 'list');
    } else if (candidate.kind === 'entry') {
      const at = this.#entries.findIndex(({ id }) => id === candidate.entry.id);
      // Those before it that are not there were passed over.
      const passed = candidate.away > 0 ? 0 : at;
      const again = this.#repeat === 'all' && this.#walk === null;
      const rest = [...this.#entries.slice(0, passed), ...this.#entries.slice(at + 1)];
      this.#entries = again ? [...rest, this.#entry(candidate.track.id)] : rest;
      this.#become(candidate.track.id, 'entry');
    } else this.#become(candidate.track.id, 'entry');
    void this.#refresh();
  }

  /** What plays next, once every question under way is answered. */
  async upNext(): Promise<Candidate | null> {
    let pending: Promise<void>;
    do {
      pending = this.#pending;
      await pending;
    } while (pending !== this.#pending);
    return this.#next;
  }

  /** What "previous" goes back to; null at the beginning. Queued tracks go back to the front of the queue. */
  async goBack(): Promise<Candidate | null> {
    const { origin, trackId } = this.#current ?? { origin: 'alone', trackId: 0 };
    if (origin === 'list') {
      const step = (await this.#walk?.back(this.#repeat === 'all')) ?? null;
      return step === null ? null : this.#backTo({ kind: 'step', step, track: step.track, away: 0 });
    }
    const before = this.#played[0];
    if (origin === 'alone' || before === undefined) return null;
    const here = await this.#walk?.here();
    const track = here?.track ?? (await tracksById(this.#client, [before])).get(before);
    if (track === undefined) return null;
    if (this.#repeat === 'all' && this.#walk === null) this.#entries = this.#entries.slice(0, -1);
    this.#entries = [this.#entry(trackId), ...this.#entries];
    return this.#backTo(
      here != null ? { kind: 'step', step: here, track, away: 0 } : { kind: 'played', track, away: 0 },
    );
  }

  // What the user queues

  /** Plays these after the track that plays, before everything else. */
  async playNext(trackIds: readonly number[]): Promise<void> {
    await this.#change([...this.#made(trackIds), ...this.#entries]);
  }

  async add(trackIds: readonly number[], before?: number): Promise<void> {
    const at = before ?? this.#entries.length;
    await this.#change([...this.#entries.slice(0, at), ...this.#made(trackIds), ...this.#entries.slice(at)]);
  }

  /** Moves entries so that they stand together before the entry now at `before`. */
  async move(ids: readonly number[], before: number): Promise<void> {
    const chosen = new Set(ids);
    await this.#change(movedWithin(this.#entries, ({ id }) => chosen.has(id), before));
  }

  async remove(ids: readonly number[]): Promise<void> {
    const chosen = new Set(ids);
    await this.#change(this.#entries.filter(({ id }) => !chosen.has(id)));
  }

  /** Leaves a row of the list out; it comes again when the list is played anew. */
  async removeUpcoming(step: Step): Promise<void> {
    this.#walk?.remove(step.key);
    this.#upcoming = this.#upcoming.filter(({ key }) => key !== step.key);
    await this.#refresh();
  }

  /** Takes a row of the list into the queue, before the entry now at `before`. */
  async bringForward(step: Step, before: number): Promise<void> {
    this.#walk?.remove(step.key);
    await this.add([step.track.id], before);
  }

  /** Nothing follows the track that plays. */
  async clear(): Promise<void> {
    this.#dropList();
    await this.#change([]);
  }

  forgetPlayed(): void {
    this.#played = [];
    this.#onChange();
  }

  // How it goes on

  async setRepeat(repeat: Repeat): Promise<void> {
    this.#repeat = repeat;
    await this.#refresh();
  }

  async setShuffle(on: boolean): Promise<void> {
    this.#shuffle = on;
    await this.#walk?.setShuffle(on);
    await this.#refresh();
  }

  /** How many rows of the list somebody wants to see. */
  async lookAhead(rows: number): Promise<void> {
    this.#lookahead = Math.max(FEW_AHEAD, rows);
    await this.#refresh();
  }

  /** The library or a playlist changed. */
  async changed(): Promise<void> {
    await this.#walk?.changed();
    await this.#refresh();
  }

  // Restart

  get stored(): StoredQueue {
    return {
      current: this.#current,
      walk: this.#walk?.state ?? null,
      entries: this.#entries.map(({ trackId }) => trackId),
      played: this.#played,
      repeat: this.#repeat,
      shuffle: this.#shuffle,
    };
  }

  async restore(stored: StoredQueue): Promise<void> {
    this.#current = stored.current;
    this.#entries = this.#made(stored.entries);
    this.#played = stored.played.slice(0, MOST_PLAYED);
    this.#repeat = stored.repeat;
    this.#shuffle = stored.shuffle;
    if (stored.walk !== null) {
      this.#walk = new ListWalk(this.#client, stored.walk, this.#newSeed);
      this.#list = stored.walk.list;
      await this.#walk.changed();
    }
    await this.#refresh();
  }

  #become(trackId: number, origin: Origin): void {
    const before = this.#current?.trackId;
    if (before !== undefined && before !== this.#played[0])
      this.#played = [before, ...this.#played].slice(0, MOST_PLAYED);
    this.#current = { trackId, origin };
    this.#next = null;
  }

  #backTo(candidate: Candidate): Candidate {
    // Gone back to, it is no longer behind; the one that was left is no part of the past either.
    if (this.#played[0] === candidate.track.id) this.#played = this.#played.slice(1);
    this.#current = null;
    return candidate;
  }

  #dropList(): void {
    this.#walk = null;
    this.#list = null;
    this.#upcoming = [];
    this.#total = 0;
  }

  #made(trackIds: readonly number[]): readonly QueueEntry[] {
    return trackIds.map((trackId) => this.#entry(trackId));
  }

  #entry(trackId: number): QueueEntry {
    return { id: this.#nextId++, trackId };
  }

  async #change(entries: readonly QueueEntry[]): Promise<void> {
    this.#entries = entries.slice(0, MOST_ENTRIES);
    await this.#refresh();
  }

  #refresh(): Promise<void> {
    const turn = ++this.#turn;
    this.#busy = true;
    const look = async (): Promise<void> => {
      const steps = (await this.#walk?.ahead(this.#lookahead, this.#repeat === 'all')) ?? [];
      const entry = await this.#firstEntry();
      if (turn !== this.#turn) return;
      this.#upcoming = steps;
      this.#total = this.#walk?.total ?? 0;
      const [step] = steps;
      this.#next =
        entry ?? (step === undefined ? null : { kind: 'step', step, track: step.track, away: step.away });
    };
    const done = (): void => {
      if (turn !== this.#turn) return;
      this.#busy = false;
      this.#onChange();
    };
    // Where it fails (the engine is out of reach, the playlist is no more) what was known stands.
    this.#pending = look().then(done, done);
    return this.#pending;
  }

  async #firstEntry(): Promise<Candidate | null> {
    let away = 0;
    for (let from = 0; from < this.#entries.length;) {
      const some = this.#entries.slice(from, from + (from === 0 ? 20 : MOST_LISTED));
      const tracks = await tracksById(
        this.#client,
        some.map(({ trackId }) => trackId),
      );
      for (const entry of some) {
        const track = tracks.get(entry.trackId);
        if (track?.state === 'present') return { kind: 'entry', entry, track, away };
        away += 1;
      }
      from += some.length;
    }
    return null;
  }
}
