import { expect, test } from 'vitest';
import { majorWeights, minorWeights } from '#engine/analysis/analyser/key/key-weights.ts';
import { measureKey } from '#engine/analysis/analyser/key/key.ts';
import { camelotOf } from '#shared/music/keys.ts';
import { fromKeyWeights, keyOffers, offerOf, toKeyWeights } from './key-choices.ts';

/** Pitch classes as clear peaks, 20 cents sharp, in all registers. */
function chromaOf(strengths: Readonly<Record<number, number>>): Parameters<typeof keyOffers>[0] {
  const register = new Float64Array(120);
  for (const [pitch, strength] of Object.entries(strengths)) register[10 * Number(pitch) + 2] = strength;
  return { registers: [register, register, register], frames: 100, tonality: 0.5 };
}

const chroma = chromaOf({ 9: 3, 0: 2, 4: 2.2, 2: 1, 11: 0.6, 5: 0.8, 7: 0.7 });

test('scores of offers are those that the analyser ranks keys by', () => {
  const weights = fromKeyWeights(majorWeights, minorWeights);
  const scores = keyOffers(chroma).map((features) =>
    features.reduce((sum, value, at) => sum + value * (weights[at] as number), 0),
  );
  const powers = scores.map(Math.exp);
  const all = powers.reduce((sum, power) => sum + power, 0);
  const measured = measureKey(chroma);
  const best = scores.indexOf(Math.max(...scores));
  expect(measured?.key).toBe(camelotOf(best % 12, best >= 12));
  expect(measured?.confidence).toBeCloseTo((powers[best] as number) / all, 9);
  expect(best).toBe(offerOf(9, true));
});

test('weights there and back again, sharpened', () => {
  const weights = fromKeyWeights(majorWeights, minorWeights);
  const { major, minor } = toKeyWeights(weights, 2);
  fromKeyWeights(major, minor).forEach((weight, at) =>
    expect(weight / (weights[at] as number)).toBeCloseTo(2, 2),
  );
});
