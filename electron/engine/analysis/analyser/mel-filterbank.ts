/** Triangular mel filters, as librosa.filters.mel and torchaudio.functional.melscale_fbanks make them. */
import type { FrontEndSettings } from '../model-manifest.ts';

/** One filter: the bins from `first` on, and how much each counts. */
export interface MelFilter {
  readonly first: number;
  readonly weights: Float64Array;
}

// Slaney's scale (Auditory Toolbox): linear below 1 kHz, logarithmic above.
const SLANEY_HZ_PER_MEL = 200 / 3;
const SLANEY_BREAK_HZ = 1000;
const SLANEY_BREAK_MEL = SLANEY_BREAK_HZ / SLANEY_HZ_PER_MEL;
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

/** Hz → mel. */
export function hzToMel(hz: number, scale: FrontEndSettings['melScale']): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  if (hz < SLANEY_BREAK_HZ) return hz / SLANEY_HZ_PER_MEL;
  return SLANEY_BREAK_MEL + Math.log(hz / SLANEY_BREAK_HZ) / SLANEY_LOG_STEP;
}

/** Mel → Hz. */
export function melToHz(mel: number, scale: FrontEndSettings['melScale']): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  if (mel < SLANEY_BREAK_MEL) return mel * SLANEY_HZ_PER_MEL;
  return SLANEY_BREAK_HZ * Math.exp((mel - SLANEY_BREAK_MEL) * SLANEY_LOG_STEP);
}

/** The filters of a front end, lowest first: only bins with weight, since a filter touches a few of hundreds. */
export function melFilterbank(settings: FrontEndSettings): readonly MelFilter[] {
  const { sampleRateHz, fftSize, melBands, minimumHz, maximumHz, melScale, normalisation } = settings;
  const lowest = hzToMel(minimumHz, melScale);
  const highest = hzToMel(maximumHz, melScale);
  const edges = Array.from({ length: melBands + 2 }, (_, index) =>
    melToHz(lowest + ((highest - lowest) * index) / (melBands + 1), melScale),
  );
  return Array.from({ length: melBands }, (_, band) => {
    const [left, centre, right] = edges.slice(band, band + 3) as [number, number, number];
    const area = normalisation === 'slaney' ? 2 / (right - left) : 1;
    const weights: number[] = [];
    let first = 0;
    for (let bin = 0; bin <= fftSize / 2; bin += 1) {
      const hz = (bin * sampleRateHz) / fftSize;
      const weight = Math.min((hz - left) / (centre - left), (right - hz) / (right - centre));
      if (weight <= 0) continue;
      if (weights.length === 0) first = bin;
      weights.push(weight * area);
    }
    return { first, weights: Float64Array.from(weights) };
  });
}

/** Where one mel band ends and the next begins: melBands + 1 frequencies in Hz, half-way between their centres. */
export function bandEdgesHz({
  minimumHz,
  maximumHz,
  melBands,
  melScale,
}: FrontEndSettings): readonly number[] {
  const lowest = hzToMel(minimumHz, melScale);
  const highest = hzToMel(maximumHz, melScale);
  return Array.from({ length: melBands + 1 }, (_, edge) => {
    if (edge === 0) return minimumHz;
    if (edge === melBands) return maximumHz;
    return melToHz(lowest + ((highest - lowest) * (edge + 0.5)) / (melBands + 1), melScale);
  });
}
