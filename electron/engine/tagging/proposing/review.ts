/** The requests about proposals: proposing, the queue, the user's decisions. */
import type { Handlers, Input } from '#shared/contract.ts';
import type { DecideSummary, ProposalState, ReviewRow, TagProposal, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Edits } from '#engine/edits.ts';
import {
  countReviewed,
  decideAllProposals,
  decideProposals,
  editProposals,
  sampleReview,
} from '#engine/storage/library/tag-decisions.ts';
import type { DecidedState } from '#engine/storage/library/tag-decisions.ts';
import {
  findExampleTrack,
  readProposals,
  readProposalsOf,
  readStaleTracks,
} from '#engine/storage/library/tag-proposals.ts';
import {
  countReview,
  countReviewTracks,
  readReviewGroups,
  readReviewTracks,
} from '#engine/storage/library/tag-review.ts';
import type { ReviewFilter } from '#engine/storage/library/tag-review.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { readPolicy, writePolicy } from './policy.ts';
import { exampleOf, propose } from './propose.ts';
import { foldValue } from './spelling.ts';

/** Proposals that are shown before many are accepted at once. */
const SAMPLE = 20;
/** Tracks that are worked out again in one go. */
const STALE_AT_A_TIME = 5000;

const stateOf = { accept: 'accepted', reject: 'rejected', open: 'open' } as const;
const verbOf = { accept: 'Accept', reject: 'Reject', open: 'Reopen' } as const;

export interface ReviewOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  readonly edits: Edits;
  /** Proposals have changed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type ReviewHandlers = Pick<
  Handlers,
  | 'tags.policy'
  | 'tags.setPolicy'
  | 'tags.example'
  | 'tags.propose'
  | 'tags.review'
  | 'tags.decide'
  | 'tags.decideAll'
>;

export interface Review {
  readonly handlers: ReviewHandlers;
  /** Proposals that rest on something that changed since (retagged elsewhere, a word of the user) are worked out again. */
  refresh(signal: AbortSignal): Promise<void>;
  /** What of a request says which proposals. */
  filterOf(input: Partial<Input<'tags.decideAll'>>, state: ProposalState | undefined): ReviewFilter;
}

export function createReview({ storage, compile, edits, changed, clock }: ReviewOptions): Review {
  const { database } = storage;

  async function refresh(signal: AbortSignal): Promise<void> {
    let refreshed = 0;
    for (;;) {
      const stale = readStaleTracks(database, STALE_AT_A_TIME);
      if (stale.length === 0) break;
      await propose(stale, {
        storage,
        policy: readPolicy(database),
        leaveAway: false,
        at: clock(),
        signal,
      });
      refreshed += stale.length;
    }
    if (refreshed > 0) changed();
  }

  function filterOf(
    { query, field, minimumConfidence, group }: Partial<Input<'tags.decideAll'>>,
    state: ProposalState | undefined,
  ): ReviewFilter {
    const tracks = query === undefined ? undefined : compile(query, []).from;
    return { state, field, minimumConfidence, group, tracks };
  }

  function rowsOf(trackIds: readonly TrackId[]): readonly ReviewRow[] {
    const proposals = readProposalsOf(database, trackIds);
    return readTracks(database, trackIds).map((track) => ({
      track,
      proposals: proposals.get(track.id) ?? [],
    }));
  }

  /** @throws AppError not-found, conflict */
  function checkEdit(ids: readonly number[], values: readonly string[]): void {
    const proposals = readProposals(database, ids);
    if (proposals.length === 0) throw gone();
    if (new Set(proposals.map(({ field }) => field)).size > 1) {
      throw new AppError(
        'conflict',
        'These values cannot be given to different fields at once: edit one field.',
      );
    }
    if (proposals.every(({ old }) => isSame(old, values))) {
      throw new AppError(
        'conflict',
        `The file says “${values.join('”, “')}” already: there is nothing to write. Reject the proposal to leave it so.`,
      );
    }
  }

  return {
    refresh,
    filterOf,
    handlers: {
      'tags.policy': () => readPolicy(database),

      'tags.setPolicy'(changes) {
        const policy = storage.durably(() => writePolicy(database, changes));
        changed();
        return policy;
      },

      async 'tags.example'({ trackId = findExampleTrack(database) ?? undefined }, { signal }) {
        const [track] = trackId === undefined ? [] : readTracks(database, [trackId]);
        if (track === undefined) return null;
        const policy = readPolicy(database);
        const fields = await exampleOf(track.id, { storage, policy, leaveAway: false, at: clock(), signal });
        const { id, title, artist, path } = track;
        return fields === null ? null : { trackId: id, title, artist, path, fields };
      },

      async 'tags.propose'({ query, trackIds, fields }, { signal }) {
        const found = new Set(trackIds ?? idsOf(query ?? {}));
        if (trackIds !== undefined && query !== undefined) {
          const fitting = new Set(idsOf(query));
          for (const id of found) if (!fitting.has(id)) found.delete(id);
        }
        try {
          const policy = readPolicy(database);
          return await propose([...found], { storage, policy, fields, leaveAway: true, at: clock(), signal });
        } finally {
          changed();
        }
      },

      async 'tags.review'({ state = 'open', groupBy = 'none', offset, limit, ...wanted }, { signal }) {
        await refresh(signal);
        const filter = filterOf(wanted, state);
        const total = countReviewTracks(database, filter);
        const ids = readReviewTracks(database, filter, groupBy, { offset, limit, total });
        return {
          total,
          rows: rowsOf(ids),
          counts: countReview(database, filter),
          groups: groupBy === 'none' ? [] : readReviewGroups(database, filter, groupBy, ids),
        };
      },

      async 'tags.decide'({ proposalIds, decision, values }, { signal }) {
        await refresh(signal);
        const ids = [...new Set(proposalIds)];
        const tidied = values === undefined ? undefined : withoutDoubles(values);
        if (tidied !== undefined) checkEdit(ids, tidied);
        const verb = tidied === undefined ? verbOf[decision] : 'Edit';
        const done = edits.record({ action: 'review', subject: verb, count: ids.length }, () => {
          if (tidied !== undefined) return editProposals(database, ids, tidied, stateOf[decision]);
          return decideProposals(database, ids, stateOf[decision]);
        });
        if (done > 0) changed();
        else if (readProposals(database, ids).length === 0) throw gone();
        return { changed: done };
      },

      async 'tags.decideAll'(
        { decision, state = 'open', dryRun, ...wanted },
        { signal },
      ): Promise<DecideSummary> {
        await refresh(signal);
        const filter = filterOf(wanted, state);
        const proposals = countReviewed(database, filter);
        const tracks = countReviewTracks(database, filter);
        const sample: readonly TagProposal[] = readProposals(
          database,
          sampleReview(database, filter, SAMPLE),
        );
        const wantedState: DecidedState = stateOf[decision];
        if (!dryRun && proposals > 0) {
          edits.record({ action: 'review', subject: verbOf[decision], count: proposals }, () =>
            decideAllProposals(database, filter, wantedState),
          );
          changed();
        }
        return { proposals, tracks, sample };
      },
    },
  };

  function idsOf(query: NonNullable<Input<'tags.propose'>['query']>): readonly TrackId[] {
    const { ids } = compile(query, []);
    return database
      .prepare(ids.sql)
      .pluck()
      .all(...ids.parameters, -1, 0) as TrackId[];
  }
}

function gone(): AppError {
  return new AppError('not-found', 'These proposals are no longer there: the tracks were proposed for anew.');
}

/** The first of several spellings of a name. */
function withoutDoubles(values: readonly string[]): readonly string[] {
  const names = new Map<string, string>();
  for (const value of values) if (!names.has(foldValue(value))) names.set(foldValue(value), value);
  return [...names.values()];
}

function isSame(one: readonly string[], two: readonly string[]): boolean {
  return one.length === two.length && one.every((value, index) => value === two[index]);
}
