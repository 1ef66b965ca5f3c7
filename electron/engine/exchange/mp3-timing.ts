/**
 * Where an MP3 begins is a matter of opinion. Encoders put silence before the music and often a first frame that only
 * holds data (Xing, LAME). Here (FFmpeg) that frame and the silence that it tells of are left out; rekordbox and Traktor
 * leave out less, so their times of the same beat are later. docs/exchange.md has the sources.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { GridMarker, TrackCue } from '#shared/domain.ts';

/** none: no data frame. plain: one without LAME's part, or FFmpeg's own. doubtful: LAME's, with a wrong checksum. valid: LAME's. */
export type Mp3Header = 'none' | 'plain' | 'doubtful' | 'valid';

export interface Mp3Timing {
  readonly header: Mp3Header;
  /** Seconds that FFmpeg leaves out after the data frame: the encoder's delay and the decoder's own of 529 samples. */
  readonly trimmedSeconds: number;
  /** Of one frame. */
  readonly frameSeconds: number;
}

export type TimingProgram = 'rekordbox' | 'traktor' | 'virtualdj' | 'json';

/** Decoders of MPEG audio layer 3 are so much late. */
const DECODER_DELAY = 528 + 1;
/** Searched for the first frame after the tag. */
const SEARCHED_BYTES = 64 * 1024;

const rates = [44_100, 48_000, 32_000] as const;

interface Frame {
  readonly at: number;
  readonly rate: number;
  readonly samples: number;
  /** Where the Xing header would be, from the frame's start. */
  readonly dataAt: number;
}

/** How much later a beat is in a program than here. */
export function programShift(timing: Mp3Timing, program: TimingProgram): number {
  const { header, trimmedSeconds, frameSeconds } = timing;
  if (header === 'none' || program === 'json' || program === 'virtualdj') return 0;
  // rekordbox plays the data frame (as silence) only where its checksum is right, Traktor always.
  const playsDataFrame = program === 'traktor' || header === 'valid';
  return trimmedSeconds + (playsDataFrame ? frameSeconds : 0);
}

/** Grid and cues moved by so many seconds; what would begin before the track begins with it. */
export function moved<
  Marks extends { readonly grid: readonly GridMarker[]; readonly cues: readonly TrackCue[] },
>(marks: Marks, seconds: number): Marks {
  if (seconds === 0) return marks;
  return {
    ...marks,
    grid: marks.grid.map((marker) => onTheTrack({ ...marker, seconds: marker.seconds + seconds })),
    cues: marks.cues.map((cue) => ({
      ...cue,
      seconds: Math.max(0, cue.seconds + seconds),
      endSeconds: cue.endSeconds === null ? null : Math.max(0, cue.endSeconds + seconds),
    })),
  };
}

/** A grid that begins before the track begins with the first beat on it. */
export function onTheTrack(marker: GridMarker): GridMarker {
  if (marker.seconds >= 0 || !(marker.bpm > 0)) return marker;
  const beat = 60 / marker.bpm;
  const skipped = Math.ceil(-marker.seconds / beat);
  return {
    ...marker,
    seconds: Math.max(0, marker.seconds + skipped * beat),
    beat: ((marker.beat - 1 + skipped) % marker.beatsPerBar) + 1,
  };
}

/** Null for what is no MP3 or cannot be read: its times are left as they are. */
export async function readMp3Timing(path: string): Promise<Mp3Timing | null> {
  if (!/\.mp3$/i.test(path)) return null;
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    const head = await readAt(file, 0, 10);
    const start = id3Length(head);
    return mp3TimingOf(await readAt(file, start, SEARCHED_BYTES));
  } catch {
    return null;
  } finally {
    await file?.close().catch(() => {});
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Bytes of an ID3v2 tag at the beginning. */
function id3Length(head: Buffer): number {
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((head[at] ?? 0) & 127), 0);
  const footer = ((head[5] ?? 0) & 0x10) !== 0 ? 10 : 0;
  return 10 + size + footer;
}

/** Of the bytes after the tag; null where there is no frame of MPEG audio layer 3. */
export function mp3TimingOf(bytes: Buffer): Mp3Timing | null {
  const frame = findFrame(bytes);
  if (frame === null) return null;
  const frameSeconds = frame.samples / frame.rate;
  const at = frame.at + frame.dataAt;
  const name = bytes.toString('latin1', at, at + 4);
  if (name !== 'Xing' && name !== 'Info') return { header: 'none', trimmedSeconds: 0, frameSeconds };
  const flags = at + 8 <= bytes.length ? bytes.readUInt32BE(at + 4) : 0;
  const more = [4, 4, 100, 4].reduce((sum, size, bit) => sum + ((flags >> bit) % 2 === 1 ? size : 0), 0);
  const lame = at + 8 + more;
  const encoder = bytes.toString('latin1', lame, lame + 4);
  const known = ['LAME', 'Lavf', 'Lavc'].includes(encoder) && lame + 36 <= bytes.length;
  if (!known) return { header: 'plain', trimmedSeconds: 0, frameSeconds };
  const delay = bytes.readUIntBE(lame + 21, 3) >> 12;
  const trimmedSeconds = (delay + DECODER_DELAY) / frame.rate;
  if (encoder !== 'LAME') return { header: 'plain', trimmedSeconds, frameSeconds };
  const checksum = bytes.readUInt16BE(lame + 34);
  // Over all of the frame that lies before it: 190 bytes where there are two channels.
  const right = checksum !== 0 && checksum === crc16(bytes.subarray(frame.at, lame + 34));
  return { header: right ? 'valid' : 'doubtful', trimmedSeconds, frameSeconds };
}

function findFrame(bytes: Buffer): Frame | null {
  for (let at = 0; at + 4 <= bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const [second = 0, third = 0, fourth = 0] = bytes.subarray(at + 1, at + 4);
    const version = (second >> 3) & 3;
    const isLayer3 = (second & 0xe0) === 0xe0 && ((second >> 1) & 3) === 1 && version !== 1;
    const rate = rates[(third >> 2) & 3];
    const bitrate = third >> 4;
    if (!isLayer3 || rate === undefined || bitrate === 0 || bitrate === 15) continue;
    const isMpeg1 = version === 3;
    const isMono = fourth >> 6 === 3;
    const sideBytes = isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
    return {
      at,
      rate: isMpeg1 ? rate : version === 2 ? rate / 2 : rate / 4,
      samples: isMpeg1 ? 1152 : 576,
      dataAt: 4 + sideBytes,
    };
  }
  return null;
}

/** CRC-16 with the polynomial 0x8005, bits reflected, beginning with 0: as LAME writes it. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
