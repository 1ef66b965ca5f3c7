/**
 * Three-band peaks of a recording as DJ software draws them: what is below 200 Hz (kick, bass), up to 2 kHz
 * (voices, most instruments), and above (hats, air).
 */
import type { WaveformPeaks } from '../protocol.ts';
import { createBands } from './waveform-bands.ts';
import type { Amplitudes } from './waveform-bands.ts';

const BANDS = 3;
/** Points of an overview: more than most windows are wide. 6 KB. */
export const OVERVIEW_POINTS = 2000;
/** 100 points a second, while there is room. */
const FINEST_SECONDS = 0.01;
/** Room for eleven minutes; then two points become one, so that memory does not grow with the recording. */
const MOST_POINTS = 1 << 16;
/** Below this the crossovers have no room; above, there is nothing to see. */
const LOWEST_RATE_HZ = 8000;
const HIGHEST_RATE_HZ = 48_000;

export interface WaveformMeter {
  /** Mono samples at the meter's rate. */
  push(samples: Float32Array): void;
  /** The recording has ended. */
  finish(): void;
  /** All of it so far, in at most `points` steps; without a number as finely as it is known. */
  read(points?: number): WaveformPeaks;
}

/** A meter that is fed by the decoder, which tells the recording's rate only when it has opened it. */
export function createWaveformOutput(onLevel?: OnLevel): {
  readonly sampleRateHz: (ownRateHz: number) => number;
  readonly onChunk: (samples: Float32Array) => void;
  /** All so far, in at most `points` steps; null before anything was decoded. */
  readonly read: (points?: number) => WaveformPeaks | null;
  /** The recording has ended: all of it. @throws Error when the decoder never opened it */
  readonly finish: (points?: number) => WaveformPeaks;
} {
  let meter: WaveformMeter | null = null;
  return {
    sampleRateHz(ownRateHz) {
      const rate = waveformRate(ownRateHz);
      meter = createWaveformMeter(rate, onLevel);
      return rate;
    },
    onChunk: (samples) => meter?.push(samples),
    read: (points) => meter?.read(points) ?? null,
    finish(points) {
      if (meter === null) throw new Error('A recording that was never opened has no waveform.');
      meter.finish();
      return meter.read(points);
    },
  };
}

/** The rate at which a meter shall be fed for a recording of that rate: its own, if that is sensible. */
function waveformRate(sampleRateHz: number): number {
  return Math.min(HIGHEST_RATE_HZ, Math.max(LOWEST_RATE_HZ, sampleRateHz));
}

/** Gets the linear amplitudes of each hundredth of a second in turn. */
export type OnLevel = (amplitudes: Amplitudes) => void;

/** @param sampleRateHz 8,000 to 48,000 */
export function createWaveformMeter(sampleRateHz: number, onLevel?: OnLevel): WaveformMeter {
  const bands = createBands(sampleRateHz, HIGHEST_RATE_HZ * FINEST_SECONDS * 2);
  const points = createPoints();
  const { step } = bands;
  /** First sample of a point: from the whole, so that no rounding adds up. */
  const startOf = (point: number): number =>
    Math.round((point * FINEST_SECONDS * sampleRateHz) / step) * step;
  /** Samples of the point that is under way. */
  const gathered = new Float32Array(startOf(1) + step);
  let filled = 0;
  let length = startOf(1);
  let total = 0;

  function add(amplitudes: Amplitudes): void {
    points.add(amplitudes);
    onLevel?.(amplitudes);
  }

  return {
    push(samples) {
      for (let at = 0; at < samples.length;) {
        const part = samples.subarray(at, at + length - filled);
        gathered.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < length) break;
        add(bands.measure(gathered, length));
        total += length;
        filled = 0;
        length = startOf(points.added() + 1) - startOf(points.added());
      }
    },
    finish() {
      if (filled >= step) add(bands.measure(gathered, filled - (filled % step)));
      total += filled;
      filled = 0;
    },
    read(wanted) {
      const { merged, values } = points.read();
      const secondsPerPoint = FINEST_SECONDS * merged;
      if (wanted === undefined || wanted >= values.length / BANDS)
        return { secondsPerPoint, peaks: encode(values) };
      const seconds = total / sampleRateHz;
      // The last of the finer points may be shorter than the others.
      const reduced = reduce(values, seconds / secondsPerPoint, wanted);
      return { secondsPerPoint: seconds / wanted, peaks: encode(reduced) };
    },
  };
}

interface Points {
  add(amplitudes: Amplitudes): void;
  /** How many were added, whatever was merged since. */
  added(): number;
  /** Amplitudes; each triple stands for `merged` added points. */
  read(): { readonly merged: number; readonly values: Float32Array };
}

/** Bounded: when the room is full, every two points become one, the larger of both. */
function createPoints(): Points {
  const values = new Float32Array(MOST_POINTS * BANDS);
  let merged = 1;
  let added = 0;

  function halve(): void {
    for (let at = 0; at < values.length / 2; at += 1) {
      const first = Math.floor(at / BANDS) * 2 * BANDS + (at % BANDS);
      values[at] = Math.max(values[first] as number, values[first + BANDS] as number);
    }
    values.fill(0, values.length / 2);
    merged *= 2;
  }

  return {
    add(amplitudes) {
      if (added === MOST_POINTS * merged) halve();
      const start = Math.floor(added / merged) * BANDS;
      for (let band = 0; band < BANDS; band += 1) {
        values[start + band] = Math.max(values[start + band] as number, amplitudes[band] as number);
      }
      added += 1;
    },
    added: () => added,
    read: () => ({ merged, values: values.slice(0, Math.ceil(added / merged) * BANDS) }),
  };
}

/**
 * Fewer points. The root of the mean square of the finer ones: of a beat that comes several times within a
 * point their peak would leave a flat bar.
 * @param exact how many of the finer points the recording fills: the last may be shorter
 */
function reduce(values: Float32Array, exact: number, wanted: number): Float32Array {
  const count = values.length / BANDS;
  const reduced = new Float32Array(wanted * BANDS);
  for (let point = 0; point < wanted; point += 1) {
    const from = Math.floor((point * exact) / wanted);
    const to = Math.min(count, Math.max(from + 1, Math.ceil(((point + 1) * exact) / wanted - 1e-9)));
    for (let band = 0; band < BANDS; band += 1) {
      let power = 0;
      for (let fine = from; fine < to; fine += 1) power += (values[fine * BANDS + band] as number) ** 2;
      reduced[point * BANDS + band] = Math.sqrt(power / (to - from));
    }
  }
  return reduced;
}

function encode(amplitudes: Float32Array): Uint8Array {
  return Uint8Array.from(amplitudes, (value) => Math.round(255 * Math.sqrt(Math.min(1, value))));
}
