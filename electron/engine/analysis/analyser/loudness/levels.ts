/**
 * All levels of a recording in one pass at its own rate: loudness and true peak (EBU R128, Tech 3342), clipping, DC,
 * silence at both ends. Memory does not grow with the recording.
 */
import type { Loudness, SoundQuality } from '#shared/domain.ts';
import { createGating } from './gating.ts';
import { createPairFilter, GRAIN, kWeighting } from './k-weighting.ts';
import type { PairFilter } from './k-weighting.ts';
import { createTruePeak, REACH } from './true-peak.ts';

const STEP_SECONDS = 0.1;
/** Samples measured at once: about five milliseconds. */
const BLOCK = 256;
/** Samples kept from before: what is interpolated looks back and ahead. */
const MARGIN = 2 * REACH;
/** Two steps of 16 bits below full scale, and from there on so many samples in a row are no chance. */
const FULL_SCALE = 1 - 2 / 32_768;
const CLIPPED_RUN = 3;
/** Mean square, weighted, of -60 dB of full scale: what is below is silence. */
const SILENT_POWER = 1e-6;
/** Beyond any real signal: it and what is no number becomes 0. */
const LARGEST_SAMPLE = 1e6;

export interface Levels {
  readonly loudness: Loudness;
  /** All of SoundQuality that does not need a spectrum. A silent recording is all leading silence. */
  readonly quality: Omit<SoundQuality, 'cutoffHz' | 'likelyTranscode'>;
}

export interface LevelMeter {
  /** The next samples of each channel, as many of each; the arrays may be used again. */
  push(channels: readonly Float32Array[]): void;
  /** The recording has ended. Call once. */
  finish(): Levels;
}

/**
 * What a channel counts, by how many there are, in FFmpeg's (and WAVE's) usual order: surround channels 1.41 (+1.5 dB),
 * the one for low effects nothing (BS.1770-4, tables 3 and 4).
 */
export function channelWeights(channels: number): readonly number[] {
  const side = 1.41;
  const usual: readonly (readonly number[])[] = [
    [1],
    [1, 1],
    [1, 1, 1],
    [1, 1, side, side],
    [1, 1, 1, side, side],
    [1, 1, 1, 0, side, side],
    [1, 1, 1, 0, 1, side, side],
    [1, 1, 1, 0, 1, 1, side, side],
  ];
  return usual[channels - 1] ?? Array<number>(channels).fill(1);
}

/**
 * @param sampleRateHz of the samples that are pushed
 * @param weights one for each channel (channelWeights): 1 to 8
 */
export function createLevelMeter(sampleRateHz: number, weights: readonly number[]): LevelMeter {
  const weighting = kWeighting(sampleRateHz);
  const gating = createGating();
  const lanes = weights.map(() => createLane(sampleRateHz));
  /** Channels by twos, since two take little longer than one. */
  const pairs = Array.from({ length: Math.ceil(lanes.length / 2) }, (_, index) => ({
    filter: createPairFilter(weighting),
    first: index * 2,
    second: Math.min(lanes.length - 1, index * 2 + 1),
  }));
  /** First sample of a step: from the whole, so that no rounding adds up. */
  const startOf = (step: number): number => Math.round((step * STEP_SECONDS * sampleRateHz) / GRAIN) * GRAIN;
  const room = startOf(1) + 2 * GRAIN;
  const buffers = lanes.map(() => new Float32Array(MARGIN + room + MARGIN));
  let step = 0;
  let length = startOf(1);
  let filled = 0;
  let total = 0;
  let firstSound = -1;
  let lastSound = 0;

  /** @param count samples after the margin; @returns the weighted mean square over all channels */
  function measureStep(count: number): number {
    let power = 0;
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(count, from + BLOCK);
      let blockPower = 0;
      for (const { filter, first, second } of pairs) {
        runClean(filter, [buffers[first] as Float32Array, buffers[second] as Float32Array], from, to);
        const { energy } = filter.measure;
        blockPower += (weights[first] as number) * (energy[0] as number);
        if (second !== first) blockPower += (weights[second] as number) * (energy[1] as number);
        note(first, filter, 0, from, to);
        if (second !== first) note(second, filter, 1, from, to);
      }
      power += blockPower;
      if (blockPower * weighting.power > SILENT_POWER * (to - from)) {
        if (firstSound < 0) firstSound = total + from;
        lastSound = total + to;
      }
    }
    return (power * weighting.power) / count;
  }

  function note(channel: number, { measure }: PairFilter, side: number, from: number, to: number): void {
    const peak = measure.peak[side] as number;
    const lane = lanes[channel] as Lane;
    const buffer = buffers[channel] as Float32Array;
    lane.sum += measure.sum[side] as number;
    // What is beside the last samples is not there yet: they are looked at with the next ones.
    lane.truePeak.look(buffer, MARGIN + from - REACH, MARGIN + to - REACH, Math.max(peak, lane.lastPeak));
    lane.lastPeak = peak;
    lane.clipping.look(buffer, MARGIN + from, MARGIN + to, peak);
  }

  function advance(count: number): void {
    for (const buffer of buffers) buffer.copyWithin(0, count, count + MARGIN);
    total += count;
    filled = 0;
    step += 1;
    length = startOf(step + 1) - startOf(step);
  }

  return {
    push(channels) {
      const samples = channels[0]?.length ?? 0;
      for (let at = 0; at < samples;) {
        const taken = Math.min(samples - at, length - filled);
        for (const [channel, buffer] of buffers.entries())
          buffer.set((channels[channel] as Float32Array).subarray(at, at + taken), MARGIN + filled);
        at += taken;
        filled += taken;
        if (filled < length) break;
        gating.add(measureStep(length));
        advance(length);
      }
    },
    finish() {
      const rest = filled;
      if (rest > 0) {
        // Not a whole step: no part of the loudness, but of all else.
        const whole = Math.ceil(rest / GRAIN) * GRAIN;
        for (const buffer of buffers) buffer.fill(0, MARGIN + rest, MARGIN + whole);
        measureStep(whole);
        advance(rest);
      }
      for (const [channel, buffer] of buffers.entries()) {
        const lane = lanes[channel] as Lane;
        buffer.fill(0, MARGIN);
        lane.truePeak.look(buffer, MARGIN - REACH, MARGIN, lane.lastPeak);
        lane.clipping.end();
      }
      const peak = Math.max(0, ...lanes.map((lane) => lane.truePeak.value()));
      const clipped = lanes.reduce((sum, lane) => sum + lane.clipping.samples(), 0);
      const seconds = total / sampleRateHz;
      return {
        loudness: {
          integratedLufs: gating.integrated(),
          rangeLu: gating.range(),
          truePeakDb: peak > 0 ? 20 * Math.log10(peak) : null,
        },
        quality: {
          clippedShare: total === 0 ? 0 : clipped / (total * lanes.length),
          dcOffset: largestMean(
            lanes.map((lane) => lane.sum * weighting.mean),
            total,
          ),
          leadingSilenceSeconds: firstSound < 0 ? seconds : firstSound / sampleRateHz,
          trailingSilenceSeconds: firstSound < 0 ? 0 : Math.max(0, total - lastSound) / sampleRateHz,
        },
      };
    },
  };
}

interface Lane {
  readonly truePeak: ReturnType<typeof createTruePeak>;
  readonly clipping: Clipping;
  sum: number;
  lastPeak: number;
}

function createLane(sampleRateHz: number): Lane {
  return { truePeak: createTruePeak(sampleRateHz), clipping: createClipping(), sum: 0, lastPeak: 0 };
}

/** Filters a block; where that gives no number, once more without the samples that are none. */
function runClean(
  filter: PairFilter,
  [first, second]: readonly [Float32Array, Float32Array],
  from: number,
  to: number,
): void {
  filter.run(first, second, MARGIN + from, MARGIN + to);
  const { energy, peak } = filter.measure;
  const largest = Math.max(peak[0] as number, peak[1] as number);
  // Written so that NaN fails it too.
  if (largest <= LARGEST_SAMPLE && (energy[0] as number) + (energy[1] as number) < Infinity) return;
  filter.back();
  for (const samples of [first, second]) {
    for (let index = MARGIN + from; index < MARGIN + to; index += 1) {
      if (!(Math.abs(samples[index] as number) <= LARGEST_SAMPLE)) samples[index] = 0;
    }
  }
  filter.run(first, second, MARGIN + from, MARGIN + to);
}

interface Clipping {
  /** @param largest amplitude of these samples */
  look(samples: Float32Array, from: number, to: number, largest: number): void;
  end(): void;
  /** Samples in runs at full scale. */
  samples(): number;
}

function createClipping(): Clipping {
  let run = 0;
  let count = 0;
  function end(): void {
    if (run >= CLIPPED_RUN) count += run;
    run = 0;
  }
  return {
    end,
    look(samples, from, to, largest) {
      if (largest < FULL_SCALE) {
        end();
        return;
      }
      for (let index = from; index < to; index += 1) {
        if (Math.abs(samples[index] as number) >= FULL_SCALE) run += 1;
        else if (run > 0) end();
      }
    },
    samples: () => count,
  };
}

function largestMean(sums: readonly number[], total: number): number {
  let largest = 0;
  if (total === 0) return 0;
  for (const sum of sums) if (Math.abs(sum / total) > Math.abs(largest)) largest = sum / total;
  return largest;
}
