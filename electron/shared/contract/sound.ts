/** Requests about tempo, grid, key and energy: the user's own word on them. */
import * as v from 'valibot';
import { soundWordFields, tempoFactors } from '../domain/sound.ts';
import { camelotKeys } from '../music/keys.ts';
import { returns, trackIds } from './parts.ts';

const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(360_000));

export const soundRequests = {
  /**
   * The user's own word: it wins over what was measured everywhere, goes with the audio, stays when the track is
   * analysed again, and can be undone. What is not given stays as it is. `changed`: recordings that had another word.
   * Tempo and grid of locked tracks are left as they are; refused ('conflict') when nothing else is asked.
   */
  'sound.correct': returns<{ readonly changed: number }>()(
    v.strictObject({
      trackIds,
      /** Beats per minute, for example tapped; stored with two decimals. */
      bpm: v.optional(v.pipe(v.number(), v.minValue(20), v.maxValue(400))),
      /** Of the tempo that counts now; tracks without one, and those it would take out of 20..400, are left out. */
      factor: v.optional(v.picklist(tempoFactors)),
      /** Locking keeps the tempo and grid that count now as the user's own. */
      locked: v.optional(v.boolean()),
      /** Moves the grid: later, or earlier where negative. */
      shiftSeconds: v.optional(v.pipe(v.number(), v.minValue(-10), v.maxValue(10))),
      /** There is a beat here: the grid goes through it. */
      beatSeconds: v.optional(seconds),
      /** A bar begins at the beat nearest to this moment. */
      barSeconds: v.optional(seconds),
      /** Camelot. */
      key: v.optional(v.picklist(camelotKeys)),
      energy: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(10))),
    }),
  ),
  /** Takes the user's word back: what was measured counts again. Also unlocks. */
  'sound.clear': returns<{ readonly changed: number }>()(
    v.strictObject({ trackIds, fields: v.pipe(v.array(v.picklist(soundWordFields)), v.minLength(1)) }),
  ),
} as const;
