/** The times of other programs, compared with what decoders make of the same file when they leave out less. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import { createForkPlayer } from '#engine/playing/fork-player.ts';
import { createPlayer } from '#engine/playing/player.ts';
import { crc16, moved, mp3TimingOf, programShift, readMp3Timing } from './mp3-timing.ts';
import type { Mp3Timing } from './mp3-timing.ts';
import { cue } from './exchange.fixture.ts';

const rate = 44_100;
const CLICK_AT = 0.5;
let folder: string;
let plain: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-mp3-'));
  const samples = new Float32Array(2 * rate);
  for (let at = 0; at < 40; at += 1) samples[CLICK_AT * rate + at] = at % 2 === 0 ? 0.9 : -0.9;
  const file = join(folder, 'click.mp3');
  await encodeAudio({ file, samples, sampleRateHz: rate, channels: 1, tags: { title: 'x' } });
  plain = readFileSync(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function frameAt(bytes: Buffer): number {
  return 10 + [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (bytes[at] ?? 0), 0);
}

/** Where the click is in what FFmpeg decodes, in seconds. */
async function clickIn(name: string, bytes: Buffer): Promise<number> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const player = createPlayer(createForkPlayer());
  try {
    const wav = await player.openWav(file, null);
    const pcm = Buffer.from(await wav.read(44, 10_000_000));
    let loudest = 0;
    for (let at = 0; at + 1 < pcm.length; at += 2)
      if (Math.abs(pcm.readInt16LE(at)) > Math.abs(pcm.readInt16LE(loudest))) loudest = at;
    return loudest / 2 / rate;
  } finally {
    player.close();
  }
}

/** The same file with LAME's name in its data frame, and a checksum that is right, or not. */
function asLame(checksum: 'right' | 'wrong'): Buffer {
  const bytes = Buffer.from(plain);
  const frame = frameAt(bytes);
  const name = bytes.indexOf('Lav', frame);
  bytes.write('LAME3.100', name, 'latin1');
  const crc = crc16(bytes.subarray(frame, name + 34));
  bytes.writeUInt16BE(checksum === 'right' ? crc : crc ^ 0xffff, name + 34);
  return bytes;
}

async function timingOf(name: string, bytes: Buffer): Promise<Mp3Timing> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return (await readMp3Timing(file)) as Mp3Timing;
}

it('CRC-16 as LAME computes it', () => {
  // The check value of CRC-16/ARC.
  expect(crc16(Buffer.from('123456789'))).toBe(0xbb3d);
});

it('what is left out here is told, and is what a decoder without it plays', { timeout: 30_000 }, async () => {
  const own = await clickIn('whole.mp3', plain);
  expect(own).toBeCloseTo(CLICK_AT, 2);
  const timing = await timingOf('a.mp3', plain);
  expect(timing.header).toBe('plain');
  expect(timing.frameSeconds).toBeCloseTo(1152 / rate, 9);
  // Without its data frame FFmpeg plays the rest from the first sample on, as rekordbox does.
  const frame = frameAt(plain);
  const size = plain.indexOf(Buffer.from([0xff, 0xfb]), frame + 4) - frame;
  const stripped = Buffer.concat([plain.subarray(0, frame), plain.subarray(frame + size)]);
  expect((await timingOf('b.mp3', stripped)).header).toBe('none');
  const raw = await clickIn('stripped.mp3', stripped);
  expect(raw - own).toBeCloseTo(timing.trimmedSeconds, 3);
  expect(programShift(timing, 'rekordbox')).toBeCloseTo(raw - own, 3);
  // Traktor plays the data frame, too: one frame of silence more.
  expect(programShift(timing, 'traktor')).toBeCloseTo(raw - own + 1152 / rate, 3);
});

it('the four cases: by whether the data frame is LAME’s, and its checksum is right', async () => {
  const valid = await timingOf('valid.mp3', asLame('right'));
  const doubtful = await timingOf('doubtful.mp3', asLame('wrong'));
  expect([valid.header, doubtful.header]).toEqual(['valid', 'doubtful']);
  const between = (timing: Mp3Timing): number =>
    programShift(timing, 'traktor') - programShift(timing, 'rekordbox');
  // 26 ms apart where rekordbox skips the frame and Traktor plays it; equal where both play it, or there is none.
  expect(between(doubtful)).toBeCloseTo(0.026, 3);
  expect(between(valid)).toBe(0);
  expect(programShift(valid, 'rekordbox')).toBeCloseTo(0.051, 3);
  const none = { header: 'none', trimmedSeconds: 0, frameSeconds: 0.026 } as const;
  expect([programShift(none, 'traktor'), programShift(none, 'rekordbox')]).toEqual([0, 0]);
  expect(programShift(valid, 'virtualdj')).toBe(0);
});

it('what is no MP3, or damaged, is left as it is', async () => {
  expect(mp3TimingOf(Buffer.alloc(1000))).toBeNull();
  expect(mp3TimingOf(Buffer.from([0xff, 0xfb, 0x90]))).toBeNull();
  expect(mp3TimingOf(Buffer.from([0xff, 0xfb, 0x90, 0x00, 0]))?.header).toBe('none');
  expect(await readMp3Timing(join(folder, 'gone.mp3'))).toBeNull();
  expect(await readMp3Timing(join(folder, 'a.wav'))).toBeNull();
});

it('marks are moved there and back; a grid that would begin before the track goes on with its next beat', () => {
  const marks = {
    grid: [{ seconds: 0.01, bpm: 120, beat: 1, beatsPerBar: 4 }],
    cues: [cue(4, { kind: 'loop', endSeconds: 8 })],
  };
  const there = moved(marks, 0.026);
  expect(there.grid[0]?.seconds).toBeCloseTo(0.036, 9);
  expect(there.cues[0]).toMatchObject({ seconds: 4.026, endSeconds: 8.026 });
  const back = moved(there, -0.05);
  expect(back.grid[0]).toMatchObject({ beat: 2 });
  expect(back.grid[0]?.seconds).toBeCloseTo(0.486, 9);
});
