/** The requests about writing: what is accepted goes to the writer, what became of it comes back to the proposals. */
import type { Handlers } from '#shared/contract.ts';
import type { TagField } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { ErrorCode } from '#shared/errors.ts';
import type { Edits } from '#engine/edits.ts';
import {
  countReviewed,
  decideAllProposals,
  markFailed,
  markRestored,
  markWritten,
  readFieldsToWrite,
} from '#engine/storage/library/tag-decisions.ts';
import type { AcceptedField } from '#engine/storage/library/tag-decisions.ts';
import { readProposalsOf } from '#engine/storage/library/tag-proposals.ts';
import type { Storage } from '#engine/storage/open.ts';
import { readPolicy } from './proposing/policy.ts';
import type { Review } from './proposing/review.ts';
import type { TagOrder, TagWriter, WriteOutcome } from './writing/model.ts';

/** Nothing is wrong with what was accepted: the next attempt may succeed. All else has to be looked at again. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'file-in-use',
  'file-read-only',
  'file-not-found',
  'file-not-readable',
  'folder-offline',
  'disk-full',
  'cancelled',
]);

type WritingHandlers = Pick<
  Handlers,
  | 'tags.preview'
  | 'tags.apply'
  | 'tags.cancel'
  | 'tags.continue'
  | 'tags.batches'
  | 'tags.writes'
  | 'tags.undo'
>;

export interface WritingOptions {
  readonly storage: Storage;
  readonly edits: Edits;
  readonly review: Review;
  readonly writer: TagWriter;
  /** Proposals, or what was written, changed. */
  readonly changed: () => void;
}

export function createWritingHandlers({
  storage,
  edits,
  review,
  writer,
  changed,
}: WritingOptions): WritingHandlers {
  const { database } = storage;
  return {
    async 'tags.preview'({ trackId }, { signal }) {
      await review.refresh(signal);
      const fields = (readProposalsOf(database, [trackId]).get(trackId) ?? [])
        .filter(({ state }) => state === 'open' || state === 'accepted')
        .map(({ field, proposed }): { field: TagField; values: readonly string[] } => ({
          field,
          values: proposed,
        }));
      if (fields.length === 0) {
        throw new AppError(
          'conflict',
          'Nothing is proposed for this track, so nothing of its file would change.',
        );
      }
      return await writer.preview(trackId, fields, readPolicy(database));
    },

    async 'tags.apply'({ trackIds, query, field, minimumConfidence }, { signal }) {
      await review.refresh(signal);
      const filter = { ...review.filterOf({ query, field }, 'accepted'), trackIds };
      if (minimumConfidence !== undefined) {
        const sure = { ...filter, minimumConfidence, state: 'open' as const };
        const count = countReviewed(database, sure);
        if (count > 0) {
          edits.record({ action: 'review', subject: 'Accept', count }, () =>
            decideAllProposals(database, sure, 'accepted'),
          );
        }
      }
      const orders = ordersOf(readFieldsToWrite(database, filter));
      if (orders.length === 0) {
        throw new AppError(
          'conflict',
          'There is nothing to write: no proposal is accepted, or they are being written already.',
        );
      }
      const batch = await writer.apply(orders, readPolicy(database));
      changed();
      return batch;
    },

    'tags.cancel'() {
      writer.cancel();
      return null;
    },

    'tags.continue'({ batchId }) {
      const batch = writer.continueBatch(batchId);
      changed();
      return batch;
    },

    'tags.batches': (page) => writer.batches(page),

    'tags.writes'({ batchId, trackId, offset, limit }) {
      const of =
        batchId !== undefined ? { batchId } : trackId !== undefined ? { trackId } : { all: true as const };
      return writer.writes(of, { offset, limit });
    },

    async 'tags.undo'({ what, dryRun }, { signal }) {
      try {
        return await writer.undo(what, { dryRun, signal });
      } finally {
        if (!dryRun) changed();
      }
    },
  };
}

function ordersOf(fields: readonly AcceptedField[]): readonly TagOrder[] {
  const byTrack = new Map<number, TagOrder['fields'][number][]>();
  for (const { trackId, field, old, proposed } of fields) {
    const own = byTrack.get(trackId) ?? [];
    own.push({ field, before: JSON.parse(old) as string[], after: JSON.parse(proposed) as string[] });
    byTrack.set(trackId, own);
  }
  return [...byTrack].map(([trackId, own]) => ({ trackId, fields: own }));
}

/** What a file's end means for its proposals. Call it in the transaction of the mark in the journal. */
export function settleProposals({ database }: Storage, outcome: WriteOutcome): void {
  const { kind, trackId, fields, problem } = outcome;
  for (const field of fields) {
    if (problem === null && kind === 'write') markWritten(database, trackId, field);
    else if (problem === null) markRestored(database, trackId, field);
    else if (kind === 'write') markFailed(database, trackId, field, problem, !passing.has(problem.code));
  }
}
