/** What is trained: every network from scratch on both splits, and from the shipped weights where it can hold them. */
import { hashText } from '../workspace.ts';
import type { ClipSplit } from './clip-splits.ts';

export const networks = ['cnn', 'crnn', 'rnn', 'transformer', 'hybrid'] as const;
export type NetworkName = (typeof networks)[number];

/** Those that have the shipped model's convolutions and recurrence. */
const fitShippedWeights: readonly NetworkName[] = ['crnn', 'hybrid'];

export const splitNames = ['filtered', 'random'] as const;
export type SplitName = (typeof splitNames)[number];
export type Start = 'scratch' | 'pretrained';

/** One row of the report: a network and what it starts from. */
export interface Variant {
  readonly network: NetworkName;
  readonly start: Start;
}

export const variants: readonly Variant[] = [
  ...networks.map((network) => ({ network, start: 'scratch' }) as const),
  ...fitShippedWeights.map((network) => ({ network, start: 'pretrained' }) as const),
];

export interface Job extends Variant {
  readonly id: string;
  readonly split: SplitName;
  readonly seed: number;
}

/** What experiment.py reads. */
export interface ExperimentPlan {
  readonly clips: number;
  readonly frames: number;
  readonly bands: number;
  readonly bandsKept: number;
  readonly mean: number;
  readonly deviation: number;
  readonly descriptors: number;
  readonly genres: readonly string[];
  /** The folder of the shipped model: its shape and weights. */
  readonly model: string;
  readonly epochs: number;
  readonly samplesPerEpoch: number;
  readonly batch: number;
  readonly rate: number;
  readonly threads: number;
  readonly splits: Readonly<Record<SplitName, ClipSplit>>;
  readonly jobs: readonly Job[];
}

/** What experiment.py writes for each job. */
export interface JobResult {
  readonly id: string;
  readonly parameters: number;
  readonly bestEpoch: number;
  /** Of one processor. */
  readonly seconds: number;
  /** The predicted genre of each clip of `clips`, the test side. */
  readonly predicted: readonly number[];
  readonly clips: readonly number[];
}

/** Both splits of a variant stand side by side in this order, so that an interrupted run has pairs. */
export function planJobs(seeds: number): Job[] {
  return Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
    variants.flatMap((variant) =>
      splitNames.map((split) => ({
        ...variant,
        split,
        seed,
        id: `${split}-${variant.network}-${variant.start}-${seed}`,
      })),
    ),
  );
}

/** Names the folder of an experiment: another one as soon as clips, splits, settings, code or the model differ. */
export function planKey(
  plan: Omit<ExperimentPlan, 'jobs' | 'threads'>,
  identities: readonly string[],
): string {
  return hashText(JSON.stringify({ ...plan, model: '', identities })).slice(0, 12);
}
