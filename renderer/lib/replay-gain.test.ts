import { describe, expect, it } from 'vitest';
import type { ReplayGain } from '#shared/domain.ts';
import { elementVolume, gainFactor } from './replay-gain.ts';

const tags = (part: Partial<ReplayGain>): ReplayGain => ({
  trackGainDb: null,
  trackPeak: null,
  albumGainDb: null,
  albumPeak: null,
  ...part,
});

describe('gainFactor', () => {
  it.each([
    ['no tags', null, 'track', 1],
    ['switched off', tags({ trackGainDb: -6, trackPeak: 1 }), 'off', 1],
    ['-6.02 dB is half', tags({ trackGainDb: -6.0206, trackPeak: 0.99 }), 'track', 0.5],
    [
      '+6.02 dB is double where the peak leaves room',
      tags({ trackGainDb: 6.0206, trackPeak: 0.4 }),
      'track',
      2,
    ],
    ['never above 1 / peak', tags({ trackGainDb: 12, trackPeak: 0.8 }), 'track', 1.25],
    [
      'a peak above full scale turns it down even without gain',
      tags({ trackGainDb: 0, trackPeak: 1.25 }),
      'track',
      0.8,
    ],
    ['no louder without a peak', tags({ trackGainDb: 6 }), 'track', 1],
    ['softer without a peak', tags({ trackGainDb: -20 }), 'track', 0.1],
    [
      'album values in album mode',
      tags({ trackGainDb: -20, albumGainDb: -6.0206, albumPeak: 1 }),
      'album',
      0.5,
    ],
    ['track values where the album has none', tags({ trackGainDb: -20, trackPeak: 1 }), 'album', 0.1],
    ['album values where the track has none', tags({ albumGainDb: -20, albumPeak: 1 }), 'track', 0.1],
    ['a peak of nothing is no peak', tags({ trackGainDb: 6, trackPeak: 0 }), 'track', 1],
    ['absurd tags are bounded', tags({ trackGainDb: -400 }), 'track', 10 ** (-24 / 20)],
    ['tags that are no number are none', tags({ trackGainDb: Number.NaN, trackPeak: 1 }), 'track', 1],
  ] as const)('%s', (_name, gain, mode, expected) => {
    expect(gainFactor(gain, mode)).toBeCloseTo(expected, 4);
  });
});

it('the volume of an element stays within its bounds', () => {
  expect(elementVolume(0.5, 1)).toBeCloseTo(0.25);
  expect(elementVolume(0.5, 2)).toBeCloseTo(0.5);
  expect([elementVolume(1, 2), elementVolume(0, 2)]).toEqual([1, 0]);
});
