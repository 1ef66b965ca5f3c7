import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseFile } from 'music-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeAudio, type CodecName } from './encode.ts';

const sampleRateHz = 44_100;
const seconds = 3;
/** Left 440 Hz at half scale, right 660 Hz at a quarter. */
const samples = Float32Array.from({ length: sampleRateHz * seconds * 2 }, (_, i) => {
  const time = Math.floor(i / 2) / sampleRateHz;
  return i % 2 === 0 ? 0.5 * Math.sin(2 * Math.PI * 440 * time) : 0.25 * Math.sin(2 * Math.PI * 660 * time);
});
const tags = {
  title: 'Tïtle “quoted”',
  artist: 'An Artist',
  album: 'An Album',
  genre: 'House',
  bpm: 124,
  trackNumber: 3,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cratewise-encode-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases: readonly (readonly [string, CodecName | undefined, RegExp])[] = [
  ['a.mp3', undefined, /Layer 3/],
  ['a.flac', undefined, /FLAC/],
  ['a.m4a', undefined, /AAC/],
  ['b.m4a', 'alac', /ALAC/],
  ['a.ogg', undefined, /Vorbis/],
  ['a.opus', undefined, /Opus/],
  ['a.aiff', undefined, /PCM/],
  ['a.wma', undefined, /Windows Media/],
  ['a.wv', undefined, /PCM/],
  ['a.wav', undefined, /PCM/],
];

test.each(cases)('%s: codec %s, length, channels and tags are read back', async (name, codec, expected) => {
  const file = path.join(folder, name);
  await encodeAudio({ file, samples, sampleRateHz, channels: 2, tags, ...(codec ? { codec } : {}) });
  const { format, common } = await parseFile(file, { duration: true });
  expect(format.codec).toMatch(expected);
  // Lossy codecs add up to a frame at each end.
  expect(format.duration).toBeGreaterThan(seconds - 0.01);
  expect(format.duration).toBeLessThan(seconds + 0.1);
  expect(format.numberOfChannels).toBe(2);
  expect([common.title, common.artist, common.album, common.genre, common.bpm, common.track.no]).toEqual([
    tags.title,
    tags.artist,
    tags.album,
    [tags.genre],
    tags.bpm,
    tags.trackNumber,
  ]);
});

test('mono and other rates work', async () => {
  const mono = samples.subarray(0, 48_000);
  const files = [path.join(folder, 'first.opus'), path.join(folder, 'second.flac')];
  for (const file of files) {
    await encodeAudio({ file, samples: mono, sampleRateHz: 22_050, channels: 1 });
    const { format } = await parseFile(file, { duration: true });
    expect(format.numberOfChannels).toBe(1);
    expect(format.duration).toBeCloseTo(48_000 / 22_050, 1);
  }
});

test('an ending without an encoder is refused by name', async () => {
  const file = path.join(folder, 'a.xyz');
  await expect(encodeAudio({ file, samples, sampleRateHz, channels: 2 })).rejects.toThrow(/"\.xyz".*a\.xyz/);
});
