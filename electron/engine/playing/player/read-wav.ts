/** Any bytes of a recording as a WAV file. */
import { frameBytes } from '../wav-format.ts';
import type { PcmReader } from './decode-pcm.ts';

/** Less than `length` only at the end. */
export async function readWav(
  reader: PcmReader,
  header: Uint8Array,
  start: number,
  length: number,
): Promise<Uint8Array> {
  const block = frameBytes(reader.format);
  const end = Math.min(start + length, header.length + reader.format.frames * block);
  const bytes = new Uint8Array(Math.max(0, end - start));
  if (start < header.length) bytes.set(header.subarray(start, Math.min(end, header.length)));
  const from = Math.max(start, header.length) - header.length;
  const to = end - header.length;
  if (to <= from) return bytes;
  const firstFrame = Math.floor(from / block);
  const pcm = await reader.read(firstFrame, Math.ceil(to / block) - firstFrame);
  bytes.set(
    pcm.subarray(from - firstFrame * block, to - firstFrame * block),
    Math.max(0, header.length - start),
  );
  return bytes;
}
