import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import { readReplayGain } from './replay-gain.ts';
import { readTags } from './tags.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-gain-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A real file whose comment was turned into another field of the same length. */
async function fileWith(name: string, field: string): Promise<string> {
  const file = join(folder, name);
  const comment = 'x'.repeat(field.length - 'DESCRIPTION='.length);
  const samples = Float32Array.from({ length: 48_000 }, (_, at) => 0.1 * Math.sin(at / 20));
  await encodeAudio({ file, samples, sampleRateHz: 48_000, channels: 1, tags: { comment } });
  const bytes = readFileSync(file);
  const at = bytes.toString('latin1').search(new RegExp(`DESCRIPTION=${comment}`, 'i'));
  expect(at).toBeGreaterThan(0);
  bytes.write(field, at, 'latin1');
  writeFileSync(file, bytes);
  return file;
}

describe('of real files', () => {
  it.each([
    ['a.flac', 'REPLAYGAIN_TRACK_GAIN=-7.42 dB', { trackGainDb: -7.42 }],
    ['b.flac', 'replaygain_album_peak=0.988831', { albumPeak: 0.988831 }],
    // 256ths of a decibel, and five more for the other reference.
    ['c.opus', 'R128_TRACK_GAIN=-1280', { trackGainDb: 0 }],
    ['d.ogg', 'REPLAYGAIN_ALBUM_GAIN=+2,5', { albumGainDb: 2.5 }],
  ])('%s %s', async (name, field, expected) => {
    const { tags } = await readTags(await fileWith(name, field));
    expect(tags.replayGain).toEqual({
      ...{ trackGainDb: null, trackPeak: null, albumGainDb: null, albumPeak: null },
      ...expected,
    });
  });
});

describe('of native tags', () => {
  const read = (...tags: (readonly [string, unknown])[]) =>
    readReplayGain({ native: { some: tags.map(([id, value]) => ({ id, value: value as string })) } });

  it.each([
    ['TXXX:replaygain_track_gain', '-3 dB'],
    ['----:com.apple.iTunes:REPLAYGAIN_TRACK_GAIN', '-3.00dB'],
    ['REPLAYGAIN_TRACK_GAIN', ' -3 '],
  ])('%s', (id, value) => {
    expect(read([id, value])).toMatchObject({ trackGainDb: -3 });
  });

  it('ReplayGain goes before R128; what deafens or is no number is none', () => {
    expect(read(['R128_ALBUM_GAIN', '256'], ['REPLAYGAIN_ALBUM_GAIN', '-1 dB'])?.albumGainDb).toBe(-1);
    expect(read(['REPLAYGAIN_TRACK_GAIN', '+900 dB'], ['REPLAYGAIN_TRACK_PEAK', '-1'])).toBeNull();
    expect(read(['REPLAYGAIN_TRACK_GAIN', 'loud'], ['MY_REPLAYGAIN_TRACK_GAIN', '-3 dB'])).toBeNull();
    expect(read()).toBeNull();
  });
});
