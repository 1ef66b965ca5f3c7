import { describe, expect, it } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import { createSpectrumEndMeter } from './spectrum-end.ts';
import { isLikelyTranscode } from './transcode.ts';

/** Noise that falls by 4 dB a kHz as music does, or less; cut by a long filter at `cutHz`. */
function music(rate: number, cutHz: number | null, seconds = 8): Float32Array {
  const random = seededRandom(11);
  const pink = Float32Array.from({ length: seconds * rate }, () => random() - 0.5);
  let low = 0;
  for (let at = 0; at < pink.length; at += 1) {
    low += 0.25 * ((pink[at] as number) - low);
    pink[at] = low;
  }
  if (cutHz === null) return pink;
  const reach = 120;
  const taps = Array.from({ length: 2 * reach + 1 }, (_, index) => {
    const away = index - reach;
    const window =
      0.42 + 0.5 * Math.cos((Math.PI * away) / reach) + 0.08 * Math.cos((2 * Math.PI * away) / reach);
    const angle = (2 * Math.PI * cutHz * away) / rate;
    return (away === 0 ? (2 * cutHz) / rate : Math.sin(angle) / (Math.PI * away)) * window;
  });
  return pink.map((_, at) => {
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap += 1)
      sum += (taps[tap] as number) * (pink[at + tap - reach] ?? 0);
    return sum;
  });
}

function endOf(channels: readonly Float32Array[], rate = 44_100): number | null {
  const meter = createSpectrumEndMeter(rate);
  for (let at = 0; at < (channels[0] as Float32Array).length; at += 5003)
    meter.push(channels.map((samples) => samples.subarray(at, at + 5003)));
  return meter.finish();
}

describe('where the spectrum ends', () => {
  it.each([
    [44_100, 16_000],
    [44_100, 19_000],
    [48_000, 11_000],
  ])('at %d Hz, cut at %d Hz', (rate, cut) => {
    expect(Math.abs((endOf([music(rate, cut)], rate) as number) - cut)).toBeLessThan(400);
  });

  it('is nowhere for music that goes on to the end, or fades', () => {
    expect(endOf([music(44_100, null)])).toBeNull();
    expect(endOf([music(22_050, null)], 22_050)).toBeNull();
    expect(endOf([music(8000, null)], 8000)).toBeNull();
  });

  it('is not hidden by a silent channel, and not made up for one side that goes on', () => {
    const cut = music(44_100, 16_000);
    expect(Math.abs((endOf([cut, new Float32Array(cut.length)]) as number) - 16_000)).toBeLessThan(400);
    expect(endOf([cut, music(44_100, null)])).toBeNull();
  });

  it.each([
    ['silence', () => 0],
    ['DC', () => 0.5],
    ['what is no number', () => NaN],
    ['a tone', (at: number) => Math.sin(at * 0.3)],
  ])('is nowhere for %s', (_, sample) => {
    const end = endOf([Float32Array.from({ length: 88_200 }, (__, at) => sample(at))]);
    expect(end).toBeNull();
  });
});

describe('a likely transcode', () => {
  it.each([
    ['flac', null, 16_000, true],
    ['pcm_s16le', null, 19_100, true],
    ['flac', null, 20_800, false],
    ['flac', null, 7000, false],
    ['mp3', 320, 16_000, true],
    ['mp3', 320, 20_000, false],
    ['mp3', 128, 16_000, false],
    ['mp3', 192, 16_000, true],
    ['mp3', 192, 18_600, false],
    ['aac', 256, 16_000, true],
    ['aac', 128, 16_000, false],
    ['vorbis', 160, 16_000, true],
    ['vorbis', 500, null, false],
    ['opus', 128, 16_000, true],
    ['opus', null, 16_000, false],
    ['mystery', 320, 16_000, false],
  ] as const)('%s at %s kbit/s that ends at %s Hz: %s', (codec, bitRateKbps, cutoffHz, expected) => {
    expect(isLikelyTranscode(cutoffHz, { codec, bitRateKbps, sampleRateHz: 44_100 })).toBe(expected);
  });

  it('is none where the samples themselves end there', () => {
    expect(isLikelyTranscode(15_000, { codec: 'flac', bitRateKbps: null, sampleRateHz: 32_000 })).toBe(false);
  });
});
