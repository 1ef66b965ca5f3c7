/** A file's audio as pieces of PCM in order, each with its place. */
import { AV_NOPTS_VALUE, AVERROR_EOF, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { Frame, Packet } from 'node-av/lib';
import type { CodecContext } from 'node-av/lib';
import { openDecoder } from '#engine/analysis/analyser/decode.ts';
import { systemError } from '#engine/analysis/analyser/decode-errors.ts';
import { openSource } from '#engine/analysis/analyser/decode-source.ts';
import { createPcmConverter, pcmShapeOf } from './decode-pcm-frames.ts';
import type { PcmShape } from './decode-pcm-frames.ts';
import { frameBytes } from '../wav-format.ts';

/**
 * Codecs whose frames are all equally long. Their places lie on a grid, and what a container says is only near it:
 * ASF counts milliseconds, some programs write jittering times into MP4.
 */
const EQUAL_FRAMES = /^(alac$|wma|aac$|mp[123]$|e?ac3$)/;
/** Everybody else gets a turn after so many packets. */
const PACKETS_PER_TURN = 64;

export interface Piece {
  readonly bytes: Uint8Array;
  /** Its first frame, by the file's clock; null when the file does not say. */
  readonly place: number | null;
}

export interface PcmSource {
  readonly shape: PcmShape;
  readonly codec: string;
  /** From the container's header, only where that is exact; null otherwise. */
  readonly claimedSeconds: number | null;
  /** The next piece; null at the end. What cannot be decoded is left out, as in the analysis. */
  next(): Piece | null;
  /** Goes to a place at or before `frame`. False when the file cannot be sought. */
  seek(frame: number): boolean;
  /** True now and then: native objects are freed only when the event loop turns. */
  isTurn(): boolean;
  close(): void;
}

/** @throws AppError with a file-* code */
export function openPcmSource(path: string): PcmSource {
  const source = openSource(path);
  let decoder: CodecContext;
  try {
    decoder = openDecoder(source);
  } catch (error) {
    source.close();
    throw error;
  }
  const { num, den } = source.stream.timeBase;
  const shape = pcmShapeOf(source.stream);
  const converter = createPcmConverter(shape);
  const blockBytes = frameBytes(shape);
  const frame = new Frame();
  const packet = new Packet();
  frame.alloc();
  packet.alloc();
  let packets = 0;
  let draining = false;

  interface Timed {
    readonly bytes: Uint8Array;
    readonly time: bigint;
  }

  function decode(): Timed | null {
    for (;;) {
      const result = decoder.receiveFrameSync(frame);
      if (result >= 0) {
        const bytes = converter.convert(frame);
        if (bytes !== null && bytes.length > 0) return { bytes, time: frame.bestEffortTimestamp };
      } else if (result === AVERROR_EOF || draining) return null;
      else feed();
    }
  }

  function feed(): void {
    let ours = false;
    while (!ours) {
      const result = source.format.readFrameSync(packet);
      if (result < 0) {
        // A drive that fails; what is merely broken ends the recording, as in the analysis.
        const system = result === AVERROR_EOF ? null : systemError(result, source.file);
        if (system !== null) throw system;
        draining = true;
        decoder.sendPacketSync(null);
        return;
      }
      packets += 1;
      ours = packet.streamIndex === source.stream.index;
      if (ours) decoder.sendPacketSync(packet);
      packet.unref();
    }
  }

  // The first pieces tell what the clock shows at the beginning, and how long frames are.
  const beginning = [decode(), decode()].filter((piece) => piece !== null);
  const ahead = [...beginning];
  const origin = beginning[0]?.time ?? AV_NOPTS_VALUE;
  const [firstLength = 0, grid = 0] = beginning.map(({ bytes }) => bytes.length / blockBytes);
  const onGrid = EQUAL_FRAMES.test(source.codec) && grid > 0;

  function placeOf(time: bigint): number | null {
    if (time === AV_NOPTS_VALUE || origin === AV_NOPTS_VALUE) return null;
    const frames = (Number(time - origin) * num * shape.sampleRateHz) / den;
    // The first frame may be shorter than the others: its beginning is cut off.
    return onGrid ? firstLength + Math.round((frames - firstLength) / grid) * grid : Math.round(frames);
  }

  return {
    shape,
    codec: source.codec,
    claimedSeconds: source.claimedSeconds,
    next() {
      const piece = ahead.shift() ?? decode();
      return piece === null ? null : { bytes: piece.bytes, place: placeOf(piece.time) };
    },
    seek(place) {
      if (origin === AV_NOPTS_VALUE) return false;
      const time = origin + BigInt(Math.floor((place * den) / (num * shape.sampleRateHz)));
      if (source.format.seekFrameSync(source.stream.index, time, AVSEEK_FLAG_BACKWARD) < 0) return false;
      decoder.flushBuffers();
      converter.reset();
      ahead.length = 0;
      draining = false;
      return true;
    },
    isTurn: () => packets % PACKETS_PER_TURN === 0,
    close() {
      packet.free();
      frame.free();
      decoder.freeContext();
      converter.reset();
      source.close();
    },
  };
}
