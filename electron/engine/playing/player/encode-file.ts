/** A recording into another format: for players that do not read its own. */
import { extname } from 'node:path';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S32,
  AVERROR_ENOSPC,
} from 'node-av/constants';
import type { AVSampleFormat, FFAudioEncoder } from 'node-av/constants';
import {
  AudioFifo,
  avChannelLayoutDefault,
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Packet,
  SoftwareResampleContext,
} from 'node-av/lib';
import { AppError } from '#shared/errors.ts';
import type { ConversionOrder } from '../protocol.ts';
import { openPcmSource } from './decode-pcm-source.ts';
import type { PcmShape } from './decode-pcm-frames.ts';

const MP3_BITS_PER_SECOND = 320_000;
/** MPEG-1 layer 3 has these; others are made the nearest of the same family. */
const MP3_RATES = [32_000, 44_100, 48_000] as const;
/** Encoders without a frame size of their own (PCM) get frames of so many samples. */
const FRAME_SAMPLES = 4096;

interface Target {
  readonly muxer: string;
  readonly encoder: string;
  readonly format: AVSampleFormat;
  readonly sampleRateHz: number;
  readonly bits: 16 | 24;
  readonly options: Readonly<Record<string, string>>;
}

function targetOf(shape: PcmShape, { format, mostSampleRateHz, mostBits }: ConversionOrder): Target {
  const bits = mostBits ?? shape.bitsPerSample;
  const sampleRateHz =
    format === 'mp3' ? mp3Rate(shape.sampleRateHz) : rateBelow(shape.sampleRateHz, mostSampleRateHz);
  const pcm = bits === 16 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_S32;
  const own = { sampleRateHz, bits, format: pcm, options: {} };
  switch (format) {
    case 'wav':
      return {
        ...own,
        muxer: 'wav',
        encoder: bits === 16 ? 'pcm_s16le' : 'pcm_s24le',
        options: { rf64: 'auto' },
      };
    case 'aiff':
      return {
        ...own,
        muxer: 'aiff',
        encoder: bits === 16 ? 'pcm_s16be' : 'pcm_s24be',
        options: { write_id3v2: '1' },
      };
    case 'flac':
      return { ...own, muxer: 'flac', encoder: 'flac' };
    case 'mp3':
      return {
        ...own,
        muxer: 'mp3',
        encoder: 'libmp3lame',
        format: AV_SAMPLE_FMT_FLTP,
        options: { id3v2_version: '3' },
      };
  }
}

/** 96 kHz becomes 48, 88.2 becomes 44.1: whole factors keep what is heard. */
function rateBelow(rate: number, most: number | null): number {
  let result = rate;
  while (most !== null && result > most) result /= 2;
  return Math.round(result);
}

function mp3Rate(rate: number): number {
  const halved = rateBelow(rate, 48_000);
  return (
    MP3_RATES.find((known) => known === halved) ??
    (halved > 32_000 ? 44_100 : halved > 24_000 ? 32_000 : 44_100)
  );
}

/** Everybody else gets a turn; native objects are freed only then. @throws AppError 'cancelled' */
async function turn(shouldStop: () => boolean): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (shouldStop()) throw new AppError('cancelled');
}

/**
 * Writes `target`, whose ending is that of the format. Nothing that cannot be decoded is in it, as in the analysis.
 * @throws AppError with a file-* code, disk-full, export-failed, 'cancelled' when told to stop
 */
export async function encodeFile(
  path: string,
  target: string,
  order: ConversionOrder,
  shouldStop: () => boolean,
): Promise<void> {
  if (extname(target) !== `.${order.format}`)
    throw new AppError('bad-request', `“${target}” is not named as a file of this format.`);
  const source = openPcmSource(path);
  try {
    const encoder = openEncoder(target, order, source.shape);
    try {
      let pieces = 0;
      for (let piece = source.next(); piece !== null; piece = source.next()) {
        encoder.push(piece.bytes);
        pieces += 1;
        if (source.isTurn() || pieces % 64 === 0) await turn(shouldStop);
      }
      if (pieces === 0)
        throw new AppError('file-corrupt', `There is no music in “${path}” that can be decoded.`);
      encoder.finish();
    } finally {
      encoder.close();
    }
  } finally {
    source.close();
  }
}

interface OpenEncoder {
  /** Interleaved PCM of the source's shape. */
  push(bytes: Uint8Array): void;
  finish(): void;
  close(): void;
}

function openEncoder(file: string, order: ConversionOrder, shape: PcmShape): OpenEncoder {
  const target = targetOf(shape, order);
  const { channels } = shape;
  const layout = avChannelLayoutDefault(channels);
  const checked = (result: number, what: string): number => {
    if (result >= 0) return result;
    if (result === AVERROR_ENOSPC) throw new AppError('disk-full', 'There is no more room on the disk.');
    const words = new FFmpegError(result).message;
    throw new AppError('export-failed', `${what} “${file}” failed (${words}).`);
  };

  const codec = Codec.findEncoderByName(target.encoder as FFAudioEncoder);
  if (codec === null) throw new AppError('export-failed', `This program has no encoder ${target.encoder}.`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.sampleFormat = target.format;
  context.sampleRate = target.sampleRateHz;
  context.channelLayout = layout;
  context.timeBase = { num: 1, den: target.sampleRateHz } as CodecContext['timeBase'];
  context.threadCount = 1;
  if (order.format === 'mp3') context.bitRate = BigInt(MP3_BITS_PER_SECOND);
  if (target.bits === 24) context.bitsPerRawSample = 24;
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  const muxer = new FormatContext();
  const resampler = new SoftwareResampleContext();
  const fifo = new AudioFifo();
  const packet = new Packet();
  packet.alloc();
  let position = 0;

  checked(context.open2Sync(codec), 'Preparing');
  const inputFormat = shape.bitsPerSample === 16 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_S32;
  const set = resampler.allocSetOpts2(
    layout,
    target.format,
    target.sampleRateHz,
    layout,
    inputFormat,
    shape.sampleRateHz,
  );
  checked(set, 'Preparing');
  if (shape.bitsPerSample === 24 && target.bits === 16) resampler.setOption('dither_method', 'triangular');
  checked(resampler.init(), 'Preparing');
  fifo.alloc(target.format, channels, FRAME_SAMPLES * 4);

  checked(muxer.allocOutputContext2(null, target.muxer, file), 'Preparing');
  const stream = muxer.newStream(codec);
  stream.timeBase = context.timeBase;
  checked(context.parametersFromContext(stream.codecpar), 'Preparing');
  muxer.metadata = Dictionary.fromObject({ ...order.tags });
  checked(muxer.openOutputSync(), 'Writing');
  checked(muxer.writeHeaderSync(Dictionary.fromObject({ ...target.options })), 'Writing');

  const isPlanar = target.format === AV_SAMPLE_FMT_FLTP;
  const sampleBytes = target.format === AV_SAMPLE_FMT_S16 ? 2 : 4;
  const planes = (samples: number): Buffer[] =>
    Array.from({ length: isPlanar ? channels : 1 }, () =>
      Buffer.alloc(samples * sampleBytes * (isPlanar ? 1 : channels)),
    );

  function drain(): void {
    while (context.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0;
      packet.rescaleTs(context.timeBase, stream.timeBase);
      checked(muxer.interleavedWriteFrameSync(packet), 'Writing');
    }
  }

  function encode(least: number): void {
    const frameSamples = context.frameSize > 0 ? context.frameSize : FRAME_SAMPLES;
    while (fifo.size >= Math.max(1, least > 0 ? frameSamples : 1)) {
      const count = Math.min(frameSamples, fifo.size);
      const data = planes(count);
      fifo.readSync(data, count);
      const frame = Frame.fromAudioBuffer(Buffer.concat(data), {
        nbSamples: count,
        format: target.format,
        sampleRate: target.sampleRateHz,
        channelLayout: layout,
        timeBase: { num: 1, den: target.sampleRateHz },
        pts: BigInt(position),
      });
      position += count;
      checked(context.sendFrameSync(frame), 'Encoding');
      frame.free();
      drain();
    }
  }

  function convert(input: Buffer | null, samples: number): void {
    const room = resampler.getOutSamples(samples) + 256;
    const out = planes(room);
    const made = checked(
      resampler.convertSync(out, room, input === null ? null : [input], samples),
      'Encoding',
    );
    if (made > 0) fifo.writeSync(out, made);
  }

  return {
    push(bytes) {
      const wide = shape.bitsPerSample === 16 ? Buffer.from(bytes) : widened(bytes);
      convert(wide, bytes.length / ((shape.bitsPerSample / 8) * channels));
      encode(1);
    },
    finish() {
      convert(null, 0);
      encode(0);
      checked(context.sendFrameSync(null), 'Encoding');
      drain();
      checked(muxer.writeTrailerSync(), 'Writing');
      muxer.closeOutputSync();
    },
    close() {
      packet.free();
      fifo.free();
      resampler.free();
      muxer.freeContext();
      context.freeContext();
    },
  };
}

/** 24 bits as the upper three bytes of 32. */
function widened(packed: Uint8Array): Buffer {
  const wide = Buffer.alloc((packed.length / 3) * 4);
  for (let from = 0, to = 1; from < packed.length; from += 3, to += 4) {
    wide[to] = packed[from] as number;
    wide[to + 1] = packed[from + 1] as number;
    wide[to + 2] = packed[from + 2] as number;
  }
  return wide;
}
