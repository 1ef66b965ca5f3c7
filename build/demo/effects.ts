/** What happens to sound after it was made: filters, saturation, echo, room. Values in, values changed in place. */

export const SAMPLE_RATE_HZ = 44_100;

/** A state variable filter (after Andrew Simper's linear trapezoidal form): one sample in, one out. */
export function lowPass(
  cutoffHz: number,
  resonance = 0.7,
): {
  tune(hz: number): void;
  next(input: number): number;
} {
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let s1 = 0;
  let s2 = 0;
  const tune = (hz: number): void => {
    const g = Math.tan((Math.PI * Math.min(hz, SAMPLE_RATE_HZ * 0.45)) / SAMPLE_RATE_HZ);
    a1 = 1 / (1 + g * (g + 1 / resonance));
    a2 = g * a1;
    a3 = g * a2;
  };
  tune(cutoffHz);
  return {
    tune,
    next(input) {
      const v3 = input - s2;
      const v1 = a1 * s1 + a2 * v3;
      const v2 = s2 + a2 * s1 + a3 * v3;
      s1 = 2 * v1 - s1;
      s2 = 2 * v2 - s2;
      return v2;
    },
  };
}

/** Removes what lies below the cutoff: the input minus its one-pole average. */
export function highPassInPlace(samples: Float32Array, cutoffHz: number): void {
  const pole = Math.exp((-2 * Math.PI * cutoffHz) / SAMPLE_RATE_HZ);
  let average = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] ?? 0;
    average = value + pole * (average - value);
    samples[i] = value - average;
  }
}

/** Soft clipping that adds odd harmonics; `drive` 1 is gentle, 20 a fuzz. */
export function saturateInPlace(samples: Float32Array, drive: number): void {
  const scale = 1 / Math.tanh(drive);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.tanh(drive * (samples[i] ?? 0)) * scale;
}

/** Comb and all-pass lengths of Freeverb (Jezar at Dreampoint, public domain), samples at 44.1 kHz. */
const combs = [1116, 1277, 1422, 1557];
const allPasses = [556, 341];
/** Right channel is this much longer, so that the room is wide. */
const SPREAD = 23;

function reverbChannel(
  input: Float32Array,
  output: Float32Array,
  gain: number,
  size: number,
  spread: number,
) {
  const feedback = 0.7 + 0.28 * size;
  const damping = 0.35;
  const wet = new Float32Array(input.length);
  for (const length of combs) {
    const line = new Float32Array(length + spread);
    let position = 0;
    let dull = 0;
    for (let i = 0; i < input.length; i++) {
      const delayed = line[position] ?? 0;
      dull = delayed * (1 - damping) + dull * damping;
      line[position] = (input[i] ?? 0) + dull * feedback;
      position = position + 1 === line.length ? 0 : position + 1;
      wet[i] = (wet[i] ?? 0) + delayed;
    }
  }
  for (const length of allPasses) {
    const line = new Float32Array(length + spread);
    let position = 0;
    for (let i = 0; i < wet.length; i++) {
      const delayed = line[position] ?? 0;
      const value = wet[i] ?? 0;
      line[position] = value + delayed * 0.5;
      wet[i] = delayed - value;
      position = position + 1 === line.length ? 0 : position + 1;
    }
  }
  for (let i = 0; i < output.length; i++) output[i] = (output[i] ?? 0) + gain * (wet[i] ?? 0);
}

/** Adds a room to both channels. `size` 0..1 (a cupboard to a cathedral), `gain` of the room beside the dry sound. */
export function addReverb(left: Float32Array, right: Float32Array, gain: number, size: number): void {
  if (gain <= 0) return;
  const mono = new Float32Array(left.length);
  for (let i = 0; i < mono.length; i++) mono[i] = 0.06 * ((left[i] ?? 0) + (right[i] ?? 0));
  reverbChannel(mono, left, gain, size, 0);
  reverbChannel(mono, right, gain, size, SPREAD);
}

/** Echoes that wander between the channels, each darker than the one before. */
export function addEcho(left: Float32Array, right: Float32Array, delaySeconds: number, gain: number): void {
  if (gain <= 0) return;
  const delay = Math.round(delaySeconds * SAMPLE_RATE_HZ);
  let dullLeft = 0;
  let dullRight = 0;
  for (let i = delay; i < left.length; i++) {
    dullLeft += 0.35 * ((right[i - delay] ?? 0) - dullLeft);
    dullRight += 0.35 * ((left[i - delay] ?? 0) - dullRight);
    left[i] = (left[i] ?? 0) + gain * dullLeft;
    right[i] = (right[i] ?? 0) + gain * dullRight;
  }
}

/** Both channels interleaved, the loudest sample at `peak`, softly limited on the way. */
export function master(left: Float32Array, right: Float32Array, peak: number): Float32Array {
  let loudest = 1e-9;
  for (let i = 0; i < left.length; i++) {
    loudest = Math.max(loudest, Math.abs(left[i] ?? 0), Math.abs(right[i] ?? 0));
  }
  const drive = 1.2 / loudest;
  const scale = peak / Math.tanh(1.2);
  const interleaved = new Float32Array(left.length * 2);
  for (let i = 0; i < left.length; i++) {
    interleaved[2 * i] = scale * Math.tanh(drive * (left[i] ?? 0));
    interleaved[2 * i + 1] = scale * Math.tanh(drive * (right[i] ?? 0));
  }
  return interleaved;
}
