import { appendFileSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet, Rational } from 'node-av/lib';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import type { AudioTags } from '#build/demo/wav.ts';
import { decodeAudio, hashAudio } from './decode.ts';
import type { Decoded } from './decode.ts';

const folder = mkdtempSync(join(tmpdir(), 'cratewise-decode-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RATE = 44_100;
const SECONDS = 6;

/** A tone of 440 Hz with an amplitude for each channel, interleaved. */
function tone(amplitudes: readonly number[], seconds = SECONDS, rate = RATE): Float32Array {
  const channels = amplitudes.length;
  return Float32Array.from(
    { length: Math.round(seconds * rate) * channels },
    (_, at) =>
      (amplitudes[at % channels] as number) *
      Math.sin((2 * Math.PI * 440 * Math.floor(at / channels)) / rate),
  );
}

async function encoded(
  name: string,
  changes: { codec?: 'alac' | 'opus' | 'flac'; tags?: AudioTags; hz?: number } = {},
) {
  const file = join(folder, name);
  const samples = tone([0.5, 0.25]);
  if (changes.hz) samples.forEach((value, at) => (samples[at] = value * Math.sin((at * changes.hz!) / RATE)));
  await encodeAudio({
    file,
    samples,
    sampleRateHz: RATE,
    channels: 2,
    ...(changes.tags ? { tags: changes.tags } : {}),
    ...(changes.codec ? { codec: changes.codec } : {}),
  });
  return file;
}

/** A WAV file of 32-bit floats, which holds anything. */
function floatWav(name: string, samples: Float32Array, channels = 1, rate = 16_000): string {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 4, 28);
  header.writeUInt16LE(channels * 4, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
  return file;
}

async function decode(file: string): Promise<Decoded & { samples: Float32Array; rms: number }> {
  const chunks: Float32Array[] = [];
  const decoded = await decodeAudio(file, {
    sampleRateHz: 16_000,
    onChunk: (chunk) => chunks.push(chunk.slice()),
  });
  const samples = Float32Array.from(chunks.flatMap((chunk) => [...chunk]));
  const rms = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
  return { ...decoded, samples, rms };
}

function failure(file: string): Promise<unknown> {
  return decode(file).then(
    () => 'decoded',
    (error: unknown) => error,
  );
}

describe('decodeAudio', () => {
  const files: [string, string, Parameters<typeof encoded>[1]?][] = [
    ['tone.mp3', 'mp3'],
    ['tone.flac', 'flac'],
    ['tone.m4a', 'aac'],
    ['lossless.m4a', 'alac', { codec: 'alac' }],
    ['tone.mp4', 'aac'],
    ['tone.ogg', 'vorbis'],
    ['flac.ogg', 'flac', { codec: 'flac' }],
    ['tone.opus', 'opus'],
    ['tone.aiff', 'pcm_s16be'],
    ['tone.wma', 'wmav2'],
    ['tone.wv', 'wavpack'],
    ['tone.wav', 'pcm_s16le'],
  ];
  it.each(files)('decodes %s, mixes by the mean and hashes the packets', async (name, codec, changes) => {
    const file = await encoded(name, changes);
    const decoded = await decode(file);
    expect(decoded.codec).toBe(codec);
    expect(decoded.damaged).toBeNull();
    expect(Math.abs(decoded.durationSeconds - SECONDS)).toBeLessThan(0.15);
    expect(Math.abs(decoded.samples.length / 16_000 - decoded.durationSeconds)).toBeLessThan(0.01);
    // The mean of 0.5 and 0.25, as a sine's root mean square.
    expect(decoded.rms).toBeCloseTo(0.375 / Math.SQRT2, 1.5);
    expect(await hashAudio(file)).toEqual(decoded.audioHash);
  });

  it.each([
    'tone.mp3',
    'tone.flac',
    'tone.m4a',
    'tone.ogg',
    'tone.opus',
    'tone.aiff',
    'tone.wma',
    'tone.wv',
    'tone.wav',
  ])('tells recordings apart by audio, not by tags (%s)', async (name) => {
    const plain = await hashAudio(await encoded(`1-${name}`));
    const tags = { title: 'Other title', artist: 'Someone else', genre: 'House', comment: 'x'.repeat(3000) };
    expect(await hashAudio(await encoded(`2-${name}`, { tags }))).toEqual(plain);
    expect(await hashAudio(await encoded(`3-${name}`, { hz: 3 }))).not.toEqual(plain);
  });

  it('does not see ID3v1 and APE tags at the end of an MP3 file', async () => {
    const file = await encoded('appended.mp3');
    const before = await decode(file);
    const ape = Buffer.alloc(64);
    ape.write('APETAGEX', 0);
    ape.writeUInt32LE(2000, 8);
    ape.writeUInt32LE(32, 12);
    ape.write('APETAGEX', 32);
    ape.writeUInt32LE(2000, 40);
    ape.writeUInt32LE(32, 44);
    ape.writeUInt32LE(0xa0000000, 20);
    ape.writeUInt32LE(0x80000000, 52);
    appendFileSync(file, Buffer.concat([ape, Buffer.from(`TAG${'title'.padEnd(125, '\0')}`, 'latin1')]));
    const after = await decode(file);
    expect(after.audioHash).toEqual(before.audioHash);
    expect(after.damaged).toBeNull();
  });

  it('mixes any number of channels up to eight by their mean', async () => {
    const opposite = await decode(floatWav('opposite.wav', tone([0.5, -0.5], 2, 16_000), 2));
    expect(opposite.rms).toBeLessThan(1e-6);
    const six = await decode(floatWav('six.wav', tone([0.6, 0, 0, 0, 0, 0.6], 2, 16_000), 6));
    expect(six.rms).toBeCloseTo(0.2 / Math.SQRT2, 3);
    const eight = await decode(floatWav('eight.wav', tone(Array<number>(8).fill(0.3), 2, 16_000), 8));
    expect(eight.rms).toBeCloseTo(0.3 / Math.SQRT2, 3);
  });

  it('refuses more than eight channels, which no music has', async () => {
    const many = floatWav('many.wav', tone(Array<number>(16).fill(0.1), 2, 16_000), 16);
    expect(await failure(many)).toMatchObject({
      code: expect.stringMatching(/^file-(corrupt|unsupported)$/) as string,
    });
  });

  it.each([8000, 22_050, 96_000, 192_000])('takes a rate of %i Hz', async (rate) => {
    const { durationSeconds, rms, samples } = await decode(
      floatWav(`rate-${rate}.wav`, tone([0.5], 2, rate), 1, rate),
    );
    expect(durationSeconds).toBeCloseTo(2, 5);
    expect(Math.abs(samples.length - 32_000)).toBeLessThan(40);
    expect(rms).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it('silences samples that are no numbers, and says so', async () => {
    const samples = tone([0.5], 2, 16_000);
    samples[100] = Number.NaN;
    samples[101] = Number.POSITIVE_INFINITY;
    samples[102] = -1e30;
    const decoded = await decode(floatWav('nan.wav', samples));
    expect(decoded.samples.every(Number.isFinite)).toBe(true);
    expect(decoded.samples[101]).toBe(0);
    expect(decoded.damaged).toBe('3 samples were not numbers and were silenced.');
  });

  it('ends when told to', async () => {
    const file = floatWav('long.wav', tone([0.5], 60, 16_000));
    await expect(
      decodeAudio(file, { sampleRateHz: 16_000, onChunk: () => {}, shouldStop: () => true }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    await expect(hashAudio(file, { shouldStop: () => true })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('waits for whoever takes the samples', async () => {
    let inTurn = false;
    let turns = 0;
    await decodeAudio(floatWav('waits.wav', tone([0.5], 60, 16_000)), {
      sampleRateHz: 16_000,
      onChunk: () => expect(inTurn).toBe(false),
      async onTurn() {
        inTurn = true;
        turns += 1;
        await new Promise((resolve) => setTimeout(resolve, 2));
        inTurn = false;
      },
    });
    expect(turns).toBeGreaterThan(2);
  });

  it.each([
    'quote" and \'apostrophe.wav',
    'new\nline.wav',
    'émoji 🎧 100%20.wav',
    'a:b?c#d&e.wav',
    'שלום.wav',
    `${'n'.repeat(251)}.wav`,
  ])('opens a file whatever its name (%j)', async (name) => {
    const { durationSeconds } = await decode(floatWav(name, tone([0.5], 2, 16_000)));
    expect(durationSeconds).toBe(2);
  });
});

describe('damaged files', () => {
  function cut(name: string, from: string, part: number): string {
    const bytes = readFileSync(from);
    const file = join(folder, name);
    writeFileSync(file, bytes.subarray(0, Math.round(bytes.length * part)));
    return file;
  }

  it.each(['tone.wav', 'tone.flac', 'tone.mp3', 'tone.aiff', 'tone.wv'])(
    'decodes what is left of a cut-off %s',
    async (name) => {
      const decoded = await decode(cut(`cut-${name}`, await encoded(name), 0.5));
      expect(decoded.durationSeconds).toBeGreaterThan(2);
      expect(decoded.durationSeconds).toBeLessThan(4);
      expect(decoded.damaged).toMatch(
        /The file ends after 0:0[23] of 0:0[56]\.|The file is cut off: 50 % of it is there\./,
      );
    },
  );

  it('says that an MP4 file without its index is cut off', async () => {
    expect(await failure(cut('cut.m4a', await encoded('tone.m4a'), 0.5))).toMatchObject({
      code: 'file-truncated',
      detail: expect.stringContaining('“cut.m4a”') as string,
    });
  });

  it('decodes around damage in the middle', async () => {
    const bytes = readFileSync(await encoded('tone.flac'));
    const middle = Math.round(bytes.length / 2);
    for (let at = middle; at < middle + 3000; at += 1) bytes[at] = (at * 7919) & 255;
    const file = join(folder, 'holes.flac');
    writeFileSync(file, bytes);
    const decoded = await decode(file);
    expect(decoded.durationSeconds).toBeGreaterThan(3);
    expect(decoded.damaged).not.toBeNull();
  });

  it.each([
    ['empty.mp3', '', 'file-empty'],
    ['text.mp3', 'This is only a note about music.\n'.repeat(200), 'file-type-mismatch'],
    ['list.mp3', '#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/hostname\n', 'file-type-mismatch'],
    ['concat.wav', "ffconcat version 1.0\nfile 'tone.wav'\n", 'file-type-mismatch'],
    [
      'picture.flac',
      Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108', 'hex'),
      'file-type-mismatch',
    ],
    ['archive.ogg', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500, 7)]), 'file-type-mismatch'],
    ['zeros.mp3', Buffer.alloc(20_000), 'file-corrupt'],
    ['header.flac', Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(2000, 0xee)]), 'file-corrupt'],
    ['noise.mp3', noise(50_000), 'file-type-mismatch'],
  ] as const)('explains %s', async (name, content, code) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    const error = await failure(file);
    expect(error).toMatchObject({ code, detail: expect.stringContaining(`“${name}”`) as string });
    await expect(hashAudio(file)).rejects.toMatchObject({ code });
  });

  it('explains what cannot be opened', async () => {
    expect(await failure(join(folder, 'absent.mp3'))).toMatchObject({ code: 'file-not-found' });
    mkdirSync(join(folder, 'folder.mp3'));
    expect(await failure(join(folder, 'folder.mp3'))).toMatchObject({ code: 'file-not-readable' });
  });

  it.each(['drms', 'enca'])('recognises copy protection (%s)', async (mark) => {
    const bytes = readFileSync(await encoded('tone.m4a'));
    const entry = bytes.indexOf('mp4a', bytes.indexOf('stsd'));
    bytes.write(mark, entry);
    const file = join(folder, `${mark}.m4a`);
    writeFileSync(file, bytes);
    expect(await failure(file)).toMatchObject({ code: 'file-encrypted' });
  });

  it('says that a video has no audio', async () => {
    const file = join(folder, 'silent.mp4');
    writeVideo(file);
    expect(await failure(file)).toMatchObject({ code: 'file-no-audio' });
  });
});

function noise(length: number): Buffer {
  let state = 99;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(1664525, state) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  );
}

/** Half a second of grey without sound. */
function writeVideo(file: string): void {
  const codec = Codec.findEncoderByName('mpeg4' as Parameters<typeof Codec.findEncoderByName>[0]);
  const format = new FormatContext();
  format.allocOutputContext2(null, 'mp4', file);
  const stream = format.newStream(codec);
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = 64;
  encoder.height = 64;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, 25);
  expect(encoder.open2Sync(codec, null)).toBe(0);
  stream.codecpar.fromContext(encoder);
  stream.timeBase = new Rational(1, 25);
  format.openOutputSync();
  format.writeHeaderSync(null);
  const frame = new Frame();
  frame.alloc();
  frame.width = 64;
  frame.height = 64;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.getBuffer();
  const packet = new Packet();
  packet.alloc();
  for (let count = 0; count <= 12; count += 1) {
    frame.pts = BigInt(count);
    encoder.sendFrameSync(count === 12 ? null : frame);
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.rescaleTs({ num: 1, den: 25 }, stream.timeBase);
      format.interleavedWriteFrameSync(packet);
    }
  }
  format.writeTrailerSync();
  format.closeOutputSync();
  packet.free();
  frame.free();
  encoder.freeContext();
}
