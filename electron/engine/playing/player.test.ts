import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeAudio } from '#build/demo/encode.ts';
import type { EncodeOptions } from '#build/demo/encode.ts';
import { createForkPlayer } from './fork-player.ts';
import { createPlayer } from './player.ts';
import type { OpenWav, Player } from './player.ts';
import type { PlayerProcess } from './protocol.ts';

const seconds = 6;
const rate = 44_100;
let folder: string;
/** Two channels that are nowhere alike: rising tones and noise. */
let samples: Float32Array;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-player-'));
  samples = new Float32Array(seconds * rate * 2);
  let random = 1;
  for (let frame = 0; frame < seconds * rate; frame += 1) {
    random = (random * 48_271) % 2_147_483_647;
    const time = frame / rate;
    samples[frame * 2] = 0.5 * Math.sin(2 * Math.PI * (200 + 100 * time) * time);
    samples[frame * 2 + 1] = 0.2 * (random / 1_073_741_823 - 1) * Math.abs(Math.sin(time));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spawned: PlayerProcess[] = [];
const players: Player[] = [];
function player(times: Parameters<typeof createPlayer>[1] = {}): Player {
  const fork = createForkPlayer();
  const made = createPlayer(() => {
    const child = fork();
    spawned.push(child);
    return child;
  }, times);
  players.push(made);
  return made;
}
afterEach(() => {
  for (const each of players.splice(0)) each.close();
  spawned.length = 0;
});

async function file(name: string, more: Partial<EncodeOptions> = {}): Promise<string> {
  const path = join(folder, name);
  await encodeAudio({ file: path, samples, sampleRateHz: rate, channels: 2, ...more });
  return path;
}

async function whole(wav: OpenWav): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < wav.sizeBytes;) {
    const piece = await wav.read(at, 200_000);
    if (piece.length === 0) break;
    pieces.push(piece);
    at += piece.length;
  }
  return Buffer.concat(pieces);
}

/** Interleaved values of a 16-bit WAV file, -1..1. */
function valuesOf(wav: Buffer): Float32Array {
  return Float32Array.from(
    { length: (wav.length - 44) / 2 },
    (_, at) => wav.readInt16LE(44 + at * 2) / 32_768,
  );
}

/** Mean square of the difference, both taken from one second on. */
function distance(wav: Buffer, shift = 0): number {
  const values = valuesOf(wav);
  let sum = 0;
  const from = rate * 2;
  const to = values.length - rate * 2;
  for (let at = from; at < to; at += 1) sum += ((values[at + shift] ?? 0) - (samples[at] ?? 0)) ** 2;
  return sum / (to - from);
}

const lossless = [
  ['alac.m4a', { codec: 'alac' }],
  ['pcm.aiff', {}],
  ['wavpack.wv', {}],
  ['flac.flac', {}],
  ['plain.wav', {}],
] as const;
const lossy = [
  ['windows.wma', {}],
  ['mp3.mp3', {}],
  ['aac.m4a', {}],
  ['vorbis.ogg', {}],
] as const;

describe('a WAV file of', () => {
  it.each(lossless)(
    '%s is the music, and any part of it is the same bytes as in the whole',
    async (name, more) => {
      const path = await file(name, more);
      const wav = await player().openWav(path, null);
      expect(wav.sizeBytes).toBe(44 + seconds * rate * 4);
      const bytes = await whole(wav);
      expect(bytes.length).toBe(wav.sizeBytes);
      expect(distance(bytes)).toBeLessThan(1e-9);
      await comparePieces(path, bytes);
    },
  );

  it('windows.wma: also those, although its clock counts milliseconds and its decoder has a memory', async () => {
    const path = await file('windows.wma');
    await comparePieces(path, await whole(await player().openWav(path, null)));
  });

  it.each(lossy)('%s sounds like the music', async (name, more) => {
    const wav = await player().openWav(await file(name, more), seconds);
    const bytes = await whole(wav);
    expect(bytes.length).toBe(wav.sizeBytes);
    // Codecs that begin later than the music are brought back by at most a few frames.
    const nearest = Math.min(
      ...[0, 1024, 2048, 4096, -1024, -2048].map((shift) => distance(bytes, shift * 2)),
    );
    expect(nearest).toBeLessThan(0.02);
  });

  it('opus.opus is as loud as the music, at the rate that Opus has', async () => {
    const wav = await player().openWav(await file('opus.opus'), seconds);
    const values = valuesOf(await whole(wav));
    const power = (of: Float32Array): number => of.reduce((sum, value) => sum + value * value, 0) / of.length;
    expect(wav.sizeBytes).toBe(44 + seconds * 48_000 * 4);
    expect(power(values) / power(samples)).toBeCloseTo(1, 1);
  });

  /** Reads pieces here and there, forwards and backwards, each also by a reader that has seen nothing yet. */
  async function comparePieces(path: string, bytes: Buffer): Promise<void> {
    const one = player();
    const used = await one.openWav(path, null);
    for (const [start, length] of [
      [1_000_001, 50_003],
      [10, 100],
      [44, 4],
      [bytes.length - 3, 3],
      [200_002, 7],
      [900_000, 100_000],
      [700_003, 1],
    ] as const) {
      const fresh = await one.openWav(path, null);
      for (const wav of [used, fresh]) {
        const piece = Buffer.from(await wav.read(start, length));
        expect(piece.equals(bytes.subarray(start, start + length)), `${start}`).toBe(true);
      }
      fresh.close();
    }
  }

  it('a shape of its own keeps it: one channel, another rate', async () => {
    const mono = Float32Array.from({ length: 24_000 }, (_, at) => 0.3 * Math.sin(at / 9));
    const path = await file('mono.aiff', { samples: mono, sampleRateHz: 24_000, channels: 1 });
    const wav = await player().openWav(path, null);
    const head = Buffer.from(await wav.read(0, 44));
    expect([head.readUInt16LE(22), head.readUInt32LE(24), head.readUInt16LE(34)]).toEqual([1, 24_000, 16]);
    expect(wav.sizeBytes).toBe(44 + 48_000);
  });

  it('a recording that is longer than claimed is cut, a shorter one goes on in silence: the size was told', async () => {
    const path = await file('claims.aiff');
    for (const claimed of [seconds - 2, seconds + 2]) {
      const wav = await player().openWav(path, claimed);
      const bytes = await whole(wav);
      expect(bytes.length).toBe(44 + claimed * rate * 4);
      if (claimed > seconds) expect(bytes.subarray(-rate).every((byte) => byte === 0)).toBe(true);
    }
  });

  it('damage has a code: no music, cut off, not there', async () => {
    const text = join(folder, 'text.wma');
    writeFileSync(text, 'no music here\n'.repeat(100));
    const zeros = join(folder, 'zeros.wv');
    writeFileSync(zeros, Buffer.alloc(10_000));
    const one = player();
    await expect(one.openWav(text, null)).rejects.toMatchObject({ code: 'file-type-mismatch' });
    await expect(one.openWav(zeros, null)).rejects.toMatchObject({ code: 'file-corrupt' });
    await expect(one.openWav(join(folder, 'gone.ape'), null)).rejects.toMatchObject({
      code: 'file-not-found',
    });
    await expect(one.openWav(folder, null)).rejects.toMatchObject({ code: 'file-not-readable' });
  });
});

describe('the process', () => {
  it('ends when nobody has read for a while, and a stream that goes on does not notice', async () => {
    const path = await file('idle.aiff');
    const one = player({ idleMs: 200 });
    const wav = await one.openWav(path, null);
    const before = Buffer.from(await wav.read(100_000, 1000));
    const [child] = spawned;
    await new Promise<void>((resolve) => child?.onExit(() => resolve()));
    expect(Buffer.from(await wav.read(100_000, 1000)).equals(before)).toBe(true);
    expect(spawned).toHaveLength(2);
  });

  it('that dies fails what was in hand with a code, and the next one plays', async () => {
    const path = await file('crash.aiff');
    const one = player();
    const wav = await one.openWav(path, null);
    const reading = wav.read(0, 1_000_000);
    spawned[0]?.kill();
    await expect(reading).rejects.toMatchObject({ code: 'analysis-crashed' });
    expect(await wav.read(0, 4)).toEqual(new Uint8Array(Buffer.from('RIFF')));
  });

  it('gives up what is cancelled', async () => {
    const one = player();
    const controller = new AbortController();
    const making = one.waveform(await file('long.mp3'), seconds, () => {}, controller.signal);
    controller.abort();
    await expect(making).rejects.toMatchObject({ code: 'cancelled' });
    controller.abort();
    await expect(one.openWav(folder, null, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
