/** Where the MPEG audio of a file begins: ISO 11172-3 §2.4.1, ISO 13818-3. */
import type { ByteSource } from './model.ts';
import { readPart } from './reading.ts';

/** Farther from the tags no music begins. */
const MOST_JUNK_BYTES = 1 << 20;
const HEADER_BYTES = 4;

const bitrates: Readonly<Record<string, readonly number[]>> = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const sampleRates = [44_100, 48_000, 32_000] as const;

/** In bytes; null for what is no frame header, or one of a free bit rate. */
function frameLength(header: Uint8Array): number | null {
  const [first, second, third] = header;
  if (header.length < HEADER_BYTES || first !== 0xff || (second! & 0xe0) !== 0xe0) return null;
  const versionBits = (second! >> 3) & 3;
  const layer = 4 - ((second! >> 1) & 3);
  const rate = sampleRates[(third! >> 2) & 3];
  if (versionBits === 1 || layer === 4 || rate === undefined) return null;
  const version = versionBits === 3 ? 1 : 2;
  const table = bitrates[`${version}-${version === 2 && layer === 3 ? 2 : layer}`]!;
  const kilobits = table[(third! >> 4) - 1];
  if (kilobits === undefined) return null;
  const sampleRate = rate / (version === 1 ? 1 : versionBits === 2 ? 2 : 4);
  const padding = (third! >> 1) & 1;
  if (layer === 1) return (Math.floor((12 * kilobits * 1000) / sampleRate) + padding) * 4;
  const samples = layer === 3 && version === 2 ? 72 : 144;
  return Math.floor((samples * kilobits * 1000) / sampleRate) + padding;
}

/** The place of the first frame that another one follows (or the end of the audio); null where there is none. */
export async function findMpegAudio(source: ByteSource, start: number, end: number): Promise<number | null> {
  // One frame more than is searched, to see what follows the last one.
  const length = Math.min(end - start, MOST_JUNK_BYTES + 8192);
  if (length < HEADER_BYTES) return null;
  const first = await readPart(source, start, Math.min(length, 8192), 'the audio');
  return (
    inBytes(first, start, end) ?? inBytes(await readPart(source, start, length, 'the audio'), start, end)
  );
}

function inBytes(bytes: Uint8Array, start: number, end: number): number | null {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const length = frameLength(bytes.subarray(at, at + HEADER_BYTES));
    if (length === null) continue;
    const next = at + length;
    if (start + next === end || sameKind(bytes, at, next)) return start + at;
  }
  return null;
}

/** Whether a frame of the same version, layer and sample rate stands at the other place. */
function sameKind(bytes: Uint8Array, at: number, other: number): boolean {
  return (
    frameLength(bytes.subarray(other, other + HEADER_BYTES)) !== null &&
    (bytes[at + 1]! & 0xfe) === (bytes[other + 1]! & 0xfe) &&
    (bytes[at + 2]! & 0x0c) === (bytes[other + 2]! & 0x0c)
  );
}
