/** Requests about writing tags: what is proposed, what the user decides, what was written, and going back. */
import * as v from 'valibot';
import {
  fieldModes,
  genreLevels,
  proposalStates,
  proposedFields,
  reviewGroupings,
  separators,
} from '../domain/tagging.ts';
import type * as d from '../domain.ts';
import { confidence, count, id, limit, nothing, returns, trackIds, trackQuery } from './parts.ts';

/** As one value of a tag: long enough for any genre, too short to be an attack. */
const tagValue = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const field = v.picklist(proposedFields);

/** More values than that are no genres any more. */
const fieldPolicy = v.strictObject({
  mode: v.picklist(fieldModes),
  minimumConfidence: confidence,
  most: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10)),
});

const policyParts = {
  fields: v.strictObject(v.entriesFromList(proposedFields, fieldPolicy)),
  genreLevel: v.picklist(genreLevels),
  groupingFrom: v.picklist(['families', 'moods']),
  names: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(200)), tagValue),
    v.check((names) => Object.keys(names).length <= 1000, 'At most 1,000 names can be given.'),
  ),
  joinWith: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(5))),
  separator: v.picklist(separators),
  secondaryTags: v.picklist(['in-step', 'leave']),
  keepModifiedTime: v.boolean(),
  preferInPlace: v.boolean(),
};
/** Also what is stored in the settings. */
export const tagPolicy: v.GenericSchema<d.TagPolicy> = v.strictObject(policyParts);

/** Which proposals; every part must hold. */
const reviewFilter = {
  query: v.optional(trackQuery),
  field: v.optional(field),
  minimumConfidence: v.optional(confidence),
  /** `key` is that of a ReviewGroup. */
  group: v.optional(
    v.strictObject({
      by: v.picklist(['album', 'artist', 'folder']),
      key: v.pipe(v.string(), v.maxLength(20_000)),
    }),
  ),
};
const decision = v.picklist(['accept', 'reject', 'open']);
const batchId = id;

export const taggingRequests = {
  /** What is proposed, and how it is written. */
  'tags.policy': returns<d.TagPolicy>()(nothing),
  /** The given parts of it are replaced; the rest stays. What is proposed already changes with the next proposing. */
  'tags.setPolicy': returns<d.TagPolicy>()(v.partial(v.strictObject(policyParts))),

  /**
   * What the policy means for one track, or for any that the model has heard; nothing is stored. Null: there is none.
   */
  'tags.example': returns<d.TagExample | null>()(v.strictObject({ trackId: v.optional(id) })),

  /**
   * Works out what to write for tracks (all when none are named), by the policy or, this once, by `fields` of another.
   * What the user rejected comes back only where it changed; what was edited stays.
   */
  'tags.propose': returns<d.ProposeSummary>()(
    v.strictObject({
      query: v.optional(trackQuery),
      trackIds: v.optional(trackIds),
      fields: v.optional(v.partial(v.strictObject(v.entriesFromList(proposedFields, fieldPolicy)))),
    }),
  ),
  /** Tracks with proposals, in the order of the groups; without grouping the surest first. `state`: 'open' when absent. */
  'tags.review': returns<d.ReviewPage>()(
    v.strictObject({
      ...reviewFilter,
      state: v.optional(v.picklist(proposalStates)),
      groupBy: v.optional(v.picklist(reviewGroupings)),
      offset: count,
      limit,
    }),
  ),
  /**
   * The user's word on proposals; what is written already is left as it is. `values` (of one field) are written instead
   * of what was proposed. One step that can be undone.
   */
  'tags.decide': returns<{ readonly changed: number }>()(
    v.strictObject({
      proposalIds: v.pipe(v.array(id), v.minLength(1), v.maxLength(200_000)),
      decision,
      values: v.optional(v.pipe(v.array(tagValue), v.minLength(1), v.maxLength(50))),
    }),
  ),
  /** The same for all that the filter finds among those in `state` (default: 'open'); `dryRun` only says how many. */
  'tags.decideAll': returns<d.DecideSummary>()(
    v.strictObject({
      ...reviewFilter,
      state: v.optional(v.picklist(['open', 'accepted', 'rejected'])),
      decision,
      dryRun: v.boolean(),
    }),
  ),

  /** What writing all that is open or accepted would change in a track's file. Refused with the codes of writing. */
  'tags.preview': returns<d.TagPreview>()(v.strictObject({ trackId: id })),

  /**
   * Writes what is accepted: all of it, or of these tracks. With `minimumConfidence`, what is open and as sure as that
   * is accepted first. Answers when the batch has begun; 'tags.progress' tells how it goes.
   * What another batch is about to write is left to it. Refused with 'conflict' when there is nothing to write.
   */
  'tags.apply': returns<d.TagBatch>()(
    v.strictObject({
      trackIds: v.optional(trackIds),
      query: v.optional(trackQuery),
      field: v.optional(field),
      minimumConfidence: v.optional(confidence),
    }),
  ),
  /** The batch ends after the file in hand; what is left of it can go on later. */
  'tags.cancel': returns<null>()(nothing),
  /** Goes on with what a stopped batch has left; failed files are tried again. */
  'tags.continue': returns<d.TagBatch>()(v.strictObject({ batchId })),
  /** Newest first. */
  'tags.batches': returns<{ readonly total: number; readonly batches: readonly d.TagBatch[] }>()(
    v.strictObject({ offset: count, limit }),
  ),
  /** Newest first; of one batch in the order they were ordered. */
  'tags.writes': returns<{ readonly total: number; readonly writes: readonly d.TagWrite[] }>()(
    v.strictObject({ batchId: v.optional(batchId), trackId: v.optional(id), offset: count, limit }),
  ),
  /**
   * Puts fields back as they were: of a batch, of single writes, of tracks, or all. Fields that hold something else by
   * now are left alone and listed as conflicts. `dryRun` only says what would happen.
   */
  'tags.undo': returns<d.UndoSummary>()(
    v.strictObject({
      what: v.union([
        v.strictObject({ batchId }),
        v.strictObject({ writeIds: v.pipe(v.array(id), v.minLength(1), v.maxLength(200_000)) }),
        v.strictObject({ trackIds }),
        v.strictObject({ all: v.literal(true) }),
      ]),
      dryRun: v.boolean(),
    }),
  ),
} as const;
