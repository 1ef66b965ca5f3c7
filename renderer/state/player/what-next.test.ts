import { describe, expect, it } from 'vitest';
import { defaultMix, type NextTrack } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { scriptedClient, someTrack } from '../scripted-client.fixture.ts';
import { WhatNext } from './what-next.svelte.ts';

const found = (id: number): NextTrack => ({
  track: someTrack(id),
  transition: { score: 0.8, axes: [], tempoChangePercent: 1 },
});
const course = { current: someTrack(5), entries: [{ trackId: 6 }], played: [4, 3] };

function whatNext() {
  const client = scriptedClient({ 'sets.next': () => [found(9)] });
  return { client, next: new WhatNext(client, () => defaultMix) };
}

describe('WhatNext', () => {
  it('goes on from the end of the queue, and knows what was played before', async () => {
    const { client, next } = whatNext();
    await next.look(course);
    expect(next.after).toBe(6);
    expect(next.tracks.map(({ track }) => track.id)).toEqual([9]);
    const [input] = client.inputsOf('sets.next');
    expect([input?.after, input?.played]).toEqual([
      [3, 4, 5, 6],
      [4, 3],
    ]);
  });

  it('asks nothing where nothing plays', async () => {
    const { client, next } = whatNext();
    await next.look({ current: null, entries: [], played: [4] });
    expect([client.asked.length, next.after]).toEqual([0, null]);
  });

  it('says why there is nothing, and takes no late answer', async () => {
    const { client, next } = whatNext();
    client.answers['sets.next'] = () => Promise.reject(new AppError('not-found', 'Nothing is analysed yet.'));
    await next.look(course);
    expect([next.problem?.includes('Nothing is analysed yet.'), next.asking]).toEqual([true, false]);
    const late = Promise.withResolvers<readonly NextTrack[]>();
    client.answers['sets.next'] = () => late.promise;
    const first = next.look(course);
    client.answers['sets.next'] = () => [found(11)];
    await next.look(course);
    late.resolve([found(10)]);
    await first;
    expect(next.tracks.map(({ track }) => track.id)).toEqual([11]);
  });
});
