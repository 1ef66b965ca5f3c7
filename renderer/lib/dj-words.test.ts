import { describe, expect, it } from 'vitest';
import { camelotKeys } from '#shared/music/keys.ts';
import { keyColour } from './camelot.ts';
import { energyStep, inNotation, keyStep } from './transition-words.ts';

describe('the colours of keys', () => {
  it('are one for each of the 24 keys, and none for what is no key', () => {
    expect(new Set(camelotKeys.map(keyColour)).size).toBe(24);
    expect(keyColour('13A')).toBeNull();
    expect(keyColour('Am')).toBeNull();
  });
});

describe('a transition in few words', () => {
  it.each([
    ['8A', '8A', '='],
    ['8A', '9A', '+1'],
    ['1A', '12A', '-1'],
    ['12B', '2B', '+2'],
    ['8A', '8B', 'A/B'],
    ['8A', '9B', '+1 A/B'],
    ['8A', '2A', 'clash'],
    ['8A', null, ''],
  ])('from %s to %s: %s', (from, to, step) => {
    expect(keyStep({ key: from }, { key: to })).toBe(step);
  });

  it('says how the energy steps, in whole steps', () => {
    const of = (energy: number | null) => ({ energy });
    expect(energyStep(of(6.4), of(8.2))).toBe('+2');
    expect(energyStep(of(7), of(7.3))).toBe('0');
    expect(energyStep(of(null), of(7))).toBe('');
    expect(energyStep(undefined, of(7))).toBe('');
  });

  it('writes the keys of a reason as the user does, and nothing else', () => {
    const reason = '8A to 10B, other than C8A or 8AB; 128.00 BPM';
    expect(inNotation(reason, 'camelot')).toBe(reason);
    expect(inNotation(reason, 'openKey')).toBe('1m to 3d, other than C8A or 8AB; 128.00 BPM');
    expect(inNotation('8A to 9A', 'traditional')).toBe('Am to Em');
  });
});
