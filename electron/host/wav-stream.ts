/** Bytes of a WAV file that is decoded as it is read, as a web stream. */
import { ReadableStream } from 'node:stream/web';
import type { ByteRange } from './byte-range.ts';

/** A recording as the bytes of a WAV file. */
export interface OpenWav {
  readonly sizeBytes: number;
  /** Any bytes, less than `length` only at the end. */
  read(start: number, length: number): Promise<Uint8Array>;
  close(): void;
}

/** The first piece is small, so that playing begins at once: a tenth of a second of CD audio. */
const FIRST_BYTES = 16 * 1024;
const LARGEST_BYTES = 256 * 1024;

/** Reads `range`, only as fast as it is taken, and then closes `wav`, also when the player goes away. */
export function streamOfWav(
  wav: OpenWav,
  range: ByteRange,
  failed: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  let position = range.start;
  let size = FIRST_BYTES;
  let cancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const bytes = await wav.read(position, Math.min(size, range.end + 1 - position));
          if (cancelled) return;
          if (bytes.length === 0) throw new Error('the recording ended early');
          size = Math.min(LARGEST_BYTES, size * 2);
          position += bytes.length;
          controller.enqueue(bytes);
          if (position <= range.end) return;
          controller.close();
          wav.close();
        } catch (error) {
          if (cancelled) return;
          failed(error);
          controller.error(error);
          wav.close();
        }
      },
      cancel() {
        cancelled = true;
        wav.close();
      },
    },
    { highWaterMark: 2 },
  );
}
