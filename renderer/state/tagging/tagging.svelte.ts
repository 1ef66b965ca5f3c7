/** Tags of files: proposed, reviewed, written, taken back. What the user does, told in notices that can undo it. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { DecideSummary, TaggingProgress, TagProposal } from '#shared/domain.ts';
import { coalesced } from '../../lib/coalesce.ts';
import { taggingText as words } from '../../lib/text/tagging.ts';
import { trackName } from '../../lib/track-words.ts';
import type { Browser } from '../browser.svelte.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { Edits } from '../edits.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Player } from '../player.svelte.ts';
import { TagHistory, type UndoTarget } from './history.svelte.ts';
import { TagPolicies } from './policy.svelte.ts';
import { TagPreviews } from './previews.svelte.ts';
import { Review, type Decision, type ReviewItem } from './review.svelte.ts';
import { WritePlan } from './write-plan.svelte.ts';
import { TagWriting } from './writing.svelte.ts';

const CHANGE_GAP_MS = 300;

export interface TaggingParts {
  readonly client: EngineClient;
  readonly browser: Browser;
  readonly dialogs: Dialogs;
  readonly edits: Edits;
  readonly notices: Notices;
  readonly player: Pick<Player, 'letGo'>;
}

export class Tagging {
  readonly review: Review;
  readonly previews: TagPreviews;
  readonly writing: TagWriting;
  readonly history: TagHistory;
  readonly policies: TagPolicies;
  #proposing = $state(false);
  /** What was done last, for who does not see it. */
  #told = $state('');
  #parts: TaggingParts;

  constructor(parts: TaggingParts) {
    const { client } = parts;
    this.#parts = parts;
    this.review = new Review(client);
    this.previews = new TagPreviews(client);
    this.writing = new TagWriting(client, (progress) => this.#finished(progress));
    this.history = new TagHistory(client);
    this.policies = new TagPolicies(client);
  }

  /** Proposals are being made. */
  get proposing(): boolean {
    return this.#proposing;
  }
  get told(): string {
    return this.#told;
  }
  /** Proposals that wait for a word. */
  get waiting(): number {
    return this.review.counts.open;
  }

  /** Follows the engine. Returns what ends it. */
  listen(): () => void {
    const { client, notices } = this.#parts;
    const changed = coalesced(
      () => this.refresh(),
      CHANGE_GAP_MS,
      (error) => void notices.attempt(() => Promise.reject(error)),
    );
    const ends = [client.subscribe('tags.changed', changed), this.writing.listen()];
    return () => {
      for (const end of ends) end();
    };
  }

  /** Proposals or writes changed: what is on screen, and what the bars tell, is asked for again. */
  async refresh(): Promise<void> {
    const { place } = this.#parts.browser;
    this.previews.again();
    await Promise.all([
      this.review.reload(),
      this.writing.refresh(),
      place.kind === 'tagging' && place.page === 'history' ? this.history.refresh() : undefined,
    ]);
  }

  // Proposing

  /** Works out what could be written: for these tracks, or all of the library. */
  async propose(input: Input<'tags.propose'>): Promise<void> {
    if (this.#proposing) return;
    const { browser, notices } = this.#parts;
    this.#proposing = true;
    await notices.attempt(async () => {
      const summary = await this.#parts.client.request('tags.propose', input);
      this.policies.applied();
      await this.review.reload();
      const there = browser.place.kind === 'tagging' && browser.place.page === 'review';
      const open = { label: words.openReview, run: () => this.openReview() };
      notices.done(words.proposed(summary), there || summary.proposals === 0 ? null : open);
    });
    this.#proposing = false;
  }

  /** For the selected tracks, or the one whose screen is open. */
  async proposeForSelection(): Promise<void> {
    const { browser } = this.#parts;
    const trackIds =
      browser.place.kind === 'track'
        ? [browser.place.trackId]
        : (await browser.list.selected()).map(({ trackId }) => trackId);
    if (trackIds.length > 0) await this.propose({ trackIds });
  }

  openReview(): Promise<void> {
    return this.#parts.browser.go({ kind: 'tagging', page: 'review' });
  }

  // Deciding

  async decide(decision: Decision): Promise<void> {
    await this.#parts.notices.attempt(async () => {
      this.#tell(decision, await this.review.decideSelected(decision));
    });
  }

  async decideOn(proposals: readonly TagProposal[], decision: Decision): Promise<void> {
    await this.#parts.notices.attempt(async () => {
      this.#tell(decision, await this.review.decide(proposals, decision));
    });
  }

  async accept(proposal: TagProposal, values: readonly string[]): Promise<void> {
    await this.#parts.notices.attempt(async () => {
      this.#tell('accept', await this.review.edit(proposal, values));
    });
  }

  async decideGroup(item: ReviewItem, decision: 'accept' | 'reject'): Promise<void> {
    const { notices } = this.#parts;
    await notices.attempt(async () => {
      const count = await this.review.decideGroup(item, decision);
      this.#offerUndo(words.decided(decision === 'accept' ? 'accepted' : 'rejected', count));
    });
  }

  /** What of the open ones is as sure as this, and what the tracks of the sample are called. */
  async countAbove(
    minimumConfidence: number,
    signal: AbortSignal,
  ): Promise<{ readonly summary: DecideSummary; readonly names: ReadonlyMap<number, string> }> {
    const { client } = this.#parts;
    const { field } = this.review;
    const input = { ...(field === null ? {} : { field }), minimumConfidence, dryRun: true } as const;
    const summary = await client.request('tags.decideAll', { ...input, decision: 'accept' }, { signal });
    const trackIds = [...new Set(summary.sample.map(({ trackId }) => trackId))];
    const tracks = await client.request('tracks.list', { trackIds }, { signal });
    return { summary, names: new Map(tracks.map((track) => [track.id, trackName(track)])) };
  }

  /** Everything open that is as sure as this. */
  async acceptAbove(minimumConfidence: number): Promise<boolean> {
    const { client, notices } = this.#parts;
    const { field } = this.review;
    return notices.attempt(async () => {
      const input = { ...(field === null ? {} : { field }), minimumConfidence, dryRun: false } as const;
      const { proposals } = await client.request('tags.decideAll', { ...input, decision: 'accept' });
      await this.review.reload();
      this.#offerUndo(words.decided('accepted', proposals));
    });
  }

  /** Takes the last decision back, if the last thing that was done was one. */
  async undoDecision(): Promise<void> {
    const { edits, notices } = this.#parts;
    const edit = edits.undoable;
    if (edit?.action !== 'review') return;
    await notices.attempt(async () => {
      await edits.undo(edit.id);
      await this.review.takenBack();
      this.#told = words.undone(edit.count);
    });
  }
  get canUndoDecision(): boolean {
    return this.#parts.edits.undoable?.action === 'review';
  }

  editFocused(): void {
    const [proposal] = this.review.targets;
    const item = this.review.focused;
    if (proposal !== undefined && item !== undefined && this.review.stateOf(proposal) !== 'written')
      this.#parts.dialogs.show({ kind: 'edit-tags', track: item.track, proposal });
  }

  // Writing

  askToWrite(): void {
    if (this.review.counts.accepted > 0 && this.writing.progress === null)
      this.#parts.dialogs.show({ kind: 'write-tags' });
  }

  /** What writing would do; to be made by who shows it. */
  planWrite(): WritePlan {
    return new WritePlan(this.#parts.client);
  }

  async write(input: Input<'tags.apply'> = {}): Promise<boolean> {
    return this.#parts.notices.attempt(() => this.writing.apply(input));
  }

  async stop(): Promise<void> {
    await this.#parts.notices.attempt(() => this.writing.stop());
  }

  async resume(batchId: number): Promise<void> {
    await this.#parts.notices.attempt(() => this.writing.resume(batchId));
  }

  /** The player gives back what it only holds. */
  letGo(): void {
    this.#parts.player.letGo();
  }

  // Going back

  askToUndo(what: UndoTarget, again = false): void {
    this.#parts.dialogs.show({ kind: 'undo-tags', what, again });
  }

  /** Takes writes back; fields that changed since are left alone, and told. */
  async undo(what: UndoTarget): Promise<boolean> {
    const { notices } = this.#parts;
    return notices.attempt(async () => {
      const { restored, files, conflicts, failed } = await this.history.undo(what, false);
      notices.done(words.undo.done(restored, files));
      if (conflicts.length > 0) notices.trouble(words.undo.conflictsLeft(conflicts.length));
      if (failed.length > 0) notices.trouble(words.undo.failed(failed.length));
      await this.refresh();
    });
  }

  #tell(decision: Decision, count: number): void {
    if (count === 0) return;
    this.#told =
      decision === 'open'
        ? words.undone(count)
        : words.decided(decision === 'accept' ? 'accepted' : 'rejected', count);
  }

  #offerUndo(sentence: string): void {
    this.#parts.notices.done(sentence, { label: words.undoShort, run: () => this.undoDecision() });
  }

  #finished({ kind, done, failed }: TaggingProgress): void {
    const { browser, notices } = this.#parts;
    const show = {
      label: words.progress.showHistory,
      run: () => browser.go({ kind: 'tagging', page: 'history' }),
    };
    const there = browser.place.kind === 'tagging' && browser.place.page === 'history';
    if (failed > 0) notices.trouble(words.progress.doneFailed(done, failed));
    else if (kind === 'write') notices.done(words.progress.done(done), there ? null : show);
    void notices.attempt(() => this.refresh());
  }
}
