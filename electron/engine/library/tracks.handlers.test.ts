import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import { noSignal, openTestLibrary, type TestLibrary } from './test-library.fixture.ts';

let library: TestLibrary;
beforeEach(() => {
  library = openTestLibrary();
});
afterEach(() => library.dispose());

it('lists tracks in the order they are asked for, as often as they are asked for, without those that are gone', async () => {
  for (const title of ['A', 'B', 'C']) library.file(`${title}.wav`, { title });
  await library.add();
  await library.scan();
  const tracks = await library.tracks();
  const idOf = (title: string): number => tracks.find((track) => track.title === title)?.id ?? -1;
  const trackIds = [idOf('C'), idOf('A'), 987_654, idOf('B'), idOf('A')];
  const listed = await library.handlers['tracks.list']({ trackIds }, noSignal);
  expect(listed.map(({ title }) => title)).toEqual(['C', 'A', 'B', 'A']);
  expect(listed[0]).toEqual(tracks.find(({ title }) => title === 'C'));
  expect(await library.handlers['tracks.list']({ trackIds: [] }, noSignal)).toEqual([]);
});

it('tells the player the loudness that a file’s tags name, and forgets it with them', async () => {
  const file = join(library.music, 'loud.flac');
  const field = 'REPLAYGAIN_TRACK_GAIN=-7.42 dB';
  const comment = 'x'.repeat(field.length - 'DESCRIPTION='.length);
  const samples = Float32Array.from({ length: 48_000 }, (_, at) => 0.1 * Math.sin(at / 20));
  await encodeAudio({ file, samples, sampleRateHz: 48_000, channels: 1, tags: { comment } });
  const plain = readFileSync(file);
  const tagged = Buffer.from(plain);
  const at = plain.toString('latin1').search(new RegExp(`DESCRIPTION=${comment}`, 'i'));
  expect(at).toBeGreaterThan(0);
  tagged.write(field, at, 'latin1');
  writeFileSync(file, tagged);
  await library.add();
  await library.scan();
  const [track] = await library.tracks();
  const gain = async (): Promise<unknown> =>
    (await library.handlers['tracks.file']({ trackId: track?.id ?? -1 }, noSignal)).replayGain;
  expect(await gain()).toEqual({ trackGainDb: -7.42, trackPeak: null, albumGainDb: null, albumPeak: null });

  writeFileSync(file, plain);
  await library.scan();
  expect(await gain()).toBeNull();
});
