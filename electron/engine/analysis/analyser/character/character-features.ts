/** What energy, danceability, brightness and percussiveness are made of: out of the levels of the waveform, whatever the gain. */

/** Levels a second, and bands of each: low (up to 200 Hz), mid (up to 2 kHz), high. */
const LEVELS_PER_SECOND = 100;
const BANDS = 3;
/** Quieter than this below the loudest moments is a pause, dB. */
const PAUSE_DB = 45;
/** In a band, what is that far below its own loudest moments begins nothing, dB. */
const BAND_DB = 40;
/** A rise is seen against so many moments before. */
const BACK = 3;
/** Stretches in which the loudest moment is compared with the usual one: a second. */
const STRETCH = 100;
/** 0.5 s at least. */
const FEWEST_MOMENTS = 50;

export interface CharacterFeatures {
  /** How much the levels rise, dB a second, of each band. */
  readonly rises: readonly [low: number, mid: number, high: number];
  /** The usual level under the loudest moments, dB: 0 for a wall of sound. */
  readonly fullness: number;
  /** The power of a band beside that of all, dB. */
  readonly lowShare: number;
  readonly highShare: number;
  /** By how much the loudest moment of a second is above the usual one, dB. */
  readonly punch: number;
}

/**
 * @param levels [moments x 3], linear amplitudes, 100 a second
 * @returns null for silence, or for too little
 */
export function characterFeatures(levels: Float32Array): CharacterFeatures | null {
  const moments = Math.floor(levels.length / BANDS);
  if (moments < FEWEST_MOMENTS) return null;
  const whole = new Float32Array(moments);
  const bands = Array.from({ length: BANDS }, () => new Float32Array(moments));
  for (let at = 0; at < moments; at += 1) {
    let power = 0;
    for (let band = 0; band < BANDS; band += 1) {
      const level = levels[at * BANDS + band] as number;
      power += level * level;
      (bands[band] as Float32Array)[at] = decibels(level * level);
    }
    whole[at] = decibels(power);
  }
  const loud = percentile(whole, 0.95);
  if (loud <= SILENCE_DB) return null;
  const active = whole.map((level) => (level > loud - PAUSE_DB ? 1 : 0));
  const count = active.reduce((sum, value) => sum + value, 0);
  const meanOf = (values: Float32Array): number =>
    values.reduce((sum, value, at) => sum + (active[at] as number) * Math.max(value, loud - 80), 0) / count;
  const level = meanOf(whole);
  return {
    rises: bands.map((band) => rise(band, active, count, loud)) as [number, number, number],
    fullness: level - loud,
    lowShare: shareOf(levels, 0),
    highShare: shareOf(levels, 2),
    punch: punchOf(whole, loud),
  };
}

/** What a waveform without a sound holds. */
const SILENCE_DB = -80;

/** The power of a band beside that of all, dB; at most 60 below. */
function shareOf(levels: Float32Array, band: number): number {
  let part = 0;
  let whole = 0;
  for (let at = 0; at < levels.length; at += 1) {
    const power = (levels[at] as number) ** 2;
    whole += power;
    if (at % BANDS === band) part += power;
  }
  return Math.max(-60, decibels(part / whole));
}

function decibels(power: number): number {
  return 10 * Math.log10(power + 1e-12);
}

/** Where a band is far below the whole, its rises are not heard. */
function rise(band: Float32Array, active: Float32Array, count: number, loud: number): number {
  const floor = Math.max(percentile(band, 0.95) - BAND_DB, loud - 55);
  let sum = 0;
  for (let at = BACK; at < band.length; at += 1) {
    if (active[at] === 0) continue;
    let before = floor;
    for (let back = 1; back <= BACK; back += 1) before = Math.max(before, band[at - back] as number);
    sum += Math.max(0, (band[at] as number) - before);
  }
  return (sum * LEVELS_PER_SECOND) / count;
}

function punchOf(whole: Float32Array, loud: number): number {
  let sum = 0;
  let stretches = 0;
  for (let from = 0; from + STRETCH <= whole.length; from += STRETCH) {
    const sorted = whole.slice(from, from + STRETCH).sort();
    const highest = sorted[STRETCH - 3] as number;
    if (highest < loud - PAUSE_DB) continue;
    sum += Math.min(30, highest - (sorted[STRETCH >> 1] as number));
    stretches += 1;
  }
  return stretches === 0 ? 0 : sum / stretches;
}

function percentile(values: Float32Array, part: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) * part)] as number;
}
