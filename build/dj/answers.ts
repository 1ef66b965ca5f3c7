/** What our analyser and the other programs say of recordings whose truth is known. */
import { createChromaMeter, INPUT_RATE_HZ } from '#engine/analysis/analyser/key/chroma.ts';
import { measureKey } from '#engine/analysis/analyser/key/key.ts';
import { measureTempo } from '#engine/analysis/analyser/rhythm/rhythm.ts';
import type { Tempo } from '#engine/analysis/analyser/rhythm/rhythm.ts';
import { readAudio } from './audio.ts';
import type { Recording } from './corpus.ts';
import type { Folds } from './folds.ts';

/** Of one program about one recording; bpm 0 and no beats where it says that there are none. */
export interface Answer {
  readonly bpm: number;
  readonly beats: readonly number[];
  readonly key: string | null;
}

export interface OwnAnswer extends Answer {
  readonly tempo: Tempo | null;
}

/** By the weights that were not fitted on the recording's group; those of clicks are anybody's. */
export function ownAnswer({ levels, piece }: Recording, { foldOf, weights }: Folds): OwnAnswer {
  const fold = weights[foldOf[piece.group] ?? 0];
  if (fold === undefined) throw new Error('There are no weights to judge by: npm run dj:train first.');
  const tempo = measureTempo(levels, fold);
  return {
    tempo,
    bpm: tempo?.bpm ?? 0,
    beats: tempo === null ? [] : beatsOf(tempo, levels.length / 300),
    key: null,
  };
}

/** Camelot; null where it says that there is none. */
export async function ownKey(path: string): Promise<string | null> {
  const meter = createChromaMeter();
  meter.push(await readAudio(path, INPUT_RATE_HZ));
  return measureKey(meter.finish())?.key ?? null;
}

/** Seconds of all beats of a grid. */
export function beatsOf({ grid }: Tempo, seconds: number): readonly number[] {
  if (grid.beats !== null) return grid.beats;
  const period = 60 / grid.bpm;
  const count = Math.max(0, Math.ceil((seconds - grid.firstBeatSeconds) / period));
  return Array.from({ length: count }, (_, beat) => grid.firstBeatSeconds + beat * period);
}

/** Whether the beat that it calls the first of a bar is one, in a bar of as many beats; null where it says nothing. */
export function downbeatsRight({ truth }: Recording, { tempo, beats }: OwnAnswer): boolean | null {
  if (tempo === null || tempo.grid.firstDownbeat === null) return null;
  const { beatsPerBar, firstDownbeat } = tempo.grid;
  // 6/8 is beaten in two: four of its beats are two bars.
  const bar = truth.meter === '6/8' && beatsPerBar === 4 ? 4 : truth.beatsPerBar;
  if (bar !== beatsPerBar) return false;
  let hits = 0;
  let judged = 0;
  for (let beat = firstDownbeat; beat < beats.length; beat += beatsPerBar) {
    const seconds = beats[beat] as number;
    if (seconds > (truth.beats.at(-1) ?? 0)) break;
    judged += 1;
    if (truth.beats.some((own, at) => at % truth.beatsPerBar === 0 && Math.abs(own - seconds) <= 0.07))
      hits += 1;
  }
  return judged > 0 && hits / judged > 0.8;
}
