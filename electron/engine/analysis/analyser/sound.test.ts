/** What is measured of whole files, by the pass that the product makes, on music whose tempo and key are known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import { pieces } from '#build/demo/pieces.ts';
import { camelot } from '#build/demo/harmony.ts';
import { synthesise } from '#build/demo/synthesise.ts';
import { writeWav } from '#build/demo/wav.ts';
import type { TrackSound } from '#shared/domain.ts';
import { matchKeys } from '#shared/music/keys.ts';
import { analyseFile } from './analyse.ts';
import { writeTestModel } from './model-for-tests.ts';
import { loadModel } from './model.ts';
import type { Model } from './model.ts';

const folder = mkdtempSync(join(tmpdir(), 'cratewise-sound-'));
let model: Model;
beforeAll(async () => {
  model = await loadModel(await writeTestModel(folder), { backend: 'wasm' });
});
afterAll(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function soundOf(
  name: string,
  samples: Float32Array,
  channels: 1 | 2,
  rate = 44_100,
): Promise<TrackSound> {
  const file = join(folder, name);
  await writeWav(file, { samples, sampleRateHz: rate, channels });
  return (await analyseFile(file, model)).sound;
}

describe.each(pieces.filter(({ style }) => ['house', 'trance', 'drumAndBass'].includes(style)))(
  '$title',
  (piece) => {
    it('has its tempo to a tenth, a constant grid, a key that fits, and all else', async () => {
      const { samples } = synthesise(piece, 60);
      const sound = await soundOf(`${piece.style}.wav`, samples, 2);
      expect(sound.tempo?.bpm).toBeCloseTo(piece.bpm, 0);
      expect(sound.tempo?.grid.kind).toBe('constant');
      expect(sound.key).not.toBeNull();
      expect(matchKeys(camelot(piece.key), sound.key?.key ?? '')?.score).toBeGreaterThanOrEqual(0.8);
      expect(sound.loudness.integratedLufs).toBeGreaterThan(-24);
      expect(sound.loudness.integratedLufs).toBeLessThan(-4);
      expect(sound.character?.energy).toBeGreaterThanOrEqual(1);
      expect(sound.character?.energy).toBeLessThanOrEqual(10);
      expect(sound.quality.likelyTranscode).toBe(false);
    });
  },
);

it('is the same of a file that needs no network any more, unless it holds other audio', async () => {
  const { samples } = synthesise(pieces[0]!, 30);
  const file = join(folder, 'known.wav');
  await writeWav(file, { samples, sampleRateHz: 44_100, channels: 2 });
  const first = await analyseFile(file, model);
  const asked: number[] = [];
  const counting = {
    manifest: model.manifest,
    predict: (windows: Float32Array, count: number) => {
      asked.push(count);
      return model.predict(windows, count);
    },
  };
  const known = { audioHash: first.audioHash, prediction: first.prediction };
  const again = await analyseFile(file, counting, { known });
  expect(asked).toEqual([]);
  expect(again.sound).toEqual(first.sound);
  expect(again.prediction).toBe(first.prediction);
  const other = await analyseFile(file, counting, { known: { ...known, audioHash: new Uint8Array(32) } });
  expect(asked.length).toBeGreaterThan(0);
  expect(other.prediction.genres).toEqual(first.prediction.genres);
});

it('hears both channels at the recording’s own rate, where a mean would hear nothing', async () => {
  const rate = 48_000;
  const samples = Float32Array.from(
    { length: rate * 10 * 2 },
    (_, at) => (at % 2 === 0 ? 1 : -1) * 0.5 * Math.sin((2 * Math.PI * 997 * Math.floor(at / 2)) / rate),
  );
  const { loudness } = await soundOf('opposite.wav', samples, 2, rate);
  // A tone of 997 Hz at -6.02 dBFS in both channels: BS.1770 says -6.0 LUFS.
  expect(loudness.integratedLufs).toBeCloseTo(-6, 0);
  expect(loudness.truePeakDb).toBeCloseTo(-6, 0);
});

it('makes nothing up of silence', async () => {
  const sound = await soundOf('silence.wav', new Float32Array(44_100 * 20), 1);
  expect(sound).toMatchObject({
    tempo: null,
    key: null,
    loudness: { integratedLufs: null, truePeakDb: null },
    character: null,
    sections: [],
    cues: [],
  });
});

it('measures what was packed as what it was', async () => {
  const { samples } = synthesise(pieces[2]!, 40);
  const file = join(folder, 'packed.mp3');
  await encodeAudio({ file, samples, sampleRateHz: 44_100, channels: 2 });
  const plain = await soundOf('plain.wav', samples, 2);
  const { sound } = await analyseFile(file, model);
  expect(sound.tempo?.bpm).toBeCloseTo(plain.tempo!.bpm, 1);
  expect(sound.loudness.integratedLufs).toBeCloseTo(plain.loudness.integratedLufs!, 0);
});
