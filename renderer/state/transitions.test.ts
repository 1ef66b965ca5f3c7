import { describe, expect, it } from 'vitest';
import { defaultMix, type Transition } from '#shared/domain.ts';
import { scriptedClient } from './scripted-client.fixture.ts';
import { Transitions } from './transitions.svelte.ts';

const one = (score: number): Transition => ({ score, axes: [], tempoChangePercent: null });
const rows = (...ids: readonly number[]) => ids.map((trackId) => ({ trackId }));

function transitionsOver(score = 0.5) {
  const client = scriptedClient({
    'sets.transitionsOf': ({ trackIds }) => trackIds.map((_, index) => (index === 0 ? null : one(score))),
  });
  return { client, transitions: new Transitions(client, () => defaultMix) };
}

describe('Transitions', () => {
  it('asks for pairs that are seen, once, and tells them by their tracks', async () => {
    const { client, transitions } = transitionsOver();
    await transitions.see(rows(1, 2, 3));
    await transitions.see(rows(1, 2, 3));
    expect(client.inputsOf('sets.transitionsOf').map(({ trackIds }) => trackIds)).toEqual([[1, 2, 3]]);
    expect(transitions.between(1, 2)?.score).toBe(0.5);
    expect(transitions.between(2, 1)).toBeNull();
  });

  it('asks only for the stretch that is new', async () => {
    const { client, transitions } = transitionsOver();
    await transitions.see(rows(1, 2, 3));
    await transitions.see(rows(2, 3, 4, 5));
    expect(client.inputsOf('sets.transitionsOf').at(-1)?.trackIds).toEqual([3, 4, 5]);
    await transitions.see(rows(7));
    await transitions.see([]);
    expect(client.asked).toHaveLength(2);
  });

  it('keeps what it shows while it asks anew after a change', async () => {
    const { client, transitions } = transitionsOver();
    await transitions.see(rows(1, 2));
    transitions.changed();
    expect(transitions.between(1, 2)?.score).toBe(0.5);
    client.answers['sets.transitionsOf'] = () => [null, one(0.9)];
    await transitions.see(rows(1, 2));
    expect(transitions.between(1, 2)?.score).toBe(0.9);
  });

  it('asks again for what could not be had, and takes no answer from before a change', async () => {
    const { client, transitions } = transitionsOver();
    client.answers['sets.transitionsOf'] = () => Promise.reject(new Error('busy'));
    await transitions.see(rows(1, 2));
    expect(transitions.between(1, 2)).toBeNull();
    const late = Promise.withResolvers<readonly (Transition | null)[]>();
    client.answers['sets.transitionsOf'] = () => late.promise;
    const seen = transitions.see(rows(1, 2));
    transitions.changed();
    late.resolve([null, one(0.1)]);
    await seen;
    expect(transitions.between(1, 2)).toBeNull();
  });
});
