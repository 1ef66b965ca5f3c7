/** Click tracks: a metronome whose first beat of a bar is higher, over the whole range of tempos. */
import { RATE_HZ } from './audio.ts';
import type { Truth } from './pieces.ts';

const SECONDS = 40;
/** Those beyond 40 to 220 are there to see what becomes of them. */
export const clickTempos: readonly number[] = [
  30, 36, 45, 52.5, 60, 72, 85, 90.25, 100, 112, 120, 128, 133.33, 140, 150, 160, 174, 185, 200, 216, 240,
  260,
];

export interface ClickTrack {
  readonly samples: Float32Array;
  readonly truth: Truth;
}

/** Beats from `first` seconds on; `beatsPerBar` 3 or 4. */
export function clickTrack(bpm: number, beatsPerBar: 3 | 4, first = 0.25): ClickTrack {
  const samples = new Float32Array(SECONDS * RATE_HZ);
  const beats: number[] = [];
  for (let beat = 0; first + (beat * 60) / bpm < SECONDS - 0.2; beat += 1) {
    const at = first + (beat * 60) / bpm;
    beats.push(at);
    const pitch = beat % beatsPerBar === 0 ? 1500 : 1000;
    const from = Math.round(at * RATE_HZ);
    for (let index = 0; index < 0.04 * RATE_HZ; index += 1) {
      const time = index / RATE_HZ;
      samples[from + index] = 0.6 * Math.exp(-time * 120) * Math.sin(2 * Math.PI * pitch * time);
    }
  }
  const meter = beatsPerBar === 3 ? '3/4' : '4/4';
  return { samples, truth: { bpm, constant: true, meter, beats, beatsPerBar, key: null } };
}
