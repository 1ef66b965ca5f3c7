/** Weights that were fitted without what they are judged on. */
import { join } from 'node:path';
import type { RhythmWeights } from '#engine/analysis/analyser/rhythm/ranking.ts';
import type { Settings } from './workspace.ts';

/** What dj:train leaves for evaluate:dj. */
export interface Folds {
  /** Group of styles → fold. */
  readonly foldOf: Readonly<Record<string, number>>;
  /** [folds]: fitted without the groups of that fold. */
  readonly weights: readonly RhythmWeights[];
}

export function foldsFile(settings: Settings): string {
  return join(settings.cache, 'folds.json');
}
