/** Pitched instruments: one note each (mono, 44.1 kHz, -1..1), release included. */
import { SAMPLE_RATE_HZ, lowPass, saturateInPlace } from './effects.ts';

/** Frequency in Hz, time until the key is released, and a source of noise 0..1. */
type Voice = (hz: number, seconds: number, noise: () => number) => Float32Array;

interface Envelope {
  readonly attack: number;
  readonly decay: number;
  readonly sustain: number;
  readonly release: number;
}

/** Gain at a time: linear attack, exponential decay to the sustain level, exponential release. */
function gainAt(envelope: Envelope, time: number, held: number): number {
  const during = (at: number): number =>
    at < envelope.attack
      ? at / envelope.attack
      : envelope.sustain + (1 - envelope.sustain) * Math.exp(-(at - envelope.attack) / envelope.decay);
  return time < held ? during(time) : during(held) * Math.exp(-(time - held) / envelope.release);
}

/** How often envelopes are looked at: every 32 samples, with straight lines between. */
const BLOCK = 32;

function render(held: number, envelope: Envelope, next: (i: number, time: number) => number): Float32Array {
  const samples = new Float32Array(Math.ceil((held + envelope.release * 5) * SAMPLE_RATE_HZ));
  let gain = gainAt(envelope, 0, held);
  for (let start = 0; start < samples.length; start += BLOCK) {
    const target = gainAt(envelope, (start + BLOCK) / SAMPLE_RATE_HZ, held);
    const end = Math.min(start + BLOCK, samples.length);
    for (let i = start; i < end; i++) {
      samples[i] = next(i, i / SAMPLE_RATE_HZ) * (gain + ((target - gain) * (i - start)) / BLOCK);
    }
    gain = target;
  }
  // The last of it fades to nothing, so that no note ends with a click.
  const fade = Math.min(256, samples.length);
  for (let i = 1; i <= fade; i++) {
    const at = samples.length - i;
    samples[at] = (samples[at] ?? 0) * ((i - 1) / fade);
  }
  return samples;
}

/** Rounds the corner of a jump, so that saws and squares do not alias (polynomial band-limited step). */
function corner(phase: number, step: number): number {
  if (phase < step) {
    const at = phase / step;
    return at + at - at * at - 1;
  }
  if (phase > 1 - step) {
    const at = (phase - 1) / step;
    return at * at + at + at + 1;
  }
  return 0;
}

function saw(hz: number, startPhase: number): (bend?: number) => number {
  let phase = startPhase;
  const base = hz / SAMPLE_RATE_HZ;
  return (bend = 1) => {
    const step = base * bend;
    phase += step;
    if (phase >= 1) phase -= 1;
    return 2 * phase - 1 - corner(phase, step);
  };
}

function square(hz: number, width: number): () => number {
  let phase = 0;
  const step = hz / SAMPLE_RATE_HZ;
  return () => {
    phase += step;
    if (phase >= 1) phase -= 1;
    const shifted = phase + 1 - width;
    return (
      (phase < width ? 1 : -1) + corner(phase, step) - corner(shifted >= 1 ? shifted - 1 : shifted, step)
    );
  };
}

/** Detuned saws through a filter that opens with the envelope: pads, leads, strings, brass. */
function saws(settings: {
  readonly detune: readonly number[];
  readonly envelope: Envelope;
  readonly cutoffHz: number;
  /** How much the filter opens in addition, Hz, and how fast it closes again. */
  readonly sweepHz?: number;
  readonly sweepSeconds?: number;
  readonly resonance?: number;
  readonly vibrato?: number;
}): Voice {
  const {
    detune,
    envelope,
    cutoffHz,
    sweepHz = 0,
    sweepSeconds = 1,
    resonance = 0.8,
    vibrato = 0,
  } = settings;
  return (hz, seconds, noise) => {
    const oscillators = detune.map((ratio) => saw(hz * ratio, noise()));
    const filter = lowPass(cutoffHz, resonance);
    let bend = 1;
    return render(seconds, envelope, (i, time) => {
      if (i % BLOCK === 0) {
        const bright = Math.max(cutoffHz, hz * 1.5) + sweepHz * Math.exp(-time / sweepSeconds);
        filter.tune(bright);
        // Players add vibrato once the note stands.
        bend = 1 + vibrato * Math.min(1, time / 0.4) * Math.sin(2 * Math.PI * 5.4 * time);
      }
      let sum = 0;
      for (const oscillator of oscillators) sum += oscillator(bend);
      return filter.next(sum / oscillators.length);
    });
  };
}

/** Karplus and Strong's string: a burst of noise in a delay line that dulls. */
function pluck(brightness: number, sustainSeconds: number): Voice {
  return (hz, seconds, noise) => {
    const period = SAMPLE_RATE_HZ / hz - 0.5;
    const length = Math.max(2, Math.floor(period));
    // Between the oldest sample and the one after it lies the delay we want.
    const fraction = 1 - (period - length);
    const line = new Float32Array(length + 1);
    let soft = 0;
    for (let i = 0; i < line.length; i++) {
      soft += brightness * (noise() * 2 - 1 - soft);
      line[i] = soft;
    }
    // Each round loses as much as lets the note last the given time.
    const loss = 0.001 ** (1 / (hz * sustainSeconds));
    let position = 0;
    let before = 0;
    const envelope = { attack: 0.001, decay: 10, sustain: 1, release: 0.06 };
    return render(seconds, envelope, () => {
      const current = line[position] ?? 0;
      const following = line[position + 1 === line.length ? 0 : position + 1] ?? 0;
      const value = current + fraction * (following - current);
      line[position] = loss * 0.5 * (value + before);
      before = value;
      position = position + 1 === line.length ? 0 : position + 1;
      return value * 1.6;
    });
  };
}

/** Sines at given multiples with their own gains and lengths: piano, organ, bells, bass drums of an orchestra. */
function partials(
  ratios: readonly (readonly [multiple: number, gain: number, seconds: number])[],
  envelope: Envelope,
): Voice {
  return (hz, seconds) => {
    const audible = ratios.filter(([multiple]) => hz * multiple < SAMPLE_RATE_HZ * 0.45);
    // A sine by recurrence: two multiplications a sample instead of a call.
    const states = audible.map(([multiple, gain, length]) => ({
      turn: 2 * Math.cos((2 * Math.PI * hz * multiple) / SAMPLE_RATE_HZ),
      last: -Math.sin((2 * Math.PI * hz * multiple) / SAMPLE_RATE_HZ),
      current: 0,
      gain,
      loss: Math.exp(-1 / (length * SAMPLE_RATE_HZ)),
    }));
    return render(seconds, envelope, () => {
      let sum = 0;
      for (const state of states) {
        const next = state.turn * state.current - state.last;
        state.last = state.current;
        state.current = next;
        sum += state.gain * state.current;
        state.gain *= state.loss;
      }
      return sum;
    });
  };
}

/** Frequency modulation with an index that decays: electric piano, glassy plucks. */
function fm(ratio: number, index: number, indexSeconds: number, envelope: Envelope): Voice {
  return (hz, seconds) => {
    const step = (2 * Math.PI * hz) / SAMPLE_RATE_HZ;
    let depth = 0;
    return render(seconds, envelope, (i, time) => {
      if (i % BLOCK === 0) depth = index * Math.exp(-time / indexSeconds);
      return 0.7 * Math.sin(step * i + depth * Math.sin(step * ratio * i));
    });
  };
}

function driven(voice: Voice, drive: number, cutoffHz: number): Voice {
  return (hz, seconds, noise) => {
    // Root, fifth and octave go through the amplifier together: that is what makes a power chord growl.
    const root = voice(hz, seconds, noise);
    const fifth = voice(hz * 1.4983, seconds, noise);
    const octave = voice(hz * 2, seconds, noise);
    const speaker = lowPass(cutoffHz, 0.9);
    for (let i = 0; i < root.length; i++) {
      root[i] = 0.5 * ((root[i] ?? 0) + 0.8 * (fifth[i] ?? 0) + 0.5 * (octave[i] ?? 0));
    }
    saturateInPlace(root, drive);
    for (let i = 0; i < root.length; i++) root[i] = 0.5 * speaker.next(root[i] ?? 0);
    return root;
  };
}

function squareBass(width: number, cutoffHz: number, sweepHz: number, resonance: number): Voice {
  const envelope = { attack: 0.004, decay: 0.25, sustain: 0.6, release: 0.03 };
  return (hz, seconds) => {
    const oscillator = square(hz, width);
    const filter = lowPass(cutoffHz, resonance);
    return render(seconds, envelope, (i, time) => {
      if (i % BLOCK === 0) filter.tune(cutoffHz + sweepHz * Math.exp(-time / 0.09));
      return 0.8 * filter.next(oscillator());
    });
  };
}

const held = { attack: 0.01, decay: 0.3, sustain: 0.8, release: 0.08 };
const slow = { attack: 0.35, decay: 1, sustain: 0.85, release: 0.5 };
const struck = { attack: 0.002, decay: 8, sustain: 1, release: 0.12 };

const voices = {
  piano: partials(
    [
      [1, 0.5, 1.6],
      [2.001, 0.3, 1],
      [3.004, 0.17, 0.7],
      [4.01, 0.1, 0.5],
      [5.02, 0.06, 0.35],
      [6.035, 0.04, 0.25],
      [8.07, 0.02, 0.15],
    ],
    struck,
  ),
  organ: partials(
    [
      [0.5, 0.15, 1e6],
      [1, 0.3, 1e6],
      [2, 0.2, 1e6],
      [3, 0.12, 1e6],
      [4, 0.08, 1e6],
      [8, 0.04, 1e6],
    ],
    { attack: 0.008, decay: 1, sustain: 1, release: 0.03 },
  ),
  bell: partials(
    [
      [1, 0.4, 2],
      [2.76, 0.25, 1.2],
      [5.4, 0.15, 0.6],
      [8.9, 0.06, 0.3],
    ],
    { attack: 0.002, decay: 5, sustain: 1, release: 0.6 },
  ),
  sineBass: partials(
    [
      [1, 0.8, 3],
      [2, 0.12, 0.4],
    ],
    { attack: 0.006, decay: 2, sustain: 0.9, release: 0.04 },
  ),
  electricPiano: fm(1, 1.8, 0.35, { attack: 0.003, decay: 1.4, sustain: 0.15, release: 0.15 }),
  glass: fm(3.5, 2.2, 0.12, { attack: 0.002, decay: 0.4, sustain: 0.05, release: 0.3 }),
  flute: fm(1, 0.35, 3, { attack: 0.06, decay: 1, sustain: 0.9, release: 0.1 }),
  guitar: pluck(0.6, 2.2),
  mutedGuitar: pluck(0.5, 0.25),
  banjo: pluck(0.95, 0.9),
  doubleBass: pluck(0.16, 1.4),
  fingerBass: pluck(0.28, 2),
  powerGuitar: driven(pluck(0.7, 3), 9, 4200),
  metalGuitar: driven(pluck(0.8, 2), 24, 5200),
  strings: saws({
    detune: [0.997, 1, 1.004],
    envelope: { ...slow, attack: 0.09, release: 0.2 },
    cutoffHz: 2600,
    vibrato: 0.004,
  }),
  pad: saws({ detune: [0.995, 1.0, 1.006], envelope: slow, cutoffHz: 1100, sweepHz: 500, sweepSeconds: 2 }),
  brass: saws({
    detune: [1, 1.003],
    envelope: { ...held, attack: 0.03 },
    cutoffHz: 900,
    sweepHz: 2600,
    sweepSeconds: 0.25,
  }),
  superSaw: saws({ detune: [0.985, 0.994, 1, 1.005, 1.014], envelope: held, cutoffHz: 7000 }),
  sawPluck: saws({
    detune: [0.997, 1.003],
    envelope: { attack: 0.003, decay: 0.18, sustain: 0.1, release: 0.12 },
    cutoffHz: 700,
    sweepHz: 5000,
    sweepSeconds: 0.09,
    resonance: 1.6,
  }),
  synthLead: saws({ detune: [0.996, 1.004], envelope: held, cutoffHz: 3200, vibrato: 0.005 }),
  reese: saws({
    detune: [0.987, 1, 1.013],
    envelope: { ...held, sustain: 0.95 },
    cutoffHz: 420,
    sweepHz: 500,
    sweepSeconds: 0.4,
    resonance: 1.2,
  }),
  acidBass: squareBass(0.5, 260, 2400, 5),
  squareBass: squareBass(0.5, 500, 900, 1),
  pulseBass: squareBass(0.25, 900, 1200, 1.2),
} as const satisfies Record<string, Voice>;

export type VoiceName = keyof typeof voices;

/** One note of an instrument; see `Voice`. */
export function playNote(name: VoiceName, hz: number, seconds: number, noise: () => number): Float32Array {
  return voices[name](hz, seconds, noise);
}
