/**
 * From the energies of 100 ms steps to integrated loudness (ITU-R BS.1770-4, EBU R128) and loudness range (EBU Tech
 * 3342). Blocks are counted in histograms, so that memory does not grow with the recording.
 */

/** Steps in a block of 400 ms, and in one of 3 s. */
const MOMENTARY_STEPS = 4;
const SHORT_TERM_STEPS = 30;
const ABSOLUTE_GATE_LUFS = -70;
const INTEGRATED_GATE_LU = -10;
const RANGE_GATE_LU = -20;
/** Tech 3342: the range from the 10 % quietest to the 5 % loudest. */
const RANGE_FROM = 0.1;
const RANGE_TO = 0.95;
const OFFSET_LU = -0.691;
/** What a bin of a histogram spans. */
const BIN_LU = 0.01;
/** Eight channels of square waves far above full scale; louder blocks share the last bin. */
const LOUDEST_LUFS = 50;
const BINS = Math.round((LOUDEST_LUFS - ABSOLUTE_GATE_LUFS) / BIN_LU);

export interface Gating {
  /** Mean square of the next 100 ms, weighted, summed over channels. */
  add(power: number): void;
  /** LUFS; null for what is shorter than 400 ms or all below the absolute gate. */
  integrated(): number | null;
  /** LU; null for what is shorter than 3 s or all below the absolute gate. */
  range(): number | null;
}

export function createGating(): Gating {
  const recent = new Float64Array(SHORT_TERM_STEPS);
  const momentary = createHistogram();
  const shortTerm = createHistogram();
  let steps = 0;

  /** The mean of the last steps; summed anew, so that no rounding stays behind. */
  function mean(count: number): number {
    let sum = 0;
    for (let back = 0; back < count; back += 1)
      sum += recent[(steps - 1 - back + SHORT_TERM_STEPS) % SHORT_TERM_STEPS] as number;
    return sum / count;
  }

  return {
    add(power) {
      recent[steps % SHORT_TERM_STEPS] = power;
      steps += 1;
      if (steps >= MOMENTARY_STEPS) momentary.add(mean(MOMENTARY_STEPS));
      if (steps >= SHORT_TERM_STEPS) shortTerm.add(mean(SHORT_TERM_STEPS));
    },
    integrated() {
      const gate = momentary.meanAbove(0);
      return gate === null ? null : momentary.meanFrom(gate + INTEGRATED_GATE_LU);
    },
    range() {
      const gate = shortTerm.meanAbove(0);
      return gate === null ? null : shortTerm.range(gate + RANGE_GATE_LU);
    },
  };
}

/** Of energies above the absolute gate. */
interface Histogram {
  add(power: number): void;
  /** Loudness of the mean energy of the bins from that one on. */
  meanAbove(bin: number): number | null;
  /** The same of what is louder than `lufs`. */
  meanFrom(lufs: number): number | null;
  range(gateLufs: number): number | null;
}

function createHistogram(): Histogram {
  const counts = new Float64Array(BINS);
  const energies = new Float64Array(BINS);
  const binOf = (lufs: number): number =>
    Math.min(BINS - 1, Math.max(0, Math.floor((lufs - ABSOLUTE_GATE_LUFS) / BIN_LU)));

  function meanAbove(bin: number): number | null {
    let count = 0;
    let energy = 0;
    for (let at = bin; at < BINS; at += 1) {
      count += counts[at] as number;
      energy += energies[at] as number;
    }
    return count === 0 ? null : loudnessOf(energy / count);
  }

  return {
    meanAbove,
    meanFrom: (lufs) => meanAbove(binOf(lufs)),
    add(power) {
      const lufs = loudnessOf(power);
      if (!(lufs > ABSOLUTE_GATE_LUFS)) return;
      const bin = binOf(lufs);
      counts[bin] = (counts[bin] as number) + 1;
      energies[bin] = (energies[bin] as number) + power;
    },
    range(gateLufs) {
      const from = binOf(gateLufs);
      let count = 0;
      for (let at = from; at < BINS; at += 1) count += counts[at] as number;
      if (count === 0) return null;
      const percentile = (part: number): number => {
        const rank = Math.round((count - 1) * part);
        let passed = 0;
        let at = from;
        for (; at < BINS - 1; at += 1) {
          passed += counts[at] as number;
          if (passed > rank) break;
        }
        return at;
      };
      return (percentile(RANGE_TO) - percentile(RANGE_FROM)) * BIN_LU;
    },
  };
}

function loudnessOf(power: number): number {
  return OFFSET_LU + 10 * Math.log10(power);
}
