/** For tests: short pieces of noise and tones, each another recording, quick to write and quick to analyse. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { wavBytes } from '#build/demo/wav.ts';

const SAMPLE_RATE_HZ = 16_000;

export interface TestPiece {
  /** Relative to the folder. */
  readonly path: string;
  /** Another number, another sound. */
  readonly seed: number;
  readonly title?: string;
  readonly artist?: string;
  readonly seconds?: number;
}

/** Writes WAV files with tags; returns their absolute paths. */
export function writeTestMusic(folder: string, pieces: readonly TestPiece[]): readonly string[] {
  return pieces.map(({ path, seed, seconds = 4, title, artist }) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const samples = Float32Array.from({ length: seconds * SAMPLE_RATE_HZ }, (_, i) => {
      const tone = Math.sin((2 * Math.PI * (100 + 90 * seed) * i) / SAMPLE_RATE_HZ);
      const noise = Math.sin(i * i * (seed + 1) * 0.37);
      return 0.4 * tone + (0.3 / (seed + 1)) * noise;
    });
    const tags = { ...(title === undefined ? {} : { title }), ...(artist === undefined ? {} : { artist }) };
    writeFileSync(file, wavBytes({ samples, sampleRateHz: SAMPLE_RATE_HZ, channels: 1 }, tags));
    return file;
  });
}
