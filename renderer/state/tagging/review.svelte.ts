/** The review of proposals: which are shown, where the keyboard is, and what is decided. */
import type { EngineClient } from '#shared/contract.ts';
import type {
  ProposalState,
  ProposedField,
  ReviewCounts,
  ReviewGroup,
  ReviewGrouping,
  Track,
  TagProposal,
} from '#shared/domain.ts';
import { RowWindow } from '../row-window.svelte.ts';

/** A track of the queue. */
export interface ReviewItem {
  readonly track: Track;
  /** Those that the list is of: of its state, and its field. */
  readonly proposals: readonly TagProposal[];
  /** The others of the track. */
  readonly others: readonly TagProposal[];
  /** Null without grouping. */
  readonly group: ReviewGroup | null;
}
export type Decision = 'accept' | 'reject' | 'open';

/** Rows of one request: the contract's limit. */
const MOST_ROWS = 5000;
const noCounts: ReviewCounts = { open: 0, accepted: 0, rejected: 0, written: 0 };
const stateAfter = { accept: 'accepted', reject: 'rejected', open: 'open' } as const;

export class Review {
  readonly rows: RowWindow<ReviewItem>;
  #state = $state<ProposalState>('open');
  #field = $state<ProposedField | null>(null);
  #grouping = $state<ReviewGrouping>('none');
  #counts = $state.raw<ReviewCounts>(noCounts);
  #focus = $state(-1);
  #anchor = $state(-1);
  #fieldAt = $state<ProposedField | null>(null);
  /** Counts the lists shown: each begins at its top. */
  #generation = $state(0);
  /** Decisions that the shown rows do not know of yet, by proposal. */
  #marks = $state.raw<ReadonlyMap<number, ProposalState>>(new Map());
  #focusKey: number | undefined;
  /** The tracks of the last decisions: where the keyboard goes when one is taken back. */
  #decided: number[] = [];
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
    this.rows = new RowWindow(() => this.#follow());
  }

  get state(): ProposalState {
    return this.#state;
  }
  /** Null: all fields. */
  get field(): ProposedField | null {
    return this.#field;
  }
  get grouping(): ReviewGrouping {
    return this.#grouping;
  }
  /** Proposals of the field, by state. */
  get counts(): ReviewCounts {
    return this.#counts;
  }
  /** The row the keyboard is at; -1: none. */
  get focus(): number {
    return this.#focus;
  }
  /** The field of it that is decided on alone; null: all of the row. */
  get fieldAt(): ProposedField | null {
    return this.#fieldAt;
  }
  get focused(): ReviewItem | undefined {
    return this.#focus < 0 ? undefined : this.rows.rowAt(this.#focus);
  }
  get generation(): number {
    return this.#generation;
  }
  /** First and last of the selected rows; none: [-1, -1]. */
  get range(): readonly [number, number] {
    return [Math.min(this.#anchor, this.#focus), Math.max(this.#anchor, this.#focus)];
  }

  /** What is known of a proposal's state, decisions under way included. */
  stateOf(proposal: TagProposal): ProposalState {
    return this.#marks.get(proposal.id) ?? proposal.state;
  }

  /** Shows the list, if it was not shown yet. */
  async open(): Promise<void> {
    if (!this.rows.answered) await this.#show();
    else await this.reload();
  }

  async setState(state: ProposalState): Promise<void> {
    this.#state = state;
    await this.#show();
  }
  async setField(field: ProposedField | null): Promise<void> {
    this.#field = field;
    await this.#show();
  }
  async setGrouping(grouping: ReviewGrouping): Promise<void> {
    this.#grouping = grouping;
    await this.#show();
  }

  /** Proposals changed: what is on screen is asked for again; before anything is, only how many there are. */
  async reload(): Promise<void> {
    if (this.rows.answered) await this.rows.reload();
    else this.#counts = (await this.#page(0, 1)).counts;
  }

  /** The keyboard goes to this row; `extend`: the rows up to there are selected. */
  moveTo(index: number, extend = false): void {
    const to = Math.min(this.rows.total - 1, Math.max(0, index));
    this.#focus = to;
    this.#focusKey = this.rows.rowAt(to)?.track.id;
    if (!extend || this.#anchor < 0) this.#anchor = to;
    this.#fieldAt = null;
  }

  /** To the next or previous field of the row, or to all of them. */
  stepField(by: 1 | -1): void {
    const fields = this.focused?.proposals.map(({ field }) => field) ?? [];
    if (fields.length < 2) return;
    const stops = [null, ...fields];
    const at = stops.indexOf(this.#fieldAt);
    this.#fieldAt = stops[Math.min(stops.length - 1, Math.max(0, at + by))] ?? null;
  }

  /** What a key would decide on now: of the selected rows, or of the one field. */
  get targets(): readonly TagProposal[] {
    const [first, last] = this.range;
    if (first < 0) return [];
    return Array.from({ length: Math.min(last - first + 1, MOST_ROWS) }, (_, step) => first + step)
      .flatMap((index) => this.rows.rowAt(index)?.proposals ?? [])
      .filter(({ field }) => this.#fieldAt === null || field === this.#fieldAt);
  }

  /** Decides on the selected rows, and goes on to the next one. Rows that are not loaded yet are asked for. */
  async decideSelected(decision: Decision): Promise<number> {
    const [first, last] = this.range;
    if (first < 0) return 0;
    const all = Array.from({ length: last - first + 1 }, (_, step) => this.rows.rowAt(first + step));
    const missing = all.includes(undefined);
    const loaded = missing ? await this.#between(first, last) : this.targets;
    const single = first === last;
    const wanted = loaded.filter((proposal) => this.#decides(proposal, decision));
    if (single && this.#fieldAt !== null) this.#advanceWithinRow(wanted);
    else this.#advance(last);
    return this.#decide(wanted, decision);
  }

  /** Decides on some proposals, where they stand. `values`: written instead of what was proposed. */
  async decide(
    proposals: readonly TagProposal[],
    decision: Decision,
    values?: readonly string[],
  ): Promise<number> {
    return this.#decide(
      proposals.filter((proposal) => values !== undefined || this.#decides(proposal, decision)),
      decision,
      values,
    );
  }

  /** Edited values stand for the proposal, which is accepted with them; then the next row. */
  async edit(proposal: TagProposal, values: readonly string[]): Promise<number> {
    const at = this.#focus;
    const row = this.focused;
    const others = row?.proposals.filter(
      (other) => other.id !== proposal.id && this.stateOf(other) === this.#state,
    );
    if (row?.proposals.includes(proposal) === true && (others ?? []).length === 0) this.#advance(at);
    return this.decide([proposal], 'accept', values);
  }

  /** Decides on everything open in the group of a row. Returns how many proposals. */
  async decideGroup(item: ReviewItem, decision: 'accept' | 'reject'): Promise<number> {
    const { group } = item;
    const by = this.#grouping;
    if (group === null || by === 'none') return 0;
    const { proposals } = await this.#client.request('tags.decideAll', {
      ...this.#filter(),
      group: { by, key: group.key },
      decision,
      dryRun: false,
    });
    this.#decided.push(item.track.id);
    await this.reload();
    return proposals;
  }

  /** A decision was taken back elsewhere: the keyboard goes to where it was made. */
  async takenBack(): Promise<void> {
    this.#marks = new Map();
    const track = this.#decided.pop();
    if (track !== undefined) {
      this.#focusKey = track;
      this.#fieldAt = null;
    }
    await this.reload();
  }

  #filter(): { readonly field?: ProposedField } {
    return this.#field === null ? {} : { field: this.#field };
  }

  #isListed({ field, state }: TagProposal): boolean {
    return state === this.#state && (this.#field === null || field === this.#field);
  }

  /** What is written stays; what is decided so already, too. */
  #decides(proposal: TagProposal, decision: Decision): boolean {
    const state = this.stateOf(proposal);
    return state !== 'written' && state !== stateAfter[decision];
  }

  async #decide(
    proposals: readonly TagProposal[],
    decision: Decision,
    values?: readonly string[],
  ): Promise<number> {
    const [first] = proposals;
    if (first === undefined) return 0;
    const ids = proposals.map(({ id }) => id);
    const marks = new Map(this.#marks);
    for (const id of ids) marks.set(id, stateAfter[decision]);
    this.#marks = marks;
    this.#decided.push(first.trackId);
    try {
      const { changed } = await this.#client.request('tags.decide', {
        proposalIds: ids,
        decision,
        ...(values === undefined ? {} : { values: [...values] }),
      });
      await this.reload();
      return changed;
    } catch (error) {
      const left = new Map(this.#marks);
      for (const id of ids) left.delete(id);
      this.#marks = left;
      throw error;
    }
  }

  #advance(last: number): void {
    const next = last + 1 < this.rows.total ? last + 1 : last;
    this.moveTo(next);
  }

  #advanceWithinRow(decided: readonly TagProposal[]): void {
    const ids = new Set(decided.map(({ id }) => id));
    const left = this.focused?.proposals.find(
      (proposal) => !ids.has(proposal.id) && this.stateOf(proposal) === this.#state,
    );
    if (left === undefined) this.#advance(this.#focus);
    else this.#fieldAt = left.field;
  }

  async #show(): Promise<void> {
    this.#generation += 1;
    this.#focus = -1;
    this.#anchor = -1;
    this.#focusKey = undefined;
    this.#fieldAt = null;
    this.#marks = new Map();
    await this.rows.show(async (offset, limit, signal) => {
      const { total, counts, items } = await this.#page(offset, limit, signal);
      this.#counts = counts;
      return { total, totalSeconds: 0, rows: items };
    });
    if (this.#focus < 0 && this.rows.total > 0) this.moveTo(0);
  }

  async #page(
    offset: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<{
    readonly total: number;
    readonly counts: ReviewCounts;
    readonly items: readonly ReviewItem[];
  }> {
    const input = { ...this.#filter(), state: this.#state, groupBy: this.#grouping, offset, limit };
    const page = await this.#client.request('tags.review', input, signal === undefined ? {} : { signal });
    const groups = page.groups.toSorted((a, b) => a.firstRow - b.firstRow);
    const items = page.rows.map(({ track, proposals }, place): ReviewItem => ({
      track,
      proposals: proposals.filter((proposal) => this.#isListed(proposal)),
      others: proposals.filter((proposal) => !this.#isListed(proposal)),
      group: groups.findLast(({ firstRow }) => firstRow <= place) ?? null,
    }));

    return { total: page.total, counts: page.counts, items };
  }

  async #between(first: number, last: number): Promise<readonly TagProposal[]> {
    const found: TagProposal[] = [];
    for (let offset = first; offset <= last; offset += MOST_ROWS) {
      const { items } = await this.#page(offset, Math.min(MOST_ROWS, last - offset + 1));
      found.push(...items.flatMap(({ proposals }) => proposals));
    }
    return found;
  }

  /** Rows came or went: the keyboard stays with its track, or at its place where that is gone. */
  #follow(): void {
    this.#forgetMarks();
    const last = this.rows.total - 1;
    if (last < 0) {
      this.#focus = -1;
      this.#anchor = -1;
      return;
    }
    const single = this.#anchor === this.#focus;
    for (const [index, { track }] of this.rows.loaded()) {
      if (track.id === this.#focusKey) {
        this.#focus = index;
        break;
      }
    }
    this.#focus = Math.min(Math.max(0, this.#focus), last);
    this.#anchor = single ? this.#focus : Math.min(this.#anchor, last);
    this.#focusKey = this.rows.rowAt(this.#focus)?.track.id;
    const fields = this.focused?.proposals.map(({ field }) => field) ?? [];
    if (this.#fieldAt !== null && !fields.includes(this.#fieldAt)) this.#fieldAt = null;
  }

  /** Marks that the rows know of now, or whose rows are gone. */
  #forgetMarks(): void {
    if (this.#marks.size === 0) return;
    const shown = new Map<number, ProposalState>();
    for (const [, { proposals }] of this.rows.loaded()) {
      for (const { id, state } of proposals) shown.set(id, state);
    }
    this.#marks = new Map([...this.#marks].filter(([id, state]) => shown.has(id) && shown.get(id) !== state));
  }
}
