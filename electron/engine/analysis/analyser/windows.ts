/** Cuts the frames of a track into the windows that the model takes, without ever holding the whole track. */
import type { ModelManifest } from '../model-manifest.ts';
import { isMusic } from './not-music.ts';

/** A remainder shorter than this part of a window is not worth a run: it is covered by the timeline's last segment. */
const SMALLEST_REMAINDER = 1 / 8;

/** Where a window lies, in frames of the track. */
export interface WindowPlace {
  readonly start: number;
  /** The part of it that no earlier window covers is [from, end). */
  readonly from: number;
  readonly end: number;
  /** Every frame is at the floor: digital silence. */
  readonly silent: boolean;
  /** False for hum, noise and speech (not-music.ts): it is given no genre. */
  readonly music: boolean;
}

export interface WindowCutter {
  /** One frame of melBands decibels. */
  push(frame: Float32Array): void;
  /** The track has ended: gives the last window. */
  finish(): void;
  readonly frames: number;
}

/**
 * Windows follow each other without a gap. The last one is moved back so that it ends where the track ends; a
 * track shorter than one window is repeated until it fills one.
 * @param onWindow gets a window of its own, [frames x melBands] standardised, in the manifest's layout.
 */
export function createWindowCutter(
  manifest: ModelManifest,
  onWindow: (window: Float32Array, place: WindowPlace) => void,
): WindowCutter {
  const { frames: length, layout } = manifest.input;
  const { melBands, mean, deviation, floor } = manifest.frontEnd;
  const quiet = Math.fround(10 * Math.log10(floor));
  /** The current window and, behind it, the previous one: a ring of frames in decibels. */
  let current = new Float32Array(length * melBands);
  let previous = new Float32Array(length * melBands);
  let filled = 0;
  let total = 0;

  /** @param frameAt offset in `source` of the window's frame t */
  function give(
    sourceOf: (time: number) => readonly [Float32Array, number],
    place: Omit<WindowPlace, 'silent' | 'music'>,
  ): void {
    const window = new Float32Array(length * melBands);
    const [timeStep, bandStep] = layout === 'time-mel' ? [melBands, 1] : [1, length];
    let silent = true;
    for (let time = 0; time < length; time += 1) {
      const [source, frame] = sourceOf(time);
      for (let band = 0; band < melBands; band += 1) {
        const decibels = source[frame * melBands + band] as number;
        if (decibels > quiet) silent = false;
        window[time * timeStep + band * bandStep] = (decibels - mean) / deviation;
      }
    }
    const frames = Math.min(length, place.end - place.start);
    onWindow(window, { ...place, silent, music: !silent && isMusic(window, manifest, frames) });
  }

  return {
    get frames() {
      return total;
    },
    push(frame) {
      current.set(frame, filled * melBands);
      filled += 1;
      total += 1;
      if (filled < length) return;
      const whole = current;
      give((time) => [whole, time], { start: total - length, from: total - length, end: total });
      [current, previous] = [previous, current];
      filled = 0;
    },
    finish() {
      if (filled === 0) return;
      if (total < length) {
        give((time) => [current, time % filled], { start: 0, from: 0, end: total });
      } else if (filled >= length * SMALLEST_REMAINDER) {
        const old = length - filled;
        give((time) => (time < old ? [previous, time + filled] : [current, time - old]), {
          start: total - length,
          from: total - filled,
          end: total,
        });
      }
    },
  };
}
