import { describe, expect, it, vi } from 'vitest';
import type { TimelineSegment, Waveform } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { scriptedClient, someDetail } from '../scripted-client.fixture.ts';
import { readPeaks, TrackPicture } from './picture.svelte.ts';

const wave = (trackId: number, part: Partial<Waveform> = {}): Waveform => ({
  ...{ trackId, state: 'ready', level: 'overview', secondsPerPoint: 0.1, points: 2 },
  peaks: btoa(String.fromCharCode(1, 2, 3, 4, 5, 6)),
  ...part,
});
const segment: TimelineSegment = {
  startSeconds: 0,
  endSeconds: 10,
  genres: [{ genre: 'House', confidence: 0.9 }],
};

function pictureOver() {
  const client = scriptedClient({
    'tracks.waveform': ({ trackId }) => wave(trackId),
    'tracks.get': ({ trackId }) => someDetail(trackId, { timeline: [segment] }),
  });
  const details: number[] = [];
  return { client, details, picture: new TrackPicture(client, ({ id }) => details.push(id)) };
}

describe('TrackPicture', () => {
  it('asks for waveform and timeline once a track', async () => {
    const { client, details, picture } = pictureOver();
    await picture.show(1);
    await picture.show(1);
    expect([...(picture.peaks?.bytes ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([picture.timeline, picture.without, details]).toEqual([[segment], false, [1]]);
    expect(client.inputsOf('tracks.waveform')).toHaveLength(1);
  });

  it('asks again for a quick one when a better one is there, or the library changed, until it has it', async () => {
    const { client, picture } = pictureOver();
    client.answers['tracks.waveform'] = ({ trackId }) => wave(trackId, { state: 'quick' });
    await picture.show(1);
    expect(picture.peaks?.quick).toBe(true);
    await picture.ready(2);
    expect(client.inputsOf('tracks.waveform')).toHaveLength(1);
    await picture.changed();
    client.answers['tracks.waveform'] = ({ trackId }) => wave(trackId);
    await picture.ready(1);
    await picture.changed();
    expect([picture.peaks?.quick, client.inputsOf('tracks.waveform').length]).toEqual([false, 3]);
  });

  it('keeps the timeline as it is when nothing changed in it, so that nothing is drawn again', async () => {
    const { picture } = pictureOver();
    await picture.show(1);
    const { timeline } = picture;
    await picture.changed();
    expect(picture.timeline).toBe(timeline);
  });

  it('asks again for a timeline that could not be had, but not of a track that is no more', async () => {
    vi.useFakeTimers();
    const { client, details, picture } = pictureOver();
    const answer = client.answers['tracks.get'];
    client.answers['tracks.get'] = () => Promise.reject(new AppError('internal', 'busy'));
    await picture.show(1);
    expect([picture.timeline, details]).toEqual([[], []]);
    if (answer !== undefined) client.answers['tracks.get'] = answer;
    await vi.advanceTimersByTimeAsync(5000);
    expect([picture.timeline, details]).toEqual([[segment], [1]]);
    client.answers['tracks.get'] = () => Promise.reject(new AppError('not-found', 'gone'));
    await picture.show(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.inputsOf('tracks.get').map(({ trackId }) => trackId)).toEqual([1, 1, 2]);
    vi.useRealTimers();
  });

  it('shows nothing of the old track, and nothing that came too late', async () => {
    const { client, picture } = pictureOver();
    let answer: (found: Waveform) => void = () => undefined;
    client.answers['tracks.waveform'] = ({ trackId }) =>
      trackId === 1 ? new Promise((resolve) => (answer = resolve)) : wave(trackId, { secondsPerPoint: 2 });
    const first = picture.show(1);
    await picture.show(2);
    answer(wave(1));
    await first;
    expect(picture.peaks?.secondsPerPoint).toBe(2);
    client.answers['tracks.waveform'] = () => Promise.reject(new AppError('not-found', 'none'));
    client.answers['tracks.get'] = () => Promise.reject(new AppError('not-found', 'none'));
    await picture.show(3);
    expect([picture.peaks, picture.timeline, picture.without]).toEqual([null, [], true]);
  });
});

it.each([
  ['no base64', { peaks: '%%' }],
  ['too few bytes', { points: 3 }],
  ['no points', { points: 0, peaks: '' }],
  ['no scale', { secondsPerPoint: 0 }],
])('an answer with %s is not drawn', (_name, part) => {
  expect(readPeaks(wave(1, part))).toBeNull();
});
