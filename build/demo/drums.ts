/** Drums and cymbals as single hits (mono, 44.1 kHz), made of sines, noise and envelopes. */
import { SAMPLE_RATE_HZ, highPassInPlace, lowPass, saturateInPlace } from './effects.ts';

type Noise = () => number;
const silence = (seconds: number): Float32Array => new Float32Array(Math.ceil(seconds * SAMPLE_RATE_HZ));
const decay = (i: number, seconds: number): number => Math.exp(-i / (seconds * SAMPLE_RATE_HZ));

/** A sine that falls from one frequency to another: kick drums and toms. */
function fallingSine(
  seconds: number,
  fromHz: number,
  toHz: number,
  fallSeconds: number,
  lengthSeconds: number,
): Float32Array {
  const samples = silence(seconds);
  let phase = 0;
  for (let i = 0; i < samples.length; i++) {
    phase += (2 * Math.PI * (toHz + (fromHz - toHz) * decay(i, fallSeconds))) / SAMPLE_RATE_HZ;
    samples[i] = Math.sin(phase) * decay(i, lengthSeconds);
  }
  return samples;
}

function noiseBurst(noise: Noise, seconds: number, lengthSeconds: number, aboveHz: number): Float32Array {
  const samples = silence(seconds);
  for (let i = 0; i < samples.length; i++) samples[i] = (noise() * 2 - 1) * decay(i, lengthSeconds);
  highPassInPlace(samples, aboveHz);
  return samples;
}

/** Six detuned squares under a high-pass: the metal of cymbals, after the classic drum machines. */
function metal(
  seconds: number,
  lengthSeconds: number,
  aboveHz: number,
  noise: Noise,
  air: number,
): Float32Array {
  const samples = silence(seconds);
  const partials = [205.3, 304.4, 369.6, 522.7, 540, 800].map((hz) => (hz * 9) / SAMPLE_RATE_HZ);
  for (let i = 0; i < samples.length; i++) {
    let sum = air * (noise() * 2 - 1) * 3;
    for (const partial of partials) sum += (i * partial) % 1 < 0.5 ? 1 : -1;
    samples[i] = 0.16 * sum * decay(i, lengthSeconds);
  }
  highPassInPlace(samples, aboveHz);
  highPassInPlace(samples, aboveHz);
  return samples;
}

function mix(...parts: readonly (readonly [Float32Array, number])[]): Float32Array {
  const sum = new Float32Array(Math.max(...parts.map(([samples]) => samples.length)));
  for (const [samples, gain] of parts) {
    for (let i = 0; i < samples.length; i++) sum[i] = (sum[i] ?? 0) + gain * (samples[i] ?? 0);
  }
  return sum;
}

function clap(noise: Noise): Float32Array {
  const samples = silence(0.35);
  const filter = lowPass(2600, 1.2);
  for (let i = 0; i < samples.length; i++) {
    const time = i / SAMPLE_RATE_HZ;
    // Several hands within 30 ms, then the room.
    const hands = time < 0.03 ? Math.exp(-((time % 0.01) / 0.003)) : decay(i - 0.03 * SAMPLE_RATE_HZ, 0.07);
    samples[i] = filter.next(noise() * 2 - 1) * hands * 1.4;
  }
  highPassInPlace(samples, 700);
  return samples;
}

function dull(samples: Float32Array, cutoffHz: number): Float32Array {
  const filter = lowPass(cutoffHz);
  for (let i = 0; i < samples.length; i++) samples[i] = filter.next(samples[i] ?? 0);
  return samples;
}

function saturated(samples: Float32Array, drive: number): Float32Array {
  saturateInPlace(samples, drive);
  return samples;
}

export type Kit = 'electronic' | 'hard' | 'eight-oh-eight' | 'acoustic' | 'brushes' | 'dusty';
export type Drum =
  'kick' | 'snare' | 'clap' | 'hat' | 'openHat' | 'ride' | 'crash' | 'rim' | 'tom' | 'shaker' | 'conga';

function kick(kit: Kit, noise: Noise): Float32Array {
  const click = noiseBurst(noise, 0.02, 0.003, 1500);
  switch (kit) {
    case 'electronic':
      return mix([fallingSine(0.4, 260, 48, 0.02, 0.14), 1], [click, 0.25]);
    case 'hard':
      return saturated(mix([fallingSine(0.4, 400, 46, 0.025, 0.16), 1], [click, 0.4]), 4);
    case 'eight-oh-eight':
      return saturated(fallingSine(1.1, 130, 44, 0.03, 0.4), 1.5);
    case 'acoustic':
      return mix([fallingSine(0.3, 150, 62, 0.012, 0.08), 1], [click, 0.6]);
    case 'brushes':
      return mix([fallingSine(0.25, 110, 65, 0.01, 0.06), 0.6], [click, 0.15]);
    case 'dusty':
      return dull(saturated(mix([fallingSine(0.3, 140, 55, 0.02, 0.09), 1], [click, 0.3]), 2), 3500);
  }
}

function snare(kit: Kit, noise: Noise): Float32Array {
  const shell = (hz: number): Float32Array => fallingSine(0.25, hz * 1.5, hz, 0.01, 0.06);
  switch (kit) {
    case 'brushes':
      return mix([noiseBurst(noise, 0.3, 0.09, 2200), 0.35]);
    case 'dusty':
      return dull(mix([shell(190), 0.8], [noiseBurst(noise, 0.3, 0.06, 900), 0.7]), 5000);
    case 'acoustic':
      return mix([shell(195), 0.8], [shell(330), 0.3], [noiseBurst(noise, 0.4, 0.09, 1200), 0.8]);
    default:
      return mix([shell(180), 0.6], [noiseBurst(noise, 0.35, 0.07, 1800), 0.8]);
  }
}

/** One hit of a drum of a kit. `noise` gives numbers 0..1. */
export function drumHit(drum: Drum, kit: Kit, noise: Noise): Float32Array {
  const electronic = kit === 'electronic' || kit === 'hard' || kit === 'eight-oh-eight';
  switch (drum) {
    case 'kick':
      return kick(kit, noise);
    case 'snare':
      return snare(kit, noise);
    case 'clap':
      return clap(noise);
    case 'hat':
      return electronic
        ? metal(0.12, 0.025, 7000, noise, 0.3)
        : mix([metal(0.12, 0.02, 6000, noise, 1.2), kit === 'dusty' ? 0.5 : 0.8]);
    case 'openHat':
      return metal(0.5, 0.13, 6500, noise, electronic ? 0.3 : 1);
    case 'ride':
      return metal(1, 0.3, 4500, noise, 0.5);
    case 'crash':
      return metal(2, 0.6, 3500, noise, 1.5);
    case 'rim':
      return mix(
        [fallingSine(0.06, 1900, 1650, 0.005, 0.008), 0.8],
        [noiseBurst(noise, 0.03, 0.004, 2500), 0.4],
      );
    case 'tom':
      return fallingSine(0.5, 180, 95, 0.05, 0.14);
    case 'shaker':
      return noiseBurst(noise, 0.1, 0.025, 6000);
    case 'conga':
      return mix([fallingSine(0.3, 330, 220, 0.01, 0.07), 0.8], [noiseBurst(noise, 0.03, 0.004, 1000), 0.3]);
  }
}
