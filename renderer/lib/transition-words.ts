/** How one track follows another, in few words: for a cell between two rows, and in full for whoever asks. */
import type { Track, Transition } from '#shared/domain.ts';
import { matchKeys, writeKey, type KeyNotation } from '#shared/music/keys.ts';
import { formatPercent, formatSigned } from './format.ts';
import { djText } from './text/dj.ts';

const words = djText.transitions;

/** Camelot keys in a sentence of the engine, as the user writes them. */
export function inNotation(sentence: string, notation: KeyNotation): string {
  return notation === 'camelot'
    ? sentence
    : sentence.replaceAll(/(?<![\p{L}\p{N}])(?:1[0-2]|[1-9])[AB](?![\p{L}\p{N}])/gu, (key) =>
        writeKey(key, notation),
      );
}

/** Every axis with its reason, one line each. */
export function transitionReasons(
  { axes }: Transition,
  notation: KeyNotation,
): readonly { readonly axis: string; readonly reason: string; readonly score: string }[] {
  return axes.map(({ axis, reason, score }) => ({
    axis: words.axes[axis],
    reason: inNotation(reason, notation),
    score: score === null ? words.notKnown : formatPercent(score),
  }));
}

/** All of it as one text. */
export function transitionSentence(transition: Transition, notation: KeyNotation): string {
  const reasons = transitionReasons(transition, notation).map(
    ({ axis, reason, score }) => `${axis} ${score}: ${reason}`,
  );
  return [words.score(formatPercent(transition.score)), ...reasons].join('\n');
}

/** The step around the wheel: "=", "+1", "-1", "A/B"; "clash" where keys clash; empty where one is not known. */
export function keyStep(from: Pick<Track, 'key'> | undefined, to: Pick<Track, 'key'>): string {
  const [left, right] = [from?.key, to.key];
  if (left == null || right === null) return '';
  const match = matchKeys(left, right);
  if (match === null) return '';
  if (match.score < 0.4) return words.clash;
  const around = ((Number.parseInt(right, 10) - Number.parseInt(left, 10) + 18) % 12) - 6;
  const other = left.at(-1) === right.at(-1) ? '' : words.otherLetter;
  if (around === 0) return other === '' ? words.same : other;
  return `${formatSigned(around)}${other === '' ? '' : ` ${other}`}`;
}

/** The step of energy, whole steps; empty where one is not known. */
export function energyStep(from: Pick<Track, 'energy'> | undefined, to: Pick<Track, 'energy'>): string {
  if (from?.energy == null || to.energy === null) return '';
  return formatSigned(Math.round(to.energy) - Math.round(from.energy));
}
