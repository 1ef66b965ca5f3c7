/** Where the spectrum of a recording ends, as if cut with a knife: what an encoder for few bits leaves of it. */
import FFT from 'fft.js';

/** One spectrum for each so many seconds: a few are enough, and cheap. */
const EVERY_SECONDS = 0.75;
const SIZE = 2048;
/** Frames quieter than this, mean square of full scale, hide the end in noise. */
const QUIET_POWER = 1e-6;
const FEWEST_FRAMES = 4;
/** Levels are means over so many Hz below and above a place; between them the edge itself. */
const BESIDE_HZ = 700;
const EDGE_HZ = 450;
/** A drop by this, within the edge, is a cut. */
const DROP_DB = 17;
/** What is above a cut stays this far below what is under it. */
const STAYS_DB = 14;
/** Below this nobody cuts; it is the music that ends. */
const LOWEST_HZ = 3500;
/** From this part of the spectrum on, it is the filter of the sampling itself. */
const HIGHEST_PART = 0.92;

export interface SpectrumEndMeter {
  /** The next samples of each channel, as many of each; the arrays may be used again. */
  push(channels: readonly Float32Array[]): void;
  /** Hz; null where there is no such end. */
  finish(): number | null;
}

/** @param sampleRateHz of the samples that are pushed, the recording's own */
export function createSpectrumEndMeter(sampleRateHz: number): SpectrumEndMeter {
  const fft = new FFT(SIZE);
  const window = Float64Array.from(
    { length: SIZE },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / SIZE),
  );
  const windowed = new Float64Array(SIZE);
  const spectrum = new Float64Array(2 * SIZE);
  const powers = new Float64Array(SIZE / 2);
  const gathered = new Float32Array(SIZE);
  const every = Math.max(SIZE, Math.round(EVERY_SECONDS * sampleRateHz));
  let filled = 0;
  let waiting = 0;
  let turn = 0;
  let frames = 0;

  function add(): void {
    let power = 0;
    for (let n = 0; n < SIZE; n += 1) {
      const value = gathered[n] as number;
      power += value * value;
      windowed[n] = value * (window[n] as number);
    }
    // Written so that what is no number is left out, too.
    if (!(power / SIZE > QUIET_POWER && power < Infinity)) return;
    fft.realTransform(spectrum, windowed);
    frames += 1;
    for (let bin = 0; bin < powers.length; bin += 1) {
      const real = spectrum[2 * bin] as number;
      const imaginary = spectrum[2 * bin + 1] as number;
      powers[bin] = (powers[bin] as number) + real * real + imaginary * imaginary;
    }
  }

  return {
    push(channels) {
      const samples = channels[0]?.length ?? 0;
      for (let at = 0; at < samples;) {
        if (waiting > 0) {
          const skipped = Math.min(waiting, samples - at);
          waiting -= skipped;
          at += skipped;
          continue;
        }
        // Channels by turns: of a sum, what is in opposite phase would be missing.
        const channel = channels[turn % channels.length] as Float32Array;
        const part = channel.subarray(at, Math.min(samples, at + SIZE - filled));
        gathered.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < SIZE) break;
        add();
        filled = 0;
        turn += 1;
        waiting = every - SIZE;
      }
    },
    finish: () => (frames < FEWEST_FRAMES ? null : findEnd(powers, sampleRateHz / SIZE)),
  };
}

function findEnd(powers: Float64Array, hzPerBin: number): number | null {
  const levels = powers.map((power) => 10 * Math.log10(power + 1e-20));
  const sums = new Float64Array(levels.length + 1);
  for (let bin = 0; bin < levels.length; bin += 1)
    sums[bin + 1] = (sums[bin] as number) + (levels[bin] as number);
  const mean = (from: number, to: number): number =>
    ((sums[to] as number) - (sums[from] as number)) / Math.max(1, to - from);
  const beside = Math.round(BESIDE_HZ / hzPerBin);
  const edge = Math.max(1, Math.round(EDGE_HZ / hzPerBin / 2));
  const last = Math.floor(levels.length * HIGHEST_PART);
  let best = 0;
  let bestDrop = 0;
  for (let bin = Math.ceil(LOWEST_HZ / hzPerBin); bin < last; bin += 1) {
    const above = bin + edge;
    if (above + 4 >= levels.length) break;
    const below = mean(bin - edge - beside, bin - edge);
    const drop = below - mean(above, Math.min(levels.length, above + beside));
    if (drop < DROP_DB || drop <= bestDrop) continue;
    if (highestMean(levels, above, edge) > below - STAYS_DB) continue;
    best = bin;
    bestDrop = drop;
  }
  return best === 0 ? null : Math.round(best * hzPerBin);
}

/** The highest mean of `width` levels from `from` on: music that goes on above a gap. */
function highestMean(levels: Float64Array, from: number, width: number): number {
  let highest = -Infinity;
  for (let start = from; start + width <= levels.length; start += width) {
    let sum = 0;
    for (let at = start; at < start + width; at += 1) sum += levels[at] as number;
    highest = Math.max(highest, sum / width);
  }
  return highest;
}
