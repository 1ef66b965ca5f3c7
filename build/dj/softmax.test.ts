import { expect, it } from 'vitest';
import { seededRandom } from '../model/random.ts';
import { likely, rank } from '#engine/analysis/analyser/rhythm/ranking.ts';
import { fitChoices, fitVerdicts } from './softmax.ts';

it('learns which feature decides, whatever their scales', () => {
  const random = seededRandom(1);
  const choices = Array.from({ length: 300 }, () => {
    const offers = Array.from({ length: 5 }, () => [random() * 1000, random() * 0.01, 7]);
    const best = offers.reduce((left, right) => (left[1]! > right[1]! ? left : right));
    return { group: 'a', offers, right: offers.map((offer) => offer === best) };
  });
  const weights = fitChoices(choices);
  const hits = choices.filter(({ offers, right }) => {
    const shares = rank(
      offers.map((features) => ({ features })),
      weights,
    );
    return right[shares.indexOf(Math.max(...shares))];
  });
  expect(hits.length).toBeGreaterThan(280);
});

it('learns how likely a yes is', () => {
  const random = seededRandom(2);
  const verdicts = Array.from({ length: 2000 }, () => {
    const value = 4 * random() - 2;
    return { group: 'a', features: [1, value], right: random() < 1 / (1 + Math.exp(-value)) };
  });
  const weights = fitVerdicts(verdicts);
  expect(likely([1, 0], weights)).toBeCloseTo(0.5, 1);
  expect(likely([1, 2], weights)).toBeGreaterThan(0.75);
  expect(likely([1, -2], weights)).toBeLessThan(0.25);
});
