/** Requests about transitions and sets. */
import * as v from 'valibot';
import type * as d from '../domain.ts';
import { energySteps, keyRules, pitchRanges, setLimits } from '../domain/sets.ts';
import { confidence, count, id, limit, name, returns, trackIds, trackQuery } from './parts.ts';

/** What is absent is as in `defaultMix`. */
const mix = v.optional(
  v.strictObject({
    weights: v.optional(
      v.strictObject({
        key: confidence,
        tempo: confidence,
        energy: confidence,
        sound: confidence,
        genre: confidence,
        mood: confidence,
      }),
    ),
    pitchRangePercent: v.optional(v.picklist(pitchRanges)),
    keyLock: v.optional(v.boolean()),
    energyStep: v.optional(v.picklist(energySteps)),
  }),
);

const bpm = v.pipe(v.number(), v.minValue(20), v.maxValue(400));
const rows = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(setLimits.rows));
const picked = v.optional(v.pipe(v.array(id), v.maxLength(setLimits.rows)));
const seconds = v.pipe(v.number(), v.minValue(30), v.maxValue(7 * 24 * 3600));

export const setRequests = {
  /**
   * Puts a set together and stores nothing: 'playlists.create' does. The same request on the same library gives the
   * same set. Constraints that cannot be kept are told in `problems`, with the nearest that was found. Refused with
   * 'not-found' where nothing fits at all.
   */
  'sets.build': returns<d.BuiltSet>()(
    v.strictObject({
      /** Whose tracks may stand in it; those that are not present never do. */
      query: v.optional(trackQuery),
      /** Names or ids: only tracks of any of these. */
      genres: v.optional(v.pipe(v.array(name), v.maxLength(100))),
      /** So many rows, or so long (within the tolerance, by default a minute). */
      length: v.union([
        v.strictObject({ count: rows }),
        v.strictObject({ seconds, toleranceSeconds: v.optional(v.pipe(v.number(), v.minValue(0))) }),
      ]),
      energyCurve: v.optional(
        v.pipe(
          v.array(
            v.strictObject({ at: confidence, energy: v.pipe(v.number(), v.minValue(1), v.maxValue(10)) }),
          ),
          v.maxLength(setLimits.curvePoints),
        ),
      ),
      /** The first row; with `to`, the set goes from the one to the other step by step, in sound and tempo. */
      from: v.optional(id),
      /** The last row. */
      to: v.optional(id),
      /** Half and double count. */
      tempoRange: v.optional(v.strictObject({ min: bpm, max: bpm })),
      /** Per cent from one row to the next. */
      greatestTempoStep: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
      keyRule: v.optional(v.picklist(keyRules)),
      /** Of so many rows in succession no two are of the same artist. */
      artistGap: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(setLimits.rows))),
      include: picked,
      exclude: v.optional(trackIds),
      /** Position from 0. */
      locked: v.optional(
        v.pipe(v.array(v.strictObject({ position: count, trackId: id })), v.maxLength(setLimits.rows)),
      ),
      mix,
      /** Another seed, another set. */
      seed: v.optional(count),
    }),
  ),
  /** What fits best after the last of some rows, best first. Neither these nor `played` come again, nor their recordings. */
  'sets.next': returns<readonly d.NextTrack[]>()(
    v.strictObject({
      /** The last rows, in order: the last of them is the one to go on from; artists of the others are avoided. */
      after: v.pipe(v.array(id), v.minLength(1), v.maxLength(100)),
      query: v.optional(trackQuery),
      played: v.optional(trackIds),
      mix,
      limit: v.optional(v.pipe(limit, v.maxValue(100))),
    }),
  ),
  /** How the rows of a list run, in its order. */
  'sets.transitions': returns<d.ListTransitions>()(
    v.strictObject({ playlistId: id, offset: count, limit, mix }),
  ),
  /** The same of any tracks in this order. */
  'sets.transitionsOf': returns<readonly (d.Transition | null)[]>()(
    v.strictObject({ trackIds: v.pipe(v.array(id), v.maxLength(5000)), mix }),
  ),
  /** Puts the rows of a playlist in the order that runs best, as one step that can be undone. */
  'sets.reorder': returns<d.ReorderedList>()(
    v.strictObject({
      playlistId: id,
      mix,
      /** The first row stays the first. */
      keepFirst: v.optional(v.boolean()),
      keyRule: v.optional(v.picklist(keyRules)),
    }),
  ),
} as const;
