/** Bytes of a file as a web stream, read only as fast as they are taken. */
import type { FileHandle } from 'node:fs/promises';
import { ReadableStream } from 'node:stream/web';
import type { ByteRange } from './byte-range.ts';

/** Small enough that a seek wastes little, large enough that a FLAC needs few turns. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Reads `range` and then closes `file`, also when the player goes away or the disk fails. Node's own
 * Readable.toWeb throws outside of any handler when a stream is cancelled while a read is under way, which
 * is what every seek does.
 */
export function streamOfFile(
  file: FileHandle,
  range: ByteRange,
  failed: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  let position = range.start;
  let cancelled = false;
  const close = (): Promise<void> => file.close().catch(() => {}); // nothing was written: nothing is lost
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const length = Math.min(CHUNK_BYTES, range.end + 1 - position);
        try {
          const buffer = new Uint8Array(length);
          const { bytesRead } = await file.read(buffer, 0, length, position);
          if (cancelled) return;
          if (bytesRead === 0) throw new Error('the file became shorter while it was read');
          position += bytesRead;
          controller.enqueue(bytesRead === length ? buffer : buffer.subarray(0, bytesRead));
          if (position > range.end) {
            controller.close();
            await close();
          }
        } catch (error) {
          if (cancelled) return;
          failed(error);
          controller.error(error);
          await close();
        }
      },
      async cancel() {
        cancelled = true;
        await close();
      },
    },
    { highWaterMark: 2 },
  );
}
