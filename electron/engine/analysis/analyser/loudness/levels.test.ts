import { describe, expect, it } from 'vitest';
import { seededRandom } from '#build/demo/random.ts';
import { channelWeights, createLevelMeter } from './levels.ts';
import type { Levels } from './levels.ts';

/** Channels of a sine, each with its own level, for some seconds; dBFS as the EBU counts: a sine of full scale is 0. */
type Part = readonly [seconds: number, ...levelsDb: number[]];

function tones(parts: readonly Part[], rate = 48_000, hz = 1000): Float32Array[] {
  const channels = (parts[0] as Part).length - 1;
  const samples = parts.reduce((sum, [seconds]) => sum + Math.round(seconds * rate), 0);
  return Array.from({ length: channels }, (_, channel) => {
    const output = new Float32Array(samples);
    let at = 0;
    for (const [seconds, ...levels] of parts) {
      const amplitude = 10 ** ((levels[channel] as number) / 20);
      const end = at + Math.round(seconds * rate);
      for (; at < end; at += 1) output[at] = amplitude * Math.sin((2 * Math.PI * hz * at) / rate);
    }
    return output;
  });
}

const stereo = (...parts: readonly (readonly [number, number])[]): Float32Array[] =>
  tones(parts.map(([seconds, level]) => [seconds, level, level]));

/** In pieces of a size that fits nothing. */
function levelsOf(channels: readonly Float32Array[], rate = 48_000, piece = 4999): Levels {
  const meter = createLevelMeter(rate, channelWeights(channels.length));
  for (let at = 0; at < (channels[0] as Float32Array).length; at += piece)
    meter.push(channels.map((samples) => samples.subarray(at, at + piece)));
  return meter.finish();
}

describe('EBU Tech 3341: integrated loudness within 0.1 LU', () => {
  it.each([
    ['1', -23, stereo([20, -23])],
    ['2', -33, stereo([20, -33])],
    ['3', -23, stereo([10, -36], [60, -23], [10, -36])],
    ['4', -23, stereo([10, -72], [10, -36], [60, -23], [10, -36], [10, -72])],
    ['5', -23, stereo([20, -26], [20.1, -20], [20, -26])],
    ['6', -23, tones([[20, -28, -28, -24, -30, -30]])],
  ] as const)('case %s: %d LUFS', (_, expected, channels) => {
    expect(Math.abs((levelsOf(channels).loudness.integratedLufs as number) - expected)).toBeLessThan(0.1);
  });

  it.each([8000, 11_025, 16_000, 22_050, 32_000, 44_100, 88_200, 96_000, 192_000])(
    'the same at %d Hz',
    (rate) => {
      const { integratedLufs } = levelsOf(tones([[5, -23, -23]], rate), rate).loudness;
      expect(Math.abs((integratedLufs as number) + 23)).toBeLessThan(rate < 16_000 ? 0.25 : 0.1);
    },
  );

  it('weighs highs and lows as the standard does at 48 kHz: the same tone at every rate', () => {
    // The response of the filters whose coefficients BS.1770-4 prints, at these frequencies.
    for (const hz of [30, 60, 100, 500, 2000, 6000, 10_000]) {
      const expected = -23 + standardGainDb(hz) - standardGainDb(1000);
      for (const rate of [32_000, 44_100, 48_000, 96_000]) {
        const { integratedLufs } = levelsOf(tones([[4, -23, -23]], rate, hz), rate).loudness;
        expect(Math.abs((integratedLufs as number) - expected), `${hz} Hz at ${rate}`).toBeLessThan(
          hz > 5000 && rate !== 48_000 ? 0.35 : 0.1,
        );
      }
    }
  });
});

/** The two filters of BS.1770-4, tables 1 and 2. */
function standardGainDb(hz: number): number {
  const gain = (b: readonly number[], a: readonly number[]): number => {
    const w = (2 * Math.PI * hz) / 48_000;
    const size = (c: readonly number[]): number =>
      Math.hypot(
        c.reduce((sum, value, index) => sum + value * Math.cos(w * index), 0),
        c.reduce((sum, value, index) => sum + value * Math.sin(w * index), 0),
      );
    return 20 * Math.log10(size(b) / size(a));
  };
  return (
    gain([1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585]) +
    gain([1, -2, 1], [1, -1.99004745483398, 0.99007225036621])
  );
}

describe('EBU Tech 3342: loudness range within 1 LU', () => {
  it.each([
    ['1', 10, stereo([20, -20], [20, -30])],
    ['2', 5, stereo([20, -20], [20, -15])],
    ['3', 20, stereo([20, -40], [20, -20])],
    ['4', 15, stereo([20, -50], [20, -35], [20, -20], [20, -35], [20, -50])],
  ] as const)('case %s: %d LU', (_, expected, channels) => {
    expect(Math.abs((levelsOf(channels).loudness.rangeLu as number) - expected)).toBeLessThan(1);
  });
});

describe('EBU Tech 3341: true peak within +0.2/-0.4 dB', () => {
  const sine = (divisor: number, degrees: number, amplitude: number): Float32Array =>
    Float32Array.from(
      { length: 48_000 },
      (_, at) =>
        amplitude *
        Math.sin((2 * Math.PI * at) / divisor + (degrees * Math.PI) / 180) *
        Math.min(1, at / 4800, (48_000 - at) / 4800),
    );
  /** Cases 20 to 23: made at four times the rate, one period louder; every fourth value from `offset` on. */
  function burst(offset: number): Float32Array {
    const size = 4 * 9600;
    const fine = Float64Array.from({ length: size }, (_, at) => {
      const loud = at >= size / 2 && at < size / 2 + 24;
      return (loud ? 1 : 0.5) * Math.sin((2 * Math.PI * at) / 24);
    });
    return Float32Array.from({ length: 9600 }, (_, at) => {
      let sum = 0;
      for (let tap = -120; tap <= 120; tap += 1) {
        const angle = (Math.PI * tap) / 4;
        const window = 0.5 + 0.5 * Math.cos((Math.PI * tap) / 121);
        sum += (fine[at * 4 + offset + tap] ?? 0) * (tap === 0 ? 1 : Math.sin(angle) / angle) * window * 0.25;
      }
      return sum;
    });
  }
  it.each([
    ['15', -6, sine(4, 0, 0.5)],
    ['16', -6, sine(4, 45, 0.5)],
    ['17', -6, sine(6, 60, 0.5)],
    ['18', -6, sine(8, 67.5, 0.5)],
    ['19', 3, sine(4, 45, Math.SQRT2)],
    ['20', 0, burst(0)],
    ['21', 0, burst(1)],
    ['22', 0, burst(2)],
    ['23', 0, burst(3)],
  ] as const)('case %s: %d dBTP', (_, expected, channel) => {
    const { truePeakDb } = levelsOf([channel, channel]).loudness;
    expect(truePeakDb as number).toBeLessThan(expected + 0.2);
    expect(truePeakDb as number).toBeGreaterThan(expected - 0.4);
  });

  it('misses nothing by leaving most places out: as all places of a noise, interpolated, say', () => {
    const random = seededRandom(5);
    // As music: little at the very end of the spectrum.
    const white = Float32Array.from({ length: 20_002 }, () => random() - 0.5);
    const noise = white
      .subarray(2)
      .map((value, at) => (value + 2 * (white[at + 1] as number) + (white[at] as number)) / 4);
    let highest = 0;
    for (let at = 40; at < noise.length - 40; at += 1) {
      for (const part of [0, 0.25, 0.5, 0.75]) {
        let sum = 0;
        for (let tap = -39; tap <= 40; tap += 1) {
          const angle = Math.PI * (tap - part);
          const window = 0.5 + 0.5 * Math.cos((Math.PI * (tap - part)) / 41);
          sum += (noise[at + tap] as number) * (angle === 0 ? 1 : Math.sin(angle) / angle) * window;
        }
        highest = Math.max(highest, Math.abs(sum));
      }
    }
    const found = levelsOf([noise]).loudness.truePeakDb as number;
    expect(Math.abs(found - 20 * Math.log10(highest))).toBeLessThan(0.3);
  });
});

describe('odd input', () => {
  it('silence has no loudness, no peak, and is silent from end to end', () => {
    const levels = levelsOf([new Float32Array(96_000), new Float32Array(96_000)]);
    expect(levels.loudness).toEqual({ integratedLufs: null, rangeLu: null, truePeakDb: null });
    expect(levels.quality).toEqual({
      clippedShare: 0,
      dcOffset: 0,
      leadingSilenceSeconds: 2,
      trailingSilenceSeconds: 0,
    });
  });

  it('nothing at all', () => {
    expect(createLevelMeter(44_100, channelWeights(2)).finish().loudness.integratedLufs).toBeNull();
  });

  it('DC has an offset and no loudness', () => {
    const levels = levelsOf([new Float32Array(480_000).fill(-0.25), new Float32Array(480_000)]);
    expect(levels.quality.dcOffset).toBeCloseTo(-0.25, 3);
    expect(levels.loudness.integratedLufs ?? -99).toBeLessThan(-35);
  });

  it('one side alone is 3 LU quieter than both', () => {
    const [tone] = tones([[5, -20]]) as [Float32Array];
    const both = levelsOf([tone, tone]).loudness.integratedLufs as number;
    const one = levelsOf([tone, new Float32Array(tone.length)]).loudness.integratedLufs as number;
    expect(both - one).toBeCloseTo(3.01, 1);
    expect(levelsOf([tone]).loudness.integratedLufs).toBeCloseTo(one, 3);
  });

  it('what is no number is left out', () => {
    const [tone] = tones([[5, -20]]) as [Float32Array];
    const clean = levelsOf([tone, tone]);
    const dirty = Float32Array.from(tone);
    dirty[1000] = NaN;
    dirty[100_000] = Infinity;
    dirty[200_000] = -1e30;
    const levels = levelsOf([dirty, tone]);
    expect(levels.loudness.integratedLufs).toBeCloseTo(clean.loudness.integratedLufs as number, 2);
    expect(levels.loudness.truePeakDb).toBeCloseTo(-20, 0);
    expect(levels.quality.dcOffset).toBeCloseTo(0, 3);
  });

  it('a low-frequency channel counts nothing, a surround one half as much again', () => {
    const levels = (loud: number): number =>
      levelsOf(tones([[3, ...Array.from({ length: 6 }, (_, index) => (index === loud ? -20 : -200))]]))
        .loudness.integratedLufs ?? -Infinity;
    expect(levels(3)).toBe(-Infinity);
    expect(levels(4) - levels(0)).toBeCloseTo(1.49, 1);
  });

  it('half a second at 8 kHz', () => {
    const { loudness } = levelsOf(tones([[0.5, -20]], 8000), 8000);
    expect(loudness.integratedLufs).toBeCloseTo(-23, 0);
    expect(loudness.rangeLu).toBeNull();
  });
});

describe('quality', () => {
  it('measures the silence at both ends', () => {
    const levels = levelsOf(
      tones([
        [1.5, -200, -200],
        [4, -20, -20],
        [2.25, -90, -90],
      ]),
    ).quality;
    expect(levels.leadingSilenceSeconds).toBeCloseTo(1.5, 1);
    expect(levels.trailingSilenceSeconds).toBeCloseTo(2.25, 1);
  });

  it('counts samples in runs at full scale, also where a run goes on in the next piece', () => {
    const samples = new Float32Array(48_000);
    samples.fill(1, 4990, 5010);
    samples.fill(-1, 20_000, 20_003);
    samples.fill(1, 30_000, 30_002);
    expect(levelsOf([samples]).quality.clippedShare).toBeCloseTo(23 / 48_000, 8);
    expect(levelsOf(tones([[1, -0.1]])).quality.clippedShare).toBe(0);
    expect(
      levelsOf(tones([[1, 6]]).map((tone) => tone.map((value) => Math.min(1, value)))).quality.clippedShare,
    ).toBeGreaterThan(0.3);
  });
});
