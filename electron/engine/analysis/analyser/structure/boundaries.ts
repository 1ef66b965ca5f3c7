/** Where something new begins: bars before and after which the music differs, on the phrases that dance music is made of. */
import { BANDS, FEATURES } from './bars.ts';
import type { Bars } from './bars.ts';

/** So many bars to each side are compared. */
const BESIDE_BARS = 4;
/** Phrases are eight bars as a rule, and four where they are not. */
const PHRASE_BARS = 8;
const HALF_PHRASE = PHRASE_BARS / 2;
/** What a difference must come to; on a phrase less is enough, off the half phrases more is needed. */
const LEAST_NOVELTY = 0.75;
const ON_PHRASE = 0.7;
const OFF_PHRASE = 1.5;
/** A difference of so many dB, or dB a second, counts as one. */
const scales = [8, 6, 6, 40, 40, 50] as const;
/** What one minus the cosine of two embeddings counts. */
const EMBEDDING_WEIGHT = 1.2;

/** Embeddings of stretches of one length; null where there are none. */
export interface Stretches {
  readonly seconds: number;
  readonly size: number;
  readonly values: Int8Array;
}

export interface Boundaries {
  /** Numbers of bars that begin a section, rising; neither the first bar nor the end. */
  readonly bars: readonly number[];
  /** Which bar begins the first whole phrase, 0 to 7. */
  readonly phrase: number;
}

export function findBoundaries(bars: Bars, stretches: Stretches): Boundaries {
  const novelty = noveltyOf(bars, stretches);
  const phrase = phraseOf(novelty);
  const strength = novelty.map((value, bar) => value / needed(bar - phrase));
  /** What grows over several bars is most different in the midst of it, but began with the phrase. */
  const rankOf = (bar: number): number => (novelty[bar] as number) * preference(bar - phrase);
  const chosen: number[] = [];
  const order = strength.map((_, bar) => bar).toSorted((left, right) => rankOf(right) - rankOf(left));
  for (const bar of order) {
    if ((strength[bar] as number) < 1) continue;
    const apart = (bar - phrase) % PHRASE_BARS === 0 ? HALF_PHRASE : PHRASE_BARS;
    const isFree = [0, bars.features.length, ...chosen].every((other) => Math.abs(other - bar) >= apart);
    if (isFree) chosen.push(bar);
  }
  return { bars: chosen.toSorted((left, right) => left - right), phrase };
}

function preference(bar: number): number {
  if (bar % PHRASE_BARS === 0) return 2;
  return bar % HALF_PHRASE === 0 ? 1.2 : 1;
}

function needed(bar: number): number {
  if (bar % PHRASE_BARS === 0) return LEAST_NOVELTY * ON_PHRASE;
  return bar % HALF_PHRASE === 0 ? LEAST_NOVELTY : LEAST_NOVELTY * OFF_PHRASE;
}

/** How different the bars before and after the beginning of each are. */
function noveltyOf({ features, starts }: Bars, stretches: Stretches): readonly number[] {
  return features.map((_, bar) => {
    if (bar < 2 || bar > features.length - 2) return 0;
    const before = meanOf(features.slice(Math.max(0, bar - BESIDE_BARS), bar));
    const after = meanOf(features.slice(bar, bar + BESIDE_BARS));
    let sum = 0;
    for (let index = 0; index < FEATURES; index += 1) {
      const difference = ((after[index] as number) - (before[index] as number)) / (scales[index] as number);
      sum += difference * difference;
    }
    return Math.sqrt(sum / BANDS) + EMBEDDING_WEIGHT * turnAt(stretches, starts[bar] as number);
  });
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(FEATURES);
  for (const row of rows)
    row.forEach((value, index) => (mean[index] = (mean[index] as number) + value / rows.length));
  return mean;
}

/** 0 where it sounds the same before and after, 1 where the two have nothing in common. */
function turnAt({ seconds, size, values }: Stretches, moment: number): number {
  const count = size === 0 ? 0 : Math.floor(values.length / size);
  const before = Math.floor(moment / seconds - 0.75);
  const after = Math.ceil(moment / seconds - 0.25);
  if (before < 0 || after >= count || before === after) return 0;
  let dot = 0;
  for (let index = 0; index < size; index += 1) {
    dot += (values[before * size + index] as number) * (values[after * size + index] as number);
  }
  return Math.min(1, Math.max(0, 1 - dot / 127 ** 2));
}

/** Of eight ways to count phrases the one on whose beginnings most happens. */
function phraseOf(novelty: readonly number[]): number {
  const sums = new Float64Array(PHRASE_BARS);
  novelty.forEach((value, bar) => {
    const at = bar % PHRASE_BARS;
    sums[at] = (sums[at] as number) + value * value;
  });
  return sums.indexOf(Math.max(...sums));
}
