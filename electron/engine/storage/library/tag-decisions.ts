/** What the user decides on proposals, and what became of them. Call these functions inside a transaction. */
import type { ProposalState, ProposedField, TrackId } from '#shared/domain.ts';
import type { WireError } from '#shared/errors.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { fieldColumns } from './tag-proposals.ts';
import { fitsReview } from './tag-review.ts';
import type { ReviewFilter } from './tag-review.ts';

export type DecidedState = Exclude<ProposalState, 'written'>;

/** Returns how many changed; what is written already stays as it is. */
export function decideProposals(database: Database, ids: readonly number[], state: DecidedState): number {
  return prepared(
    database,
    `UPDATE main.tag_proposals SET state = @state
     WHERE id IN (SELECT value FROM json_each(@ids)) AND state NOT IN (@state, 'written')`,
  ).run({ ids: JSON.stringify(ids), state }).changes;
}

/** Puts the user's own values in the place of what is proposed. */
export function editProposals(
  database: Database,
  ids: readonly number[],
  values: readonly string[],
  state: DecidedState,
): number {
  return prepared(
    database,
    `UPDATE main.tag_proposals SET state = @state, proposed = @values, edited = 1, confidence = 1, evidence = '[]',
       problem = NULL
     WHERE id IN (SELECT value FROM json_each(@ids)) AND state <> 'written'`,
  ).run({ ids: JSON.stringify(ids), values: JSON.stringify(values), state }).changes;
}

/** Everything that the filter finds. */
export function decideAllProposals(database: Database, filter: ReviewFilter, state: DecidedState): number {
  const where = fitsReview(filter);
  return database
    .prepare(
      `UPDATE main.tag_proposals SET state = ? WHERE state <> 'written' AND id IN (
         SELECT p.id FROM main.tag_proposals AS p WHERE ${where.sql})`,
    )
    .run(state, ...where.parameters).changes;
}

/** How many proposals the filter finds. */
export function countReviewed(database: Database, filter: ReviewFilter): number {
  const where = fitsReview(filter);
  return database
    .prepare(`SELECT count(*) FROM main.tag_proposals AS p WHERE ${where.sql}`)
    .pluck()
    .get(...where.parameters) as number;
}

/** Ids of some that the filter finds, the least sure first. */
export function sampleReview(database: Database, filter: ReviewFilter, limit: number): readonly number[] {
  const where = fitsReview(filter);
  return database
    .prepare(
      `SELECT p.id FROM main.tag_proposals AS p WHERE ${where.sql} ORDER BY p.confidence, p.id LIMIT ?`,
    )
    .pluck()
    .all(...where.parameters, limit) as number[];
}

/** What is to be written into one file, lists as JSON. */
export interface AcceptedField {
  readonly trackId: TrackId;
  readonly field: ProposedField;
  readonly old: string;
  readonly proposed: string;
}

/** By track. Tracks that a batch is about to write are left out. */
export function readFieldsToWrite(database: Database, filter: ReviewFilter): readonly AcceptedField[] {
  const where = fitsReview(filter);
  return database
    .prepare(
      `SELECT p.track_id AS trackId, p.field, p.old, p.proposed FROM main.tag_proposals AS p
       WHERE ${where.sql} AND p.track_id NOT IN (
         SELECT track_id FROM main.tag_writes WHERE state IN ('planned', 'waiting', 'writing')
           AND batch_id IN (SELECT id FROM main.tag_batches WHERE state = 'running'))
       ORDER BY p.track_id, p.id`,
    )
    .all(...where.parameters) as AcceptedField[];
}

/** The field stands in the file as proposed. */
export function markWritten(database: Database, trackId: TrackId, field: string): void {
  prepared(
    database,
    `UPDATE main.tag_proposals SET state = 'written', problem = NULL, stale = 0 WHERE track_id = ? AND field = ?`,
  ).run(trackId, field);
}

/** It could not be written; `reopen`: it has to be looked at again. */
export function markFailed(
  database: Database,
  trackId: TrackId,
  field: string,
  problem: WireError,
  reopen: boolean,
): void {
  prepared(
    database,
    `UPDATE main.tag_proposals SET problem = @problem, state = CASE WHEN @reopen THEN 'open' ELSE state END
     WHERE track_id = @trackId AND field = @field AND state <> 'written'`,
  ).run({ trackId, field, problem: JSON.stringify(problem), reopen: reopen ? 1 : 0 });
}

/** What was written was taken back, or came back: as the file says now. */
export function markRestored(database: Database, trackId: TrackId, field: string): void {
  const column = fieldColumns[field as ProposedField] as string | undefined;
  if (column === undefined) return;
  prepared(
    database,
    `UPDATE main.tag_proposals SET state = CASE
         WHEN proposed = (SELECT ${column} FROM main.tracks WHERE id = @trackId) THEN 'written' ELSE 'open' END
     WHERE track_id = @trackId AND field = @field`,
  ).run({ trackId, field });
}
