import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import { guessWaveform } from './decode-excerpts.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-excerpts-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('excerpts tell where a recording is loud', async () => {
  const rate = 16_000;
  const samples = Float32Array.from({ length: 60 * rate }, (_, at) =>
    at > 30 * rate && at < 45 * rate ? 0.5 * Math.sin(at / 40) : 0,
  );
  for (const name of ['long.flac', 'long.mp3', 'long.wma']) {
    const file = join(folder, name);
    await encodeAudio({ file, samples, sampleRateHz: rate, channels: 1 });
    const guessed = await guessWaveform(file, 60);
    const { secondsPerPoint = 0, peaks = new Uint8Array() } = guessed ?? {};
    const loud = (seconds: number): boolean =>
      Math.max(...peaks.subarray(Math.floor(seconds / secondsPerPoint) * 3).subarray(0, 3)) > 100;
    expect([5, 20, 33, 42, 50].map(loud), name).toEqual([false, false, true, true, false]);
  }
});
