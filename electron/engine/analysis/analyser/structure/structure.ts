/** Sections of a recording and places worth jumping to, on the bars of its beat grid. */
import type { SectionKind, SuggestedCue, TrackSection, TrackSound } from '#shared/domain.ts';
import { measureEnergy } from '../character/character.ts';
import { BANDS, beatsOf, cutBars } from './bars.ts';
import type { Bars } from './bars.ts';
import { findBoundaries } from './boundaries.ts';
import type { Stretches } from './boundaries.ts';

const LEVELS_PER_SECOND = 100;
/** A pulse that is less sure has no bars to speak of. */
const LEAST_CONFIDENCE = 0.35;
/** Less than this has no sections, more is a mix of several. */
const FEWEST_BARS = 16;
const LONGEST_SECONDS = 20 * 60;
/** So far below the loudest bars, dB: of the bass, its absence; of all, a quiet part. */
const NO_BASS_DB = -9;
const QUIET_DB = -5;
const LOUD_DB = -3.5;
/** By so much a build rises from its first to its last third, dB (of what is not bass) … or dB a second more begins. */
const RISING_DB = 2;
const RISING_ONSETS = 12;
/** Longer stretches are breaks, even if they rise. */
const LONGEST_BUILD_BARS = 20;
/** Beginnings and ends belong to the first and last part of a track, and are quieter, barer, or short. */
const EDGE_PART = 0.34;
/** As many as players have buttons for. */
const MOST_CUES = 8;

export interface Structure {
  readonly sections: readonly TrackSection[];
  readonly cues: readonly SuggestedCue[];
}

const nothing: Structure = { sections: [], cues: [] };

/**
 * @param levels [moments x 3], linear amplitudes, 100 a second, of the whole recording
 * @param stretches embeddings of the recording in order
 * @returns nothing where there is no clear pulse, no change, or several tracks in one
 */
export function findStructure(
  levels: Float32Array,
  stretches: Stretches,
  tempo: TrackSound['tempo'],
  durationSeconds: number,
): Structure {
  if (tempo === null || tempo.confidence < LEAST_CONFIDENCE || durationSeconds > LONGEST_SECONDS)
    return nothing;
  const bars = cutBars(levels, tempo.grid, 0);
  if (bars.features.length < FEWEST_BARS) return nothing;
  const { bars: boundaries } = findBoundaries(bars, stretches);
  if (boundaries.length === 0) return nothing;
  const edges = [0, ...boundaries, bars.features.length];
  const spans = edges.slice(1).map((to, index) => ({ from: edges[index] as number, to }));
  const kinds = kindsOf(spans.map((span) => describe(bars, span, durationSeconds)));
  const sections = spans.map(({ from, to }, index): TrackSection => {
    const startSeconds = index === 0 ? 0 : (bars.starts[from] as number);
    const endSeconds = index === spans.length - 1 ? durationSeconds : (bars.starts[to] as number);
    const part = levels.subarray(
      Math.round(startSeconds * LEVELS_PER_SECOND) * BANDS,
      Math.round(endSeconds * LEVELS_PER_SECOND) * BANDS,
    );
    return {
      startSeconds,
      endSeconds,
      kind: kinds[index] as SectionKind,
      energy: Math.round((measureEnergy(part, tempo) ?? 1) * 10) / 10,
    };
  });
  const [first] = beatsOf(tempo.grid, durationSeconds);
  return { sections, cues: cuesOf(sections, bars.starts[0] ?? first ?? 0) };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Described {
  readonly bars: number;
  readonly level: number;
  readonly bass: number;
  readonly isRising: boolean;
  /** Where its middle lies, 0 to 1. */
  readonly middle: number;
}

function describe(bars: Bars, { from, to }: Span, durationSeconds: number): Described {
  const third = Math.max(1, Math.floor((to - from) / 3));
  const mean = (start: number, end: number, value: (bar: number) => number): number => {
    let sum = 0;
    for (let bar = start; bar < end; bar += 1) sum += value(bar);
    return sum / (end - start);
  };
  const feature = (index: number) => (bar: number) => (bars.features[bar] as Float32Array)[index] as number;
  const rise = (value: (bar: number) => number): number =>
    mean(to - third, to, value) - mean(from, from + third, value);
  const upper = (bar: number): number => (feature(1)(bar) + feature(2)(bar)) / 2;
  const onsets = (bar: number): number => (feature(BANDS + 1)(bar) + feature(BANDS + 2)(bar)) / 2;
  return {
    bars: to - from,
    level: mean(from, to, (bar) => bars.levels[bar] as number),
    bass: mean(from, to, feature(0)),
    isRising: rise(upper) > RISING_DB || rise(onsets) > RISING_ONSETS,
    middle: ((bars.starts[from] as number) + (bars.starts[to] as number)) / 2 / durationSeconds,
  };
}

function kindsOf(spans: readonly Described[]): readonly SectionKind[] {
  const isLow = ({ level, bass }: Described): boolean => bass < NO_BASS_DB || level < QUIET_DB;
  const isHigh = (span: Described): boolean => !isLow(span) && span.level > LOUD_DB;
  const kinds: SectionKind[] = spans.map((span, index) => {
    const next = spans[index + 1];
    if (!isLow(span)) return 'main';
    const leads = next !== undefined && isHigh(next);
    return leads && span.isRising && span.bars <= LONGEST_BUILD_BARS ? 'build' : 'break';
  });
  kinds.forEach((kind, index) => {
    const before = kinds[index - 1];
    // What comes back with all its weight after a break: not the first time that a track gets going.
    if (
      kind === 'main' &&
      isHigh(spans[index] as Described) &&
      (before === 'build' || before === 'break') &&
      index > 1
    )
      kinds[index] = 'drop';
  });
  markEdge(kinds, spans, 'intro');
  markEdge(kinds, spans, 'outro');
  return kinds;
}

/** The first section, and the last, where they are less than what lies between. */
function markEdge(kinds: SectionKind[], spans: readonly Described[], kind: 'intro' | 'outro'): void {
  const at = kind === 'intro' ? 0 : spans.length - 1;
  const beside = kind === 'intro' ? 1 : spans.length - 2;
  const edge = spans[at] as Described;
  const inside = spans[beside];
  const isAtEdge = kind === 'intro' ? edge.middle < EDGE_PART / 2 : edge.middle > 1 - EDGE_PART / 2;
  if (inside === undefined || !isAtEdge) return;
  if (edge.level < inside.level - 1 || edge.bass < inside.bass - 2) kinds[at] = kind;
}

const names: Readonly<Record<SectionKind, string>> = {
  intro: 'Intro',
  build: 'Build',
  drop: 'Drop',
  break: 'Break',
  main: 'Main',
  outro: 'Outro',
};

/** The first bar, and the beginnings of sections: all on bars, most on phrases. */
function cuesOf(sections: readonly TrackSection[], firstBar: number): readonly SuggestedCue[] {
  return sections.slice(0, MOST_CUES).map(({ startSeconds, kind }, index) => ({
    seconds: index === 0 ? firstBar : startSeconds,
    label: names[kind],
  }));
}
