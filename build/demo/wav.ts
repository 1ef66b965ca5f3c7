/** WAV files: 16-bit PCM with an INFO list and, for what INFO has no field for, an ID3v2.4 chunk. */
import { writeFile } from 'node:fs/promises';

/** What a file says of itself. Numbers are written as people write them: "124", "8A". */
export interface AudioTags {
  readonly title?: string;
  readonly artist?: string;
  readonly album?: string;
  readonly albumArtist?: string;
  readonly genre?: string;
  readonly year?: number;
  readonly trackNumber?: number;
  readonly bpm?: number;
  readonly key?: string;
  readonly comment?: string;
}

export interface Audio {
  /** Interleaved, -1..1. */
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
  readonly channels: number;
}

const infoFields: readonly (readonly [string, (tags: AudioTags) => string | undefined])[] = [
  ['INAM', (tags) => tags.title],
  ['IART', (tags) => tags.artist],
  ['IPRD', (tags) => tags.album],
  ['IGNR', (tags) => tags.genre],
  ['ICRD', (tags) => tags.year?.toString()],
  ['ITRK', (tags) => tags.trackNumber?.toString()],
  ['ICMT', (tags) => tags.comment],
];

const id3Frames: readonly (readonly [string, (tags: AudioTags) => string | undefined])[] = [
  ['TIT2', (tags) => tags.title],
  ['TPE1', (tags) => tags.artist],
  ['TPE2', (tags) => tags.albumArtist],
  ['TALB', (tags) => tags.album],
  ['TCON', (tags) => tags.genre],
  ['TDRC', (tags) => tags.year?.toString()],
  ['TRCK', (tags) => tags.trackNumber?.toString()],
  ['TBPM', (tags) => tags.bpm?.toString()],
  ['TKEY', (tags) => tags.key],
];

function chunk(id: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(content.length, 4);
  // Chunks start at even offsets.
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function infoList(tags: AudioTags): Buffer {
  const fields = infoFields.flatMap(([id, read]) => {
    const value = read(tags);
    return value === undefined ? [] : [chunk(id, Buffer.from(`${value}\0`))];
  });
  return chunk('LIST', Buffer.concat([Buffer.from('INFO'), ...fields]));
}

/** Seven bits a byte, so that no byte looks like the start of an MPEG frame. */
function synchsafe(size: number): Buffer {
  return Buffer.from([(size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127]);
}

function id3(tags: AudioTags): Buffer {
  const utf8 = 3;
  const frames = id3Frames.flatMap(([id, read]) => {
    const value = read(tags);
    if (value === undefined) return [];
    const content = Buffer.concat([Buffer.from([utf8]), Buffer.from(value)]);
    return [Buffer.from(id), synchsafe(content.length), Buffer.alloc(2), content];
  });
  const body = Buffer.concat(frames);
  return chunk('id3 ', Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), synchsafe(body.length), body]));
}

/** The bytes of a WAV file. Values beyond -1..1 are clipped. */
export function wavBytes(audio: Audio, tags: AudioTags = {}): Buffer {
  const { samples, sampleRateHz, channels } = audio;
  const data = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    data[i] = Math.round(Math.max(-1, Math.min(1, samples[i] ?? 0)) * 32767);
  }
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0); // integer PCM
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRateHz, 4);
  format.writeUInt32LE(sampleRateHz * channels * 2, 8);
  format.writeUInt16LE(channels * 2, 12);
  format.writeUInt16LE(16, 14);
  const tagged = Object.keys(tags).length > 0;
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format),
    chunk('data', Buffer.from(data.buffer)),
    ...(tagged ? [infoList(tags), id3(tags)] : []),
  ]);
  return chunk('RIFF', body);
}

/** Writes a WAV file; see `wavBytes`. */
export async function writeWav(file: string, audio: Audio, tags: AudioTags = {}): Promise<void> {
  await writeFile(file, wavBytes(audio, tags));
}
