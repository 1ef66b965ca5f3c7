/** What happens to music between the studio and a DJ's laptop. Pure but for the MP3; the same for the same seed. */
import FFT from 'fft.js';
import { seededRandom } from '../model/random.ts';
import { RATE_HZ, throughMp3 } from './audio.ts';

export const conditions = ['clean', 'mp3', 'vinyl', 'room', 'drift', 'crowd', 'detuned'] as const;
export type Condition = (typeof conditions)[number];

/** For the tables. */
export const conditionNames: Readonly<Record<Condition, string>> = {
  clean: 'clean',
  mp3: 'MP3, 128 kbps',
  vinyl: 'vinyl: hiss, rumble, clicks',
  room: 'room: as loud as the source, 0.9 s',
  drift: 'tempo drift: ±2 %',
  crowd: 'crowd: 6 dB below the music',
  detuned: 'detuned: ±50 cents (±2.9 % in tempo)',
};

export interface Degraded {
  readonly samples: Float32Array;
  /** Where a moment of the original (seconds) is now. */
  readonly moved: (seconds: number) => number;
  /** How much faster it is, on average: 1 but for what was detuned. */
  readonly speed: number;
}

type Random = () => number;

export async function degrade(samples: Float32Array, condition: Condition, seed: number): Promise<Degraded> {
  const random = seededRandom(seed);
  const still = (changed: Float32Array): Degraded => ({
    samples: quieted(changed),
    moved: (seconds) => seconds,
    speed: 1,
  });
  switch (condition) {
    case 'clean':
      return { samples, moved: (seconds) => seconds, speed: 1 };
    case 'mp3':
      return still(await throughMp3(samples));
    case 'vinyl':
      return still(vinyl(samples, random));
    case 'room':
      return still(room(samples, random));
    case 'crowd':
      return still(crowd(samples, random));
    case 'drift':
      return varispeed(samples, wander(random), 1);
    case 'detuned': {
      const speed = 2 ** ((random() < 0.5 ? -50 : 50) / 1200);
      return varispeed(samples, () => speed, speed);
    }
  }
}

/** Hiss 35 dB below the music, rumble, and eight clicks a second, some of them as loud as the music. */
function vinyl(samples: Float32Array, random: Random): Float32Array {
  const level = rms(samples);
  const clicks = new Float32Array(samples.length);
  let next = 0;
  while (next < samples.length) {
    const height = level * 4 * -Math.log(1 - random()) * (random() < 0.5 ? -1 : 1);
    for (let at = 0; at < 40 && next + at < samples.length; at += 1)
      clicks[next + at] = (clicks[next + at] as number) + height * Math.exp(-at / 8) * Math.cos(at * 1.3);
    next += 1 + Math.round((-Math.log(1 - random()) * RATE_HZ) / 8);
  }
  const hiss = level * 10 ** (-35 / 20) * Math.sqrt(3);
  const rumble = level * 10 ** (-25 / 20);
  return samples.map(
    (value, at) =>
      value +
      (clicks[at] as number) +
      hiss * (2 * random() - 1) +
      rumble *
        Math.sin((2 * Math.PI * 27 * at) / RATE_HZ + 3 * Math.sin((2 * Math.PI * 0.55 * at) / RATE_HZ)),
  );
}

/** Convolution with decaying noise: 60 dB in 0.9 s, in all as strong as what comes directly, 8 ms behind it. */
function room(samples: Float32Array, random: Random): Float32Array {
  const length = Math.round(0.9 * RATE_HZ);
  const response = new Float32Array(length);
  let power = 0;
  let muffled = 0;
  for (let at = Math.round(0.008 * RATE_HZ); at < length; at += 1) {
    // Walls swallow what is high.
    muffled += 0.5 * ((2 * random() - 1) * 10 ** ((-3 * at) / length) - muffled);
    response[at] = muffled;
    power += muffled * muffled;
  }
  const gain = 1 / Math.sqrt(power);
  for (let at = 0; at < length; at += 1) response[at] = (response[at] as number) * gain;
  response[0] = 1;
  return convolve(samples, response);
}

/** Voices in a crowd: noise of the band of speech in syllables, from twelve places, and a cheer now and then. */
function crowd(samples: Float32Array, random: Random): Float32Array {
  const noise = new Float32Array(samples.length);
  const voices = Array.from({ length: 12 }, () => ({ level: 0, wanted: 0, left: 0 }));
  let low = 0;
  let high = 0;
  let cheer = 0;
  for (let at = 0; at < noise.length; at += 1) {
    let level = 0;
    if (at % 64 === 0 && random() < 64 / (RATE_HZ * 9)) cheer = 1.5;
    cheer *= 1 - 1 / (1.2 * RATE_HZ);
    for (const voice of voices) {
      if (voice.left-- <= 0) {
        voice.left = (0.06 + 0.25 * random()) * RATE_HZ;
        voice.wanted = random() < 0.35 ? 0 : random();
      }
      voice.level += (voice.wanted - voice.level) * 0.002;
      level += voice.level;
    }
    // 250 to 3,000 Hz.
    low += 0.35 * ((2 * random() - 1) * (level / 12 + cheer) - low);
    high += 0.035 * (low - high);
    noise[at] = low - high;
  }
  const gain = (rms(samples) * 10 ** (-6 / 20)) / rms(noise);
  return samples.map((value, at) => value + gain * (noise[at] as number));
}

/** A speed that wanders between 0.98 and 1.02, as a belt or a drummer does. */
function wander(random: Random): (seconds: number) => number {
  const waves = [7, 13, 23].map((period) => ({ period: period * (0.8 + 0.4 * random()), phase: random() }));
  return (seconds) => {
    let sum = 0;
    for (const { period, phase } of waves) sum += Math.sin(2 * Math.PI * (seconds / period + phase));
    return 1 + (0.02 * sum) / 3;
  };
}

/** Plays at another speed: pitch and tempo move together. */
function varispeed(samples: Float32Array, speedAt: (seconds: number) => number, speed: number): Degraded {
  const changed: number[] = [];
  /** Where each hundredth second of the result is taken from, in samples. */
  const places: number[] = [];
  const grain = RATE_HZ / 100;
  let place = 0;
  while (place < samples.length - 1) {
    if (changed.length % grain === 0) places.push(place);
    const before = Math.floor(place);
    const part = place - before;
    changed.push((samples[before] as number) * (1 - part) + (samples[before + 1] as number) * part);
    place += speedAt(changed.length / RATE_HZ);
  }
  return {
    samples: Float32Array.from(changed),
    speed,
    moved(seconds) {
      const wanted = seconds * RATE_HZ;
      let first = 0;
      let last = places.length - 1;
      while (first < last) {
        const middle = (first + last + 1) >> 1;
        if ((places[middle] as number) <= wanted) first = middle;
        else last = middle - 1;
      }
      const from = places[first] as number;
      const step = (places[first + 1] ?? from + grain * speed) - from;
      return (first + (wanted - from) / step) / 100;
    },
  };
}

/** As long as `samples`; what rings on after the end is cut. */
export function convolve(samples: Float32Array, response: Float32Array): Float32Array {
  const size = 2 ** Math.ceil(Math.log2(4 * response.length));
  const block = size - response.length;
  const fft = new FFT(size);
  const [filter, input, product, output] = Array.from({ length: 4 }, () => new Float64Array(2 * size));
  if (!filter || !input || !product || !output) throw new Error('There are four buffers.');
  for (let at = 0; at < response.length; at += 1) input[2 * at] = response[at] as number;
  fft.transform(filter, input);
  const result = new Float32Array(samples.length);
  for (let start = 0; start < samples.length; start += block) {
    input.fill(0);
    const end = Math.min(samples.length, start + block);
    for (let at = start; at < end; at += 1) input[2 * (at - start)] = samples[at] as number;
    fft.transform(product, input);
    for (let bin = 0; bin < 2 * size; bin += 2) {
      const real = product[bin] as number;
      const imaginary = product[bin + 1] as number;
      product[bin] = real * (filter[bin] as number) - imaginary * (filter[bin + 1] as number);
      product[bin + 1] = real * (filter[bin + 1] as number) + imaginary * (filter[bin] as number);
    }
    fft.inverseTransform(output, product);
    for (let at = 0; at < size && start + at < result.length; at += 1)
      result[start + at] = (result[start + at] as number) + (output[2 * at] as number);
  }
  return result;
}

function rms(samples: Float32Array): number {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return Math.sqrt(sum / Math.max(1, samples.length)) + 1e-9;
}

/** Down where it would clip. */
function quieted(samples: Float32Array): Float32Array {
  let highest = 0;
  for (const value of samples) highest = Math.max(highest, Math.abs(value));
  return highest <= 0.98 ? samples : samples.map((value) => (value * 0.98) / highest);
}
