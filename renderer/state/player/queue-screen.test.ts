import { describe, expect, it } from 'vitest';
import { QueueScreen } from './queue-screen.svelte.ts';
import { engineOf, tracksOf } from './scripted-audio.fixture.ts';

describe('QueueScreen', () => {
  it('asks for a track once, and knows those that are no more', async () => {
    const engine = engineOf(tracksOf(1, 2));
    const screen = new QueueScreen(engine);
    expect(screen.track(1)).toBeUndefined();
    await Promise.all([screen.see([1, 9]), screen.see([1, 9])]);
    await screen.see([1, 2, 9]);
    expect([screen.track(1)?.id, screen.track(2)?.id, screen.track(9)]).toEqual([1, 2, null]);
    expect(engine.inputsOf('tracks.list')).toEqual([{ trackIds: [1, 9] }, { trackIds: [2] }]);
  });

  it('asks again for what is on screen when the library changed, and forgets the rest', async () => {
    const engine = engineOf(tracksOf(1, 2));
    const screen = new QueueScreen(engine);
    await screen.see([1]);
    await screen.see([2]);
    engine.tracks = tracksOf(1);
    await screen.changed();
    expect([screen.track(1), screen.track(2)]).toEqual([undefined, null]);
  });

  it('asks again after a failure', async () => {
    const engine = engineOf(tracksOf(1));
    const answer = engine.answers['tracks.list'];
    engine.answers['tracks.list'] = () => Promise.reject(new Error('gone'));
    const screen = new QueueScreen(engine);
    await screen.see([1]);
    if (answer !== undefined) engine.answers['tracks.list'] = answer;
    await screen.see([1]);
    expect(screen.track(1)?.id).toBe(1);
  });

  it('is bounded in one question and in what it keeps', async () => {
    const ids = Array.from({ length: 1400 }, (_, index) => index + 1);
    const engine = engineOf(tracksOf(...ids));
    const screen = new QueueScreen(engine);
    for (let from = 0; from < ids.length; from += 200) await screen.see(ids.slice(from, from + 200));
    await screen.see(ids);
    expect(
      Math.max(...engine.inputsOf('tracks.list').map(({ trackIds }) => trackIds.length)),
    ).toBeLessThanOrEqual(500);
    expect(screen.track(1400)?.id).toBe(1400);
    expect(ids.filter((id) => screen.track(id) !== undefined).length).toBeLessThanOrEqual(1000);
  });
});
