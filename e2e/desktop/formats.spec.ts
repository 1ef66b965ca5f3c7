/** Every format plays in the window: by Chromium itself, or decoded by the player's own process. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeAudio } from '#build/demo/encode.ts';
import type { PlayableFile, TrackWindow } from '#shared/domain.ts';
import { expect, test } from '../fixtures/desktop.ts';

const names = [
  ...['chromium.mp3', 'chromium.flac', 'chromium.ogg', 'chromium.opus', 'chromium.wav', 'chromium-aac.m4a'],
  ...['ours.wma', 'ours.wv', 'ours.aiff', 'ours-alac.m4a'],
];
const seconds = 20;

test('every format plays and can be sought, while the library is scanned', async ({ launch, scratch }) => {
  const music = join(scratch, 'music');
  mkdirSync(music);
  const samples = Float32Array.from({ length: seconds * 44_100 }, (_, at) => 0.2 * Math.sin(at / 30));
  for (const name of names) {
    const codec = name.includes('alac') ? ({ codec: 'alac' } as const) : {};
    await encodeAudio({ file: join(music, name), samples, sampleRateHz: 44_100, channels: 1, ...codec });
  }
  const desktop = await launch({ dataDir: join(scratch, 'data'), folders: [music] });
  const list = (): Promise<TrackWindow> =>
    desktop.ask('tracks.window', { query: {}, sort: [], offset: 0, limit: 50 });
  // Files that were just written are left to rest first.
  await expect.poll(async () => (await list()).total, { timeout: 60_000 }).toBe(names.length);

  for (const { id, path } of (await list()).rows) {
    const { kind } = await desktop.ask<PlayableFile>('tracks.file', { trackId: id });
    expect(kind, path).toBe(path.includes('ours') ? 'wav' : 'track');
    const played = await desktop.page.evaluate(play, `media://${kind}/${id}`);
    expect(played.error, path).toBeNull();
    expect(played.duration, path).toBeCloseTo(seconds, 0);
    expect(played.movedOn, path).toBeGreaterThan(0.1);
    // Anything plays as WAV: what the window falls back to.
    expect((await desktop.page.evaluate(play, `media://wav/${id}`)).error, path).toBeNull();
  }
  for (const wrong of ['media://wav/0', 'media://wav/999', 'media://wav/1/..%2F..%2Fetc/passwd']) {
    expect((await desktop.page.evaluate(play, wrong)).error).not.toBeNull();
  }
});

interface Played {
  readonly error: string | null;
  readonly duration: number;
  /** How far it played on after a seek to its middle. */
  readonly movedOn: number;
}

/** In the page: loads an address, seeks to its middle, and plays on. */
async function play(address: string): Promise<Played> {
  const audio = new Audio();
  audio.muted = true;
  const reached = (event: string): Promise<void> =>
    new Promise((resolve, reject) => {
      audio.addEventListener(event, () => resolve(), { once: true });
      audio.addEventListener('error', () => reject(new Error(audio.error?.message ?? 'error')), {
        once: true,
      });
    });
  try {
    const ready = reached('canplay');
    audio.src = address;
    await ready;
    const sought = reached('seeked');
    const middle = audio.duration / 2;
    audio.currentTime = middle;
    await sought;
    const moving = new Promise<void>((resolve) => {
      audio.addEventListener('timeupdate', () => {
        if (audio.currentTime > middle + 0.1) resolve();
      });
    });
    await audio.play();
    await moving;
    return { error: null, duration: audio.duration, movedOn: audio.currentTime - middle };
  } catch (error) {
    return { error: String(error), duration: 0, movedOn: 0 };
  } finally {
    audio.pause();
    audio.removeAttribute('src');
    audio.load();
  }
}
