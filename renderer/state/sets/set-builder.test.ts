import { describe, expect, it } from 'vitest';
import { defaultMix, type BuiltSet } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { scriptedClient, someTrack } from '../scripted-client.fixture.ts';
import { SetBuilder } from './set-builder.svelte.ts';

const setOf = (...ids: readonly number[]): BuiltSet => ({
  rows: ids.map((id) => ({ track: someTrack(id), fixed: false, wantedEnergy: null, transition: null })),
  durationSeconds: ids.length * 200,
  score: 0.8,
  problems: [],
  remarks: [],
  candidates: 100,
});

function builderOver(built = setOf(1, 2, 3)) {
  const client = scriptedClient({ 'sets.build': () => built });
  return { client, builder: new SetBuilder(client, () => defaultMix) };
}

describe('SetBuilder', () => {
  it('asks for no more than is wished', async () => {
    const { client, builder } = builderOver();
    builder.wish({ followCurve: false, artistGap: 1 });
    await builder.build();
    expect(client.inputsOf('sets.build')).toEqual([
      { length: { count: 20 }, keyRule: 'any', mix: defaultMix, seed: 0 },
    ]);
    expect(builder.built?.rows).toHaveLength(3);
  });

  it('asks for all that is wished, open ends of the tempo included', async () => {
    const { client, builder } = builderOver();
    builder.wish({
      ...{ playlistId: 4, search: ' rating:>=3 ', genres: ['House'], lengthBy: 'minutes', minutes: 60 },
      ...{ slowest: 120, drift: 3, keyRule: 'harmonic' as const, curve: [1, 10] },
    });
    builder.put([someTrack(8)], 'first');
    builder.put([someTrack(9)], 'last');
    builder.put([someTrack(10), someTrack(11)], 'include');
    builder.put([someTrack(11)], 'exclude');
    await builder.build();
    const [input] = client.inputsOf('sets.build');
    expect(input).toMatchObject({
      query: { playlistId: 4, text: 'rating:>=3' },
      genres: ['House'],
      length: { seconds: 3600 },
      energyCurve: [
        { at: 0, energy: 1 },
        { at: 1, energy: 10 },
      ],
      from: 8,
      to: 9,
      tempoRange: { min: 120, max: 400 },
      greatestTempoStep: 3,
      keyRule: 'harmonic',
      artistGap: 3,
      include: [10],
      exclude: [11],
    });
  });

  it('keeps locked rows when it builds again, and forgets locks that could not be kept', async () => {
    const { client, builder } = builderOver();
    await builder.build();
    builder.toggleLock(1);
    builder.toggleLock(2);
    client.answers['sets.build'] = () => setOf(7, 2, 9);
    await builder.another();
    const input = client.inputsOf('sets.build').at(-1);
    expect([input?.seed, input?.locked]).toEqual([
      1,
      [
        { position: 1, trackId: 2 },
        { position: 2, trackId: 3 },
      ],
    ]);
    expect([builder.isLocked(1), builder.isLocked(2)]).toEqual([true, false]);
  });

  it('leaves a row out, locked or not', async () => {
    const { client, builder } = builderOver();
    await builder.build();
    builder.toggleLock(0);
    builder.leaveOut(0);
    await builder.build();
    const input = client.inputsOf('sets.build').at(-1);
    expect([input?.exclude, input?.locked]).toEqual([[1], undefined]);
  });

  it('says why there is no set, keeps the one there was, and can be stopped', async () => {
    const { client, builder } = builderOver();
    await builder.build();
    client.answers['sets.build'] = () => Promise.reject(new AppError('not-found', 'No track fits.'));
    await builder.build();
    expect([builder.problem?.includes('No track fits.'), builder.built?.rows.length]).toEqual([true, 3]);
    const late = Promise.withResolvers<BuiltSet>();
    client.answers['sets.build'] = () => late.promise;
    const building = builder.build();
    expect(builder.building).toBe(true);
    builder.stop();
    late.resolve(setOf(5));
    await building;
    expect([builder.building, builder.built?.rows.length]).toEqual([false, 3]);
  });
});
