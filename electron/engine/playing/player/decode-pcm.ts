/**
 * A recording as PCM at any place: reads on, or seeks. Of lossless codecs every sample has one place, however it
 * was come to; of others the decoder runs in for half a second first.
 */
import { AppError } from '#shared/errors.ts';
import { openPcmSource } from './decode-pcm-source.ts';
import { frameBytes } from '../wav-format.ts';
import type { WavFormat } from '../wav-format.ts';

/** What lies so little ahead is decoded instead of sought. */
const NEAR_SECONDS = 5;
/** Decoders with memory (overlapping windows, bit reservoirs) are right again after this. */
const RUN_IN_SECONDS = 0.5;
/** Codecs that give the same samples wherever decoding begins. */
const WITHOUT_MEMORY = /^(pcm_|alac$|flac$|wavpack$|ape$|tta$|tak$|als$)/;

export interface PcmReader {
  readonly format: WavFormat;
  /** PCM of frames from `start` on, less only at the end. Silent where the recording ends early. One call at a time. */
  read(start: number, frames: number): Promise<Uint8Array>;
  close(): void;
}

/**
 * @param decodedSeconds how long the recording is when decoded, if that is known: else the header is believed
 * where it is exact, and where it is not the file is decoded once to know
 * @throws AppError with a file-* code, 'cancelled' when told to stop
 */
export async function openPcm(
  path: string,
  decodedSeconds: number | null,
  shouldStop: () => boolean = () => false,
): Promise<PcmReader> {
  let source = openPcmSource(path);
  const { shape } = source;
  const blockBytes = frameBytes(shape);
  const runIn = WITHOUT_MEMORY.test(source.codec) ? 0 : Math.round(RUN_IN_SECONDS * shape.sampleRateHz);
  /** Decoded and not given yet, from frame `position` on. */
  let waiting: Uint8Array = new Uint8Array();
  let position = 0;

  function reopen(): void {
    source.close();
    source = openPcmSource(path);
    waiting = new Uint8Array();
    position = 0;
  }

  async function countFrames(): Promise<number> {
    let frames = 0;
    for (let piece = source.next(); piece !== null; piece = source.next()) {
      frames += piece.bytes.length / blockBytes;
      if (source.isTurn()) await turn(shouldStop);
    }
    reopen();
    return frames;
  }

  function seek(frame: number): void {
    const target = Math.max(0, frame - runIn);
    const first = target > 0 && source.seek(target) ? source.next() : null;
    // It cannot, or went too far: from the beginning, then, which is always right.
    if (first === null || first.place === null || first.place > frame || first.place < 0) return reopen();
    position = first.place;
    waiting = first.bytes;
  }

  /** Takes what is decoded from `frame` on; nothing when all of it lies before. */
  function take(frame: number, mostBytes: number): Uint8Array {
    const skipped = Math.min(waiting.length / blockBytes, frame - position);
    waiting = waiting.subarray(skipped * blockBytes);
    position += skipped;
    const taken = waiting.subarray(0, mostBytes);
    waiting = waiting.subarray(taken.length);
    position += taken.length / blockBytes;
    return taken;
  }

  try {
    const seconds = decodedSeconds ?? source.claimedSeconds;
    const frames = seconds === null ? await countFrames() : Math.round(seconds * shape.sampleRateHz);
    return {
      format: { ...shape, frames },
      async read(start, count) {
        const pcm = new Uint8Array(Math.max(0, Math.min(count, frames - start)) * blockBytes);
        const end = position + waiting.length / blockBytes;
        if (start < position || start - end > NEAR_SECONDS * shape.sampleRateHz) seek(start);
        let filled = 0;
        while (filled < pcm.length) {
          const part = take(start + filled / blockBytes, pcm.length - filled);
          pcm.set(part, filled);
          filled += part.length;
          if (part.length > 0) continue;
          const piece = source.next();
          if (piece === null) break;
          waiting = piece.bytes;
          if (source.isTurn()) await turn(shouldStop);
        }
        return pcm;
      },
      close: () => source.close(),
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

async function turn(shouldStop: () => boolean): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (shouldStop()) throw new AppError('cancelled');
}
