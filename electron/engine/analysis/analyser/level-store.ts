/** Keeps the levels of the beginning of a recording: enough for tempo and beats, whatever its length. */
import type { OnLevel } from './waveform.ts';

const BANDS = 3;
/** 100 a second: the first twenty minutes, 1.4 MB. A mix that goes on longer goes on in its tempo, or has many. */
const MOST_LEVELS = 20 * 60 * 100;
const FIRST_LEVELS = 1 << 14;

export interface LevelStore {
  readonly add: OnLevel;
  /** [moments x 3] linear amplitudes: low, mid, high. */
  read(): Float32Array;
}

/** @param most levels to keep */
export function createLevelStore(most = MOST_LEVELS): LevelStore {
  let values = new Float32Array(Math.min(FIRST_LEVELS, most) * BANDS);
  let count = 0;
  return {
    add([low, mid, high]) {
      if (count === most) return;
      const at = count * BANDS;
      if (at === values.length) {
        const larger = new Float32Array(Math.min(values.length * 2, most * BANDS));
        larger.set(values);
        values = larger;
      }
      values[at] = low;
      values[at + 1] = mid;
      values[at + 2] = high;
      count += 1;
    },
    read: () => values.subarray(0, count * BANDS),
  };
}
