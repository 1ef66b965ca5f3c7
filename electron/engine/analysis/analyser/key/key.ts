/** The key of a recording, out of its pitches. */
import type { KeyCandidate, TrackSound } from '#shared/domain.ts';
import { camelotOf } from '#shared/music/keys.ts';
import { REGISTERS, STEPS } from './chroma.ts';
import type { Chroma } from './chroma.ts';
import { majorWeights, minorWeights } from './key-weights.ts';

const PITCHES = 12;
const STEPS_PER_PITCH = STEPS / PITCHES;
/** Frames (0.32 s each): less music than this says nothing of its key. */
const FEWEST_FRAMES = 14;
/** How much the peaks agree on a tuning: noise 0.01 to 0.05, three of four rendered grooves more than 0.5, drums without pitch less than 0.08. */
const LEAST_CLARITY = 0.1;
/** From here on the pitches are as clear as those of most music; in between, the confidence rises. */
const FULL_CLARITY = 0.3;
/** A key that is hardly likelier than others is none. */
const LEAST_PROBABILITY = 0.12;

export type MeasuredKey = NonNullable<TrackSound['key']>;

/** Null where there is none: silence, noise, speech, drums, music without a centre, or too little of it. */
export function measureKey(chroma: Chroma): MeasuredKey | null {
  if (chroma.frames < FEWEST_FRAMES) return null;
  const { cents, clarity } = tuningOf(chroma);
  if (clarity < LEAST_CLARITY) return null;
  const sure = Math.min(1, (clarity - LEAST_CLARITY) / (FULL_CLARITY - LEAST_CLARITY));
  const [best, second] = rank(pitchClasses(chroma, cents));
  if (best === undefined || best.confidence * sure < LEAST_PROBABILITY) return null;
  return {
    key: best.key,
    confidence: best.confidence * sure,
    second: second === undefined ? null : { key: second.key, confidence: second.confidence * sure },
    tuningCents: Math.round(cents * 10) / 10,
  };
}

/** The circular mean of how far the peaks are from A = 440 Hz; clarity 1 where all agree. */
export function tuningOf({ registers }: Chroma): { readonly cents: number; readonly clarity: number } {
  let real = 0;
  let imaginary = 0;
  let sum = 0;
  for (const register of registers) {
    for (let step = 0; step < STEPS; step += 1) {
      const strength = register[step] as number;
      const angle = (2 * Math.PI * step) / STEPS_PER_PITCH;
      real += strength * Math.cos(angle);
      imaginary += strength * Math.sin(angle);
      sum += strength;
    }
  }
  if (!(sum > 0)) return { cents: 0, clarity: 0 };
  return {
    cents: (Math.atan2(imaginary, real) / (2 * Math.PI)) * 100,
    clarity: Math.hypot(real, imaginary) / sum,
  };
}

/** Parts that each pitch class has, [3 registers x 12], low first, C first: in the tuning of the recording. Their sum is 1. */
export function pitchClasses({ registers }: Chroma, cents: number): Float64Array {
  const classes = new Float64Array(REGISTERS * PITCHES);
  let sum = 0;
  for (const [index, register] of registers.entries()) {
    for (let step = 0; step < STEPS; step += 1) {
      const pitch = step / STEPS_PER_PITCH - cents / 100;
      const nearest = Math.round(pitch);
      // What lies between two pitches counts for none.
      const strength = (register[step] as number) * Math.cos(Math.PI * (pitch - nearest)) ** 2;
      const at = index * PITCHES + ((nearest + PITCHES) % PITCHES);
      classes[at] = (classes[at] as number) + strength;
      sum += strength;
    }
  }
  return sum > 0 ? classes.map((strength) => strength / sum) : classes;
}

/** All 24 keys, the likeliest first; the confidences are probabilities. */
function rank(classes: Float64Array): readonly KeyCandidate[] {
  const roots = classes.map(Math.sqrt);
  const scored = [majorWeights, minorWeights].flatMap(({ weights, offset }, mode) =>
    Array.from({ length: PITCHES }, (_, tonic) => {
      let score = offset;
      for (let at = 0; at < roots.length; at += 1) {
        const pitch = ((at % PITCHES) + tonic) % PITCHES;
        score += (weights[at] as number) * (roots[at - (at % PITCHES) + pitch] as number);
      }
      return { key: camelotOf(tonic, mode === 1), score };
    }),
  );
  const highest = Math.max(...scored.map(({ score }) => score));
  const powers = scored.map(({ score }) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return scored
    .map(({ key }, index) => ({ key, confidence: (powers[index] as number) / sum }))
    .sort((left, right) => right.confidence - left.confidence);
}
