/** Which of the things that were asked for a set does not keep, and how near it came. */
import type { SetProblem } from '#shared/domain.ts';
import type { SetCandidate } from './candidate.ts';
import { isInTempoRange, stepFaults } from './recipe.ts';
import type { SetRules } from './recipe.ts';

export interface Asked extends SetRules {
  readonly count: number | null;
  readonly seconds: number | null;
  readonly toleranceSeconds: number;
  /** Tracks that could have stood in it. */
  readonly candidates: number;
}

type NameOf = (candidate: SetCandidate) => string;

/** In the order of the rules; empty where all are kept. What is not known of a track breaks no rule. */
export function findProblems(
  rows: readonly SetCandidate[],
  asked: Asked,
  nameOf: NameOf,
): readonly SetProblem[] {
  return [
    ...countProblem(rows, asked),
    ...durationProblem(rows, asked),
    ...rangeProblem(rows, asked, nameOf),
    ...tempoStepProblem(rows, asked, nameOf),
    ...keyProblem(rows, asked),
    ...artistProblem(rows, asked),
  ];
}

function countProblem(rows: readonly SetCandidate[], { count, candidates }: Asked): SetProblem[] {
  if (count === null || rows.length >= count) return [];
  const fit = candidates === 1 ? 'Only 1 track fits' : `Only ${candidates} tracks fit`;
  return [{ constraint: 'count', rows: [], detail: `${fit}, and ${count} were wanted.` }];
}

function durationProblem(rows: readonly SetCandidate[], asked: Asked): SetProblem[] {
  if (asked.seconds === null) return [];
  const total = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  const away = total - asked.seconds;
  if (Math.abs(away) <= asked.toleranceSeconds + 0.5) return [];
  const difference = `${writeDuration(Math.abs(away))} ${away < 0 ? 'short' : 'too long'}`;
  return [
    {
      constraint: 'duration',
      rows: [],
      detail: `The nearest to ${writeDuration(asked.seconds)} is ${writeDuration(total)}, ${difference}.`,
    },
  ];
}

function rangeProblem(rows: readonly SetCandidate[], { tempoRange }: Asked, nameOf: NameOf): SetProblem[] {
  if (tempoRange === null) return [];
  const outside = positionsOf(rows, ({ bpm }) => bpm !== null && !isInTempoRange(bpm, tempoRange));
  if (outside.length === 0) return [];
  const named = outside
    .slice(0, 3)
    .map((row) => `${nameOf(rows[row]!)} (${writeNumber(rows[row]!.bpm ?? 0)} BPM)`)
    .join(', ');
  const more = outside.length > 3 ? ` and ${outside.length - 3} more` : '';
  return [
    {
      constraint: 'tempoRange',
      rows: outside,
      detail: `Not within ${tempoRange.min} to ${tempoRange.max} BPM, but it must be in the set: ${named}${more}.`,
    },
  ];
}

function tempoStepProblem(rows: readonly SetCandidate[], asked: Asked, nameOf: NameOf): SetProblem[] {
  const most = asked.greatestTempoStep;
  if (most === null) return [];
  const faults = rows.slice(1).map((row, index) => stepFaults(rows[index]!, row, asked));
  const broken = positionsOf(faults, ({ tempo }) => tempo > 0).map((index) => index + 1);
  const worst = broken.toSorted((one, other) => faults[other - 1]!.tempo - faults[one - 1]!.tempo)[0];
  if (worst === undefined) return [];
  const percent = writeNumber(Math.abs(faults[worst - 1]!.changePercent));
  return [
    {
      constraint: 'tempoStep',
      rows: broken,
      detail: `No order was found in which no step changes the tempo by more than ${writeNumber(most)} %: ${stepsOf(broken, rows)} ${broken.length === 1 ? 'does' : 'do'}, at most by ${percent} % (from ${nameOf(rows[worst - 1]!)} to ${nameOf(rows[worst]!)}).`,
    },
  ];
}

function keyProblem(rows: readonly SetCandidate[], asked: Asked): SetProblem[] {
  if (asked.keyRule === 'any') return [];
  const broken = positionsOf(
    rows,
    (row, index) => index > 0 && stepFaults(rows[index - 1]!, row, asked).key > 0,
  );
  if (broken.length === 0) return [];
  const first = broken[0]!;
  const rule = asked.keyRule === 'harmonic' ? 'every step is harmonic' : 'the keys of every step are related';
  return [
    {
      constraint: 'keyRule',
      rows: broken,
      detail: `No order was found in which ${rule}: ${stepsOf(broken, rows)} ${broken.length === 1 ? 'is' : 'are'} not (the first is row ${first} to ${first + 1}, ${rows[first - 1]!.key ?? ''} to ${rows[first]!.key ?? ''}).`,
    },
  ];
}

function artistProblem(rows: readonly SetCandidate[], { artistGap }: Asked): SetProblem[] {
  let nearest = Infinity;
  const repeated = positionsOf(rows, ({ artist }, index) => {
    if (artist === null) return false;
    const before = rows
      .slice(Math.max(0, index - artistGap + 1), index)
      .findLastIndex((row) => row.artist === artist);
    if (before < 0) return false;
    nearest = Math.min(nearest, index - (Math.max(0, index - artistGap + 1) + before));
    return true;
  });
  if (repeated.length === 0) return [];
  const artists = new Set(rows.map(({ artist }) => artist)).size;
  return [
    {
      constraint: 'artistGap',
      rows: repeated,
      detail: `No order was found with no artist twice in ${artistGap} rows: ${counted(repeated.length, 'row')} of ${rows.length} ${repeated.length === 1 ? 'repeats' : 'repeat'} one, the nearest after ${counted(nearest, 'row')} (${counted(artists, 'artist')} in the set).`,
    },
  ];
}

/** What else is worth knowing: what nothing is known of counted neither way. */
export function findRemarks(rows: readonly SetCandidate[]): readonly string[] {
  const lacking = (what: string, lacks: (row: SetCandidate) => boolean): string[] => {
    const count = rows.filter(lacks).length;
    if (count === 0) return [];
    return [
      `${count === rows.length ? 'None' : count} of the ${counted(rows.length, 'row')} ${count === rows.length ? 'has' : count === 1 ? 'has no' : 'have no'}${count === rows.length ? ' a known' : ''} ${what}: it counted neither way there.`,
    ];
  };
  return [
    ...lacking('tempo', ({ bpm }) => bpm === null),
    ...lacking('key', ({ key }) => key === null),
    ...lacking('energy', ({ energy }) => energy === null),
    ...lacking('sound', ({ embedding }) => embedding === null),
  ];
}

function positionsOf<Item>(items: readonly Item[], holds: (item: Item, index: number) => boolean): number[] {
  return items.flatMap((item, index) => (holds(item, index) ? [index] : []));
}

function stepsOf(broken: readonly number[], rows: readonly SetCandidate[]): string {
  return `${broken.length} of ${counted(rows.length - 1, 'step')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function writeNumber(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** "59:10", "1:02:03" */
function writeDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}
