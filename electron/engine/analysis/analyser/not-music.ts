/**
 * Whether a window holds music at all: a model that was taught with nothing but music finds a genre in anything. The
 * measures are of the log-mel image, not of the network, so they hold for every model with the same front end; the
 * limits stand in the manifest. What they are of: docs/odd-input.md.
 */
import type { ModelManifest } from '../model-manifest.ts';

export interface MusicMeasures {
  /** Deviation of a band over time, mean of all bands, in dB: noise and hum stay as they are. */
  readonly changeDecibels: number;
  /** Likeness of a frame and the next (correlation over all bands): noise and clicks begin anew in every frame. */
  readonly continuity: number;
  /** The same of the fine structure over frequency, which is that of tones. */
  readonly tone: number;
  /** Likeness of frames that are half a second apart. */
  readonly lastingContinuity: number;
  /** The same of the fine structure: notes last, syllables do not. */
  readonly lastingTone: number;
  /** Mean step between frames, in dB. */
  readonly fluxDecibels: number;
  /** How regularly sound sets in: the best correlation of its onsets with themselves a quarter to three seconds on. */
  readonly rhythm: number;
}

export type NotMusicLimits = NonNullable<ModelManifest['notMusic']>;

/** Shorter than this, nothing can be said of the rhythm of speech. */
const SPEECH_SECONDS = 8;
const LASTING_SECONDS = 0.5;
const RHYTHM_SECONDS = [0.25, 3] as const;
/** Bands on either side that a band is compared with. */
const BESIDE = 2;

/** @param frames how many of the window's frames are not repeated */
export function isMusic(window: Float32Array, manifest: ModelManifest, frames: number): boolean {
  const limits = manifest.notMusic;
  if (limits === undefined) return true;
  const seconds = (frames * manifest.frontEnd.hopSize) / manifest.frontEnd.sampleRateHz;
  return kindOfNoise(measureMusic(window, manifest, frames), limits, seconds) === null;
}

/** What a window without music is; null for music. */
export function kindOfNoise(
  measures: MusicMeasures,
  { steady, noise, speech }: NotMusicLimits,
  seconds: number,
): 'steady' | 'noise' | 'speech' | null {
  if (steady !== null && measures.changeDecibels < steady.changeDecibels) return 'steady';
  if (noise !== null && measures.continuity < noise.continuity && measures.tone < noise.tone) return 'noise';
  if (
    speech !== null &&
    seconds >= SPEECH_SECONDS &&
    measures.fluxDecibels > speech.fluxDecibels &&
    measures.rhythm < speech.rhythm &&
    measures.lastingContinuity < speech.lastingContinuity &&
    measures.lastingTone < speech.lastingTone
  ) {
    return 'speech';
  }
  return null;
}

/** @param window as the network takes it @param frames how many of its frames are not repeated */
export function measureMusic(
  window: Float32Array,
  { frontEnd, input }: Pick<ModelManifest, 'frontEnd' | 'input'>,
  frames: number,
): MusicMeasures {
  const { melBands, deviation, sampleRateHz, hopSize } = frontEnd;
  const framesPerSecond = sampleRateHz / hopSize;
  const lasting = Math.max(1, Math.round(LASTING_SECONDS * framesPerSecond));
  const [frameStep, bandStep] = input.layout === 'time-mel' ? [melBands, 1] : [1, input.frames];
  const valueAt = (frame: number, band: number): number =>
    window[frame * frameStep + band * bandStep] as number;
  const onsets = new Float64Array(frames);
  const whole = createLikeness([1, lasting]);
  const fine = createLikeness([1, lasting]);
  const row = new Float64Array(frames);
  const fineRow = new Float64Array(frames);
  let flux = 0;
  for (let band = 0; band < melBands; band += 1) {
    const isInside = band >= BESIDE && band < melBands - BESIDE;
    for (let frame = 0; frame < frames; frame += 1) {
      const value = valueAt(frame, band);
      row[frame] = value;
      if (isInside) {
        const beside =
          valueAt(frame, band - 2) +
          valueAt(frame, band - 1) +
          valueAt(frame, band + 1) +
          valueAt(frame, band + 2);
        fineRow[frame] = value - beside / (2 * BESIDE);
      }
      if (frame === 0) continue;
      const step = value - (row[frame - 1] as number);
      flux += Math.abs(step);
      if (step > 0) onsets[frame] = (onsets[frame] as number) + step;
    }
    whole.add(row);
    if (isInside) fine.add(fineRow);
  }
  return {
    changeDecibels: whole.deviation() * deviation,
    continuity: whole.at(0),
    lastingContinuity: whole.at(1),
    tone: fine.at(0),
    lastingTone: fine.at(1),
    fluxDecibels: (flux * deviation) / (melBands * frames),
    rhythm: regularity(onsets, framesPerSecond),
  };
}

interface Likeness {
  /** One band over time. */
  add(values: Float64Array): void;
  /** Correlation at the lag of that index over all bands; 0 when nothing changes. */
  at(index: number): number;
  /** Mean over the bands. */
  deviation(): number;
}

function createLikeness(lags: readonly number[]): Likeness {
  const products = lags.map(() => 0);
  let power = 0;
  let deviations = 0;
  let bands = 0;
  return {
    add(values) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      let own = 0;
      for (let at = 0; at < values.length; at += 1) own += ((values[at] as number) - mean) ** 2;
      lags.forEach((lag, index) => {
        let sum = 0;
        for (let at = lag; at < values.length; at += 1) {
          sum += ((values[at] as number) - mean) * ((values[at - lag] as number) - mean);
        }
        products[index] = (products[index] as number) + sum;
      });
      power += own;
      deviations += Math.sqrt(own / values.length);
      bands += 1;
    },
    at: (index) => (power > 0 ? (products[index] as number) / power : 0),
    deviation: () => deviations / bands,
  };
}

function regularity(onsets: Float64Array, framesPerSecond: number): number {
  const mean = onsets.reduce((sum, value) => sum + value, 0) / onsets.length;
  const centred = onsets.map((value) => value - mean);
  const power = centred.reduce((sum, value) => sum + value * value, 0);
  if (power === 0) return 0;
  const [shortest, longest] = RHYTHM_SECONDS.map((seconds) => Math.round(seconds * framesPerSecond)) as [
    number,
    number,
  ];
  let best = 0;
  for (let lag = shortest; lag <= longest && lag < centred.length; lag += 1) {
    let sum = 0;
    for (let at = lag; at < centred.length; at += 1)
      sum += (centred[at] as number) * (centred[at - lag] as number);
    // A long lag has fewer pairs: as if it had as many.
    best = Math.max(best, ((sum / power) * centred.length) / (centred.length - lag));
  }
  return best;
}
