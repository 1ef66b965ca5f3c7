import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scriptedClient, someTrack } from '../scripted-client.fixture.ts';
import { SystemControls, type SessionActions } from './media-session.ts';

beforeEach(() =>
  vi.stubGlobal('MediaMetadata', function metadata(this: object, words: object) {
    Object.assign(this, words);
  }),
);
afterEach(() => vi.unstubAllGlobals());

function controlsOver(cover: { mimeType: string; base64: string } | null = null) {
  const handlers = new Map<string, (details: MediaSessionActionDetails) => void>();
  const session = {
    metadata: null as MediaMetadata | null,
    playbackState: 'none',
    setActionHandler: (name: string, handler: (details: MediaSessionActionDetails) => void) =>
      handlers.set(name, handler),
    setPositionState: vi.fn(),
  };
  const client = scriptedClient({ 'tracks.cover': () => cover });
  const done: string[] = [];
  const actions: SessionActions = {
    play: () => done.push('play'),
    pause: () => done.push('pause'),
    next: () => done.push('next'),
    previous: () => done.push('previous'),
    seek: (seconds) => done.push(`seek ${seconds}`),
    skip: (seconds) => done.push(`skip ${seconds}`),
  };
  const controls = new SystemControls(session as unknown as MediaSession, client, actions);
  const press = (action: MediaSessionAction, details: object = {}): void =>
    handlers.get(action)?.({ action, ...details });
  return { controls, session, client, done, press };
}

describe('the system’s player controls', () => {
  it('do what the player does', () => {
    const { done, press } = controlsOver();
    press('play');
    press('pause');
    press('stop');
    press('nexttrack');
    press('previoustrack');
    press('seekto', { seekTime: 30 });
    press('seekforward');
    press('seekbackward', { seekOffset: 5 });
    expect(done).toEqual(['play', 'pause', 'pause', 'next', 'previous', 'seek 30', 'skip 10', 'skip -5']);
  });

  it('show the track at once, and its cover when that is read', async () => {
    const { controls, session } = controlsOver({ mimeType: 'image/png', base64: 'AAAA' });
    const shown = controls.show(someTrack(1, { hasCover: true }));
    expect(session.metadata).toEqual({ title: 'Track 1', artist: 'Artist', album: 'Album' });
    await shown;
    expect(session.metadata?.artwork).toEqual([{ src: 'data:image/png;base64,AAAA', type: 'image/png' }]);
  });

  it('show no cover of another track, none that is too large, and none where there is none', async () => {
    const { controls, session, client } = controlsOver({ mimeType: 'image/png', base64: 'AAAA' });
    const first = controls.show(someTrack(1, { hasCover: true }));
    await controls.show(someTrack(2));
    await first;
    expect(session.metadata).toEqual({ title: 'Track 2', artist: 'Artist', album: 'Album' });
    client.answers['tracks.cover'] = () => ({ mimeType: 'image/png', base64: 'A'.repeat(4_000_000) });
    await controls.show(someTrack(3, { hasCover: true }));
    expect(session.metadata).not.toHaveProperty('artwork');
    client.answers['tracks.cover'] = () => Promise.reject(new Error('damaged'));
    await controls.show(someTrack(4, { hasCover: true }));
    expect(session.metadata?.title).toBe('Track 4');
  });

  it('tell a position only within a length that is known', () => {
    const { controls, session } = controlsOver();
    controls.position(5, 0);
    controls.position(5, Number.NaN);
    expect(session.setPositionState).not.toHaveBeenCalled();
    controls.position(300.2, 300);
    expect(session.setPositionState).toHaveBeenCalledWith({ duration: 300, position: 300 });
  });

  it('are not needed', async () => {
    const done = new SystemControls(null, scriptedClient({}), {} as SessionActions);
    await done.show(someTrack(1, { hasCover: true }));
    done.state(true);
    done.position(1, 2);
    expect(done).toBeInstanceOf(SystemControls);
  });
});
