/** A transition for people: a score and a reason on every axis. */
import { transitionAxes } from '#shared/domain.ts';
import type { MixSettings, Transition, TransitionAxis } from '#shared/domain.ts';
import { matchKeys } from '#shared/music/keys.ts';
import { describeNearness } from '#engine/similarity/reason.ts';
import { combineAxes, scoreAxes, soundingKey, tempoChange } from './axes.ts';
import type { TempoChange } from './axes.ts';
import type { SetCandidate } from './candidate.ts';
import { scoreEnergyPlace } from './energy.ts';

/** Below this a change of tempo is none, per cent. */
const SAME_TEMPO = 0.05;
/** Below this a step of energy is none. */
const SAME_ENERGY = 0.25;

/** `curveEnergy`: what the energy curve wants of the second track; null where there is none, then the step counts. */
export function describeTransition(
  from: SetCandidate,
  to: SetCandidate,
  mix: MixSettings,
  curveEnergy: number | null = null,
): Transition {
  const scores = scoreAxes(from, to, mix);
  const change = tempoChange(from.bpm, to.bpm, mix.pitchRangePercent);
  if (curveEnergy !== null) {
    scores[2] = to.energy === null ? NaN : scoreEnergyPlace(to.energy, curveEnergy);
  }
  const reasons: Readonly<Record<TransitionAxis, (score: number) => string>> = {
    key: () => describeKeys(from, to, change, mix),
    tempo: () => describeTempo(from, to, change, mix),
    energy: () =>
      curveEnergy === null
        ? describeEnergy(from, to)
        : `Energy ${oneDecimal(to.energy ?? 0)} where the curve wants ${oneDecimal(curveEnergy)}`,
    sound: describeNearness,
    genre: () => describeGenres(from, to),
    mood: describeMood,
  };
  return {
    score: combineAxes(scores, mix.weights),
    axes: transitionAxes.map((axis, index) => {
      const score = scores[index]!;
      return Number.isNaN(score)
        ? { axis, score: null, reason: describeUnknown(axis, from, to) }
        : { axis, score, reason: reasons[axis](score) };
    }),
    tempoChangePercent: change?.changePercent ?? null,
  };
}

function describeKeys(
  from: SetCandidate,
  to: SetCandidate,
  change: TempoChange | null,
  mix: MixSettings,
): string {
  const [first = '', second = ''] = [from.key ?? '', to.key ?? ''];
  const sounding = soundingKey(second, change, mix.keyLock);
  const words = matchKeys(first, sounding)?.reason ?? '';
  if (sounding === second || change === null) return `${first} to ${second}: ${words}`;
  return `${first} to ${second}, which sounds as ${sounding} at ${signed(change.changePercent)} %: ${words}`;
}

function describeTempo(
  from: SetCandidate,
  to: SetCandidate,
  change: TempoChange | null,
  mix: MixSettings,
): string {
  if (change === null) return '';
  const tempos = `${writeBpm(from.bpm ?? 0)} to ${writeBpm(to.bpm ?? 0)} BPM`;
  const pulse = change.factor === 1 ? '' : change.factor === 2 ? ', two beats on one' : ', one beat on two';
  if (change.beyond) {
    return `${tempos}${pulse}: ${signed(change.changePercent)} %, more than ±${mix.pitchRangePercent} %`;
  }
  if (Math.abs(change.changePercent) < SAME_TEMPO) return `${tempos}${pulse}: the same tempo`;
  return `${tempos}${pulse}: ${signed(change.changePercent)} %`;
}

function describeEnergy(from: SetCandidate, to: SetCandidate): string {
  const difference = (to.energy ?? 0) - (from.energy ?? 0);
  const energies = `Energy ${oneDecimal(from.energy ?? 0)} to ${oneDecimal(to.energy ?? 0)}`;
  if (Math.abs(difference) < SAME_ENERGY) return `${energies}: steady`;
  const size = Math.abs(difference) > 3 ? 'a great step' : 'a step';
  return `${energies}: ${size} ${difference > 0 ? 'up' : 'down'}`;
}

/** A sound's nearness says it in words; genres are named. */
function describeGenres(from: SetCandidate, to: SetCandidate): string {
  const shared = [...from.genres]
    .flatMap(([genre, confidence]) => {
      const other = to.genres.get(genre);
      return other === undefined ? [] : [{ genre, confidence: Math.min(confidence, other) }];
    })
    .sort((one, other) => other.confidence - one.confidence)
    .slice(0, 2);
  if (shared.length > 0) return `Both are ${shared.map(({ genre }) => genre).join(' and ')}`;
  return `${surest(from)} to ${surest(to)}`;
}

function surest({ genres }: SetCandidate): string {
  return [...genres].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}

function describeMood(score: number): string {
  if (score >= 0.85) return 'The same mood';
  if (score >= 0.65) return 'A similar mood';
  if (score >= 0.4) return 'Another mood';
  return 'The opposite mood';
}

const names: Readonly<Record<TransitionAxis, string>> = {
  key: 'key',
  tempo: 'tempo',
  energy: 'energy',
  sound: 'sound',
  genre: 'genre',
  mood: 'mood',
};

function describeUnknown(axis: TransitionAxis, from: SetCandidate, to: SetCandidate): string {
  const lacks = (candidate: SetCandidate): boolean => {
    if (axis === 'key') return candidate.key === null;
    if (axis === 'tempo') return candidate.bpm === null;
    if (axis === 'energy') return candidate.energy === null;
    if (axis === 'sound') return candidate.embedding === null;
    return axis === 'genre' ? candidate.genres.size === 0 : candidate.moods === null;
  };
  const [first, second] = [lacks(from), lacks(to)];
  const whose = first && second ? 'of either' : first ? 'of the first' : 'of the second';
  return `No ${names[axis]} known ${whose}, so it counts neither way`;
}

function writeBpm(bpm: number): string {
  return String(Math.round(bpm * 10) / 10);
}

function oneDecimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** "+1.6", "−0.8": with a true minus. */
function signed(percent: number): string {
  const text = Math.abs(percent).toFixed(1);
  return Number(text) === 0 ? '0.0' : `${percent > 0 ? '+' : '−'}${text}`;
}
