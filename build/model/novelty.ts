/**
 * From which measures on a window is no music (see not-music.ts of the analyser): limits found by measuring noise, hum,
 * clicks and speech beside music (docs/odd-input.md), each withdrawn to where it spares the music at hand.
 */
import { kindOfNoise, measureMusic } from '#engine/analysis/analyser/not-music.ts';
import type { MusicMeasures, NotMusicLimits } from '#engine/analysis/analyser/not-music.ts';
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';

/**
 * White and pink noise change by 3.4 dB (the deviation of a band's power in dB, which follows from statistics), hum and
 * tones by less; music by 5.4 and more (5th percentile of 494 windows). Frames of noise are as like as chance makes
 * them. Speech has 7.7 dB of flux, no beat (rhythm 0.18 at most), and nothing that lasts half a second.
 */
const limits = {
  steady: { changeDecibels: 3.5 },
  noise: { continuity: 0.15, tone: 0.12 },
  speech: { fluxDecibels: 6, rhythm: 0.2, lastingContinuity: 0.03, lastingTone: 0.06 },
} as const satisfies NotMusicLimits;

/**
 * So much of the music may be taken for something else: game and sample collections hold rain, wind and engines under
 * the name of music, so nought would be too little.
 */
const mostMistaken = 0.005;
/** The limits are withdrawn in steps of a tenth, and given up after these. */
const steps = [1, 0.9, 0.8, 0.7, 0.6, 0.5] as const;

/**
 * For the export: what the manifest says under notMusic.
 * @param windows music, each [frames x melBands] as the network takes it: some hundred training windows
 */
export function notMusicLimits(
  windows: readonly Float32Array[],
  shape: Pick<ModelManifest, 'frontEnd' | 'input'>,
): NotMusicLimits {
  const { frontEnd, input } = shape;
  const seconds = (input.frames * frontEnd.hopSize) / frontEnd.sampleRateHz;
  return sparing(
    windows.map((window) => measureMusic(window, shape, input.frames)),
    seconds,
  );
}

/** The limits that take at most half a percent of this music for noise each; null for what cannot be told from it. */
export function sparing(music: readonly MusicMeasures[], seconds: number): NotMusicLimits {
  const none: NotMusicLimits = { steady: null, noise: null, speech: null };
  const spares = (some: Partial<NotMusicLimits>): boolean => {
    const mistaken = music.filter((one) => kindOfNoise(one, { ...none, ...some }, seconds) !== null).length;
    return mistaken <= mostMistaken * music.length;
  };
  const at = <Part extends Partial<NotMusicLimits>>(make: (factor: number) => Part): Part | undefined =>
    steps.map(make).find(spares);
  const { steady, noise, speech } = limits;
  return {
    ...none,
    ...at((factor) => ({ steady: { changeDecibels: round(steady.changeDecibels * factor) } })),
    ...at((factor) => ({
      noise: { continuity: round(noise.continuity * factor), tone: round(noise.tone * factor) },
    })),
    ...at((factor) => ({
      speech: {
        fluxDecibels: round(speech.fluxDecibels / factor),
        rhythm: round(speech.rhythm * factor),
        lastingContinuity: round(speech.lastingContinuity * factor),
        lastingTone: round(speech.lastingTone * factor),
      },
    })),
  };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
