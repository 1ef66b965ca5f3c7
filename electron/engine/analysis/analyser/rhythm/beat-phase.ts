/**
 * Which moments between the onsets are the beats. What is steadiest is often the off-beat (open hi-hats, piano
 * chords), so the tracked pulse is compared with itself moved by quarters of a beat: on a beat the kick comes in, the
 * snare answers every second one, and what sounds between beats is different.
 */
import { BANDS } from './onset-curves.ts';
import type { OnsetCurves } from './onset-curves.ts';

/** Parts of a beat. */
const PARTS = 24;
/** Beats folded onto each other: a bar of most music. */
const BEATS = 4;
/** How far, in parts of a beat, the pulse may have to be moved. */
const phaseShifts: readonly number[] = [0, PARTS / 4, PARTS / 2, (3 * PARTS) / 4];

/** Onsets and levels (dB), [3] bands of [4 beats x 24 parts], from the first tracked beat on. */
export interface BeatProfile {
  readonly onsets: readonly Float64Array[];
  readonly levels: readonly Float64Array[];
}

/**
 * The average four beats.
 * @param levels [moments x 3]
 * @param beats moments, rising, at least two
 */
export function foldBeats(levels: Float32Array, curves: OnsetCurves, beats: readonly number[]): BeatProfile {
  const size = BEATS * PARTS;
  const onsets = Array.from({ length: BANDS }, () => new Float64Array(size));
  const heights = Array.from({ length: BANDS }, () => new Float64Array(size));
  const counts = new Float64Array(size);
  const moments = curves.sum.length;
  for (let beat = 0; beat + 1 < beats.length; beat += 1) {
    const from = beats[beat] as number;
    const length = (beats[beat + 1] as number) - from;
    for (let part = 0; part < PARTS; part += 1) {
      const at = Math.round(from + (part * length) / PARTS);
      if (at < 0 || at >= moments) continue;
      const place = (beat % BEATS) * PARTS + part;
      counts[place] = (counts[place] as number) + 1;
      for (let band = 0; band < BANDS; band += 1) {
        const onset = onsets[band] as Float64Array;
        const height = heights[band] as Float64Array;
        onset[place] = (onset[place] as number) + ((curves.bands[band] as Float32Array)[at] as number);
        height[place] =
          (height[place] as number) + 20 * Math.log10((levels[at * BANDS + band] as number) + 1e-4);
      }
    }
  }
  const average = (sums: Float64Array): Float64Array =>
    sums.map((sum, place) => sum / Math.max(1, counts[place] as number));
  return { onsets: onsets.map(average), levels: heights.map(average) };
}

export interface PhaseOffer {
  /** Parts of a beat (0..1) by which the pulse would be moved. */
  readonly shift: number;
  /** What the ranking goes by, in the order of phaseWeights. */
  readonly features: readonly number[];
}

/** The pulse as it was tracked, and moved by quarters of a beat. */
export function phaseOffers(profile: BeatProfile, bpm: number): readonly PhaseOffer[] {
  return phaseShifts.map((parts) => ({
    shift: parts / PARTS,
    features: phaseFeatures(profile, parts, bpm),
  }));
}

/** Every beat later by a part of the step to the next one. */
export function moveBeats(beats: readonly number[], part: number): readonly number[] {
  if (part === 0) return beats;
  return beats.map((beat, index) => {
    const next = beats[index + 1] ?? beat + (beat - (beats[index - 1] as number));
    return beat + part * (next - beat);
  });
}

function phaseFeatures(profile: BeatProfile, shift: number, bpm: number): readonly number[] {
  const features: number[] = [];
  for (let band = 0; band < BANDS; band += 1) {
    const onsets = blur(rotate(profile.onsets[band] as Float64Array, shift));
    const levels = rotate(profile.levels[band] as Float64Array, shift);
    const on = beatValues(onsets, 0, 1);
    const off = beatValues(onsets, PARTS / 2, 1);
    const mean = average(levels);
    features.push(
      average(on),
      ...[6, 12, 18, 8, 16].map((part) => average(beatValues(onsets, part, 1))),
      deviation(on),
      deviation(off),
      alternation(on),
      alternation(off),
      Math.max(...on),
      Math.max(...off),
      ...[1, 7, 13, 19].map((part) => average(beatValues(levels, part, 4)) - mean),
      deviation(beatValues(levels, 1, 4)),
      deviation(beatValues(levels, 13, 4)),
    );
  }
  const tempo = Math.log2(bpm / 115);
  return [...features, ...features.slice(0, 4).map((feature) => feature * tempo)];
}

function rotate(values: Float64Array, by: number): Float64Array {
  return values.map((_, at) => values[(at + by) % values.length] as number);
}

function blur(values: Float64Array): Float64Array {
  const { length } = values;
  return values.map(
    (value, at) =>
      value + 0.5 * ((values[(at + length - 1) % length] as number) + (values[(at + 1) % length] as number)),
  );
}

/** The mean of `width` parts from `part` on, for each of the four beats. */
function beatValues(values: Float64Array, part: number, width: number): readonly number[] {
  return Array.from({ length: BEATS }, (_, beat) =>
    average(values.subarray(beat * PARTS + part, beat * PARTS + part + width)),
  );
}

/** How different the first and third are from the second and fourth. */
function alternation([first = 0, second = 0, third = 0, fourth = 0]: readonly number[]): number {
  return Math.abs(first + third - second - fourth) / 2;
}

function average(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] as number;
  return sum / values.length;
}

function deviation(values: readonly number[]): number {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
}
