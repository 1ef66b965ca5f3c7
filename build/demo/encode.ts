/** Music into files of every container that Cratewise reads, with tags: for the demo library and as test fixtures. */
import path from 'node:path';
import {
  AudioFifo,
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Packet,
  Log,
  SoftwareResampleContext,
  type ChannelLayout,
} from 'node-av/lib';
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S16P,
  type AVSampleFormat,
  type FFAudioEncoder,
} from 'node-av/constants';
import { writeWav, type Audio, type AudioTags } from './wav.ts';

export interface EncodeOptions extends Audio {
  /** The ending chooses the container: mp3 flac m4a mp4 ogg oga opus aiff aif wma wv wav. */
  readonly file: string;
  readonly tags?: AudioTags;
  /** Only m4a/mp4 and ogg hold more than one: alac instead of aac, opus or flac instead of vorbis. */
  readonly codec?: CodecName;
  readonly bitrateKbps?: number;
}

export type CodecName = keyof typeof codecs;

interface CodecSettings {
  readonly encoder: string;
  readonly format: AVSampleFormat;
  /** Only when the codec refuses others. */
  readonly sampleRateHz?: number;
  /** Lossy codecs only. */
  readonly bitrateKbps?: number;
}

const codecs = {
  mp3: { encoder: 'libmp3lame', format: AV_SAMPLE_FMT_FLTP, bitrateKbps: 192 },
  flac: { encoder: 'flac', format: AV_SAMPLE_FMT_S16 },
  aac: { encoder: 'aac', format: AV_SAMPLE_FMT_FLTP, bitrateKbps: 160 },
  alac: { encoder: 'alac', format: AV_SAMPLE_FMT_S16P },
  vorbis: { encoder: 'libvorbis', format: AV_SAMPLE_FMT_FLTP, bitrateKbps: 160 },
  opus: { encoder: 'libopus', format: AV_SAMPLE_FMT_FLT, sampleRateHz: 48_000, bitrateKbps: 128 },
  pcm: { encoder: 'pcm_s16be', format: AV_SAMPLE_FMT_S16 },
  wma: { encoder: 'wmav2', format: AV_SAMPLE_FMT_FLTP, bitrateKbps: 160 },
  wavpack: { encoder: 'wavpack', format: AV_SAMPLE_FMT_S16P },
} as const satisfies Record<string, CodecSettings>;

interface Container {
  readonly muxer: string;
  readonly codec: CodecName;
  readonly tagNames: TagNames;
  readonly options?: Readonly<Record<string, string>>;
}
type TagNames = Readonly<Record<'bpm' | 'key', string>> & { readonly year?: string };

const id3: TagNames = { bpm: 'TBPM', key: 'TKEY' };
const vorbisComment: TagNames = { bpm: 'BPM', key: 'INITIALKEY' };
const mp4: Container = { muxer: 'ipod', codec: 'aac', tagNames: { bpm: 'tmpo', key: 'initialkey' } };
const aiff: Container = { muxer: 'aiff', codec: 'pcm', tagNames: id3, options: { write_id3v2: '1' } };
const ogg: Container = { muxer: 'ogg', codec: 'vorbis', tagNames: vorbisComment };

const containers: Readonly<Record<string, Container>> = {
  '.mp3': { muxer: 'mp3', codec: 'mp3', tagNames: id3 },
  '.flac': { muxer: 'flac', codec: 'flac', tagNames: vorbisComment },
  '.m4a': mp4,
  '.mp4': mp4,
  '.ogg': ogg,
  '.oga': ogg,
  '.opus': { muxer: 'opus', codec: 'opus', tagNames: vorbisComment },
  '.aiff': aiff,
  '.aif': aiff,
  '.wma': {
    ...{ muxer: 'asf', codec: 'wma' },
    // The muxer translates the other names, but would write a "date" that only it reads.
    tagNames: { bpm: 'WM/BeatsPerMinute', key: 'WM/InitialKey', year: 'WM/Year' },
  },
  '.wv': { muxer: 'wv', codec: 'wavpack', tagNames: vorbisComment },
};

/** Encoders without a frame size of their own (PCM) get frames of this many samples. */
const DEFAULT_FRAME_SAMPLES = 4096;
/** Native objects are freed only when the event loop turns. */
const FRAMES_BETWEEN_TURNS = 512;

function metadata(tags: AudioTags, names: TagNames): Dictionary {
  return Dictionary.fromObject({
    title: tags.title,
    artist: tags.artist,
    album: tags.album,
    album_artist: tags.albumArtist,
    genre: tags.genre,
    [names.year ?? 'date']: tags.year?.toString(),
    track: tags.trackNumber?.toString(),
    comment: tags.comment,
    [names.bpm]: tags.bpm?.toString(),
    [names.key]: tags.key,
  });
}

function layout(channels: number): ChannelLayout {
  // Mono is the front centre; otherwise the first speakers in FFmpeg's order.
  const mask = channels === 1 ? 4n : (1n << BigInt(channels)) - 1n;
  return { nbChannels: channels, order: AV_CHANNEL_ORDER_NATIVE, mask };
}

/** Takes the sign of trouble out of FFmpeg's return values: a name for what was tried, and the file. */
function checked(result: number, what: string, file: string): number {
  if (result < 0) throw new Error(`${what} failed for ${file}: ${new FFmpegError(result).message}`);
  return result;
}

const planar = (format: AVSampleFormat): boolean =>
  format === AV_SAMPLE_FMT_FLTP || format === AV_SAMPLE_FMT_S16P;
const bytesPerSample = (format: AVSampleFormat): number =>
  format === AV_SAMPLE_FMT_S16 || format === AV_SAMPLE_FMT_S16P ? 2 : 4;

function planes(format: AVSampleFormat, channels: number, samples: number): Buffer[] {
  const count = planar(format) ? channels : 1;
  const size = samples * bytesPerSample(format) * (planar(format) ? 1 : channels);
  return Array.from({ length: count }, () => Buffer.alloc(size));
}

function openEncoder(
  codec: Codec,
  settings: CodecSettings,
  options: EncodeOptions,
  rate: number,
): CodecContext {
  const context = new CodecContext();
  context.allocContext3(codec);
  context.sampleFormat = settings.format;
  context.sampleRate = rate;
  context.channelLayout = layout(options.channels);
  context.timeBase = { num: 1, den: rate } as CodecContext['timeBase'];
  // The encoder's own choice of threads costs more than it gives for short pieces, and is not deterministic.
  context.threadCount = 1;
  const kilobits = options.bitrateKbps ?? settings.bitrateKbps;
  if (kilobits !== undefined) context.bitRate = BigInt(kilobits * 1000);
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  checked(context.open2Sync(codec), `Opening the encoder ${settings.encoder}`, options.file);
  return context;
}

/** The samples in the encoder's format and rate, ready to be read frame by frame. */
function converted(options: EncodeOptions, format: AVSampleFormat, rate: number): AudioFifo {
  const { samples, sampleRateHz, channels, file } = options;
  const resampler = new SoftwareResampleContext();
  const speakers = layout(channels);
  const set = resampler.allocSetOpts2(speakers, format, rate, speakers, AV_SAMPLE_FMT_FLT, sampleRateHz);
  checked(set, 'Preparing the resampler', file);
  checked(resampler.init(), 'Preparing the resampler', file);
  const fifo = new AudioFifo();
  fifo.alloc(format, channels, sampleRateHz);
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const block = sampleRateHz; // a second at a time
  const total = samples.length / channels;
  for (let start = 0; start <= total; start += block) {
    const count = Math.min(block, total - start);
    const input = count > 0 ? bytes.subarray(start * channels * 4, (start + count) * channels * 4) : null;
    const room = resampler.getOutSamples(count) + 32;
    const out = planes(format, channels, room);
    const written = resampler.convertSync(out, room, input === null ? null : [input], count);
    checked(written, 'Converting samples', file);
    if (written > 0) fifo.writeSync(out, written);
  }
  const tail = planes(format, channels, block);
  const rest = resampler.convertSync(tail, block, null, 0);
  if (rest > 0) fifo.writeSync(tail, rest);
  resampler.free();
  return fifo;
}

async function encodeFrames(
  options: EncodeOptions,
  encoder: CodecContext,
  muxer: FormatContext,
): Promise<void> {
  const { channels, file } = options;
  const format = encoder.sampleFormat;
  const fifo = converted(options, format, encoder.sampleRate);
  const frameSamples = encoder.frameSize > 0 ? encoder.frameSize : DEFAULT_FRAME_SAMPLES;
  const stream = muxer.streams[0];
  if (stream === undefined) throw new Error(`The container of ${file} has no stream.`);
  const packet = new Packet();
  packet.alloc();
  const drain = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      checked(muxer.interleavedWriteFrameSync(packet), 'Writing', file);
    }
  };
  let position = 0;
  for (let frameNumber = 1; fifo.size > 0; frameNumber++) {
    const count = Math.min(frameSamples, fifo.size);
    const data = planes(format, channels, count);
    fifo.readSync(data, count);
    const frame = Frame.fromAudioBuffer(Buffer.concat(data), {
      nbSamples: count,
      format,
      sampleRate: encoder.sampleRate,
      channelLayout: layout(channels),
      timeBase: { num: 1, den: encoder.sampleRate },
      pts: BigInt(position),
    });
    position += count;
    checked(encoder.sendFrameSync(frame), 'Encoding', file);
    frame.free();
    drain();
    if (frameNumber % FRAMES_BETWEEN_TURNS === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  checked(encoder.sendFrameSync(null), 'Encoding', file);
  drain();
  packet.free();
  fifo.free();
}

/**
 * Encodes interleaved samples into a file; the ending of its name chooses container and codec. The same
 * input gives the same audio packets. Throws with FFmpeg's words when something does not fit.
 */
export async function encodeAudio(options: EncodeOptions): Promise<void> {
  const { file, tags = {} } = options;
  const ending = path.extname(file).toLowerCase();
  Log.setLevel(AV_LOG_ERROR); // the AAC encoder reports its average quantiser to stderr otherwise
  if (ending === '.wav') return writeWav(file, options, tags);
  const container = containers[ending];
  if (container === undefined) throw new Error(`No encoder for files that end in "${ending}": ${file}`);
  const settings: CodecSettings = codecs[options.codec ?? container.codec];
  const codec = Codec.findEncoderByName(settings.encoder as FFAudioEncoder);
  if (codec === null) throw new Error(`This build of libav has no encoder ${settings.encoder}.`);

  const encoder = openEncoder(codec, settings, options, settings.sampleRateHz ?? options.sampleRateHz);
  const muxer = new FormatContext();
  try {
    checked(muxer.allocOutputContext2(null, container.muxer, file), 'Choosing the container', file);
    const stream = muxer.newStream(codec);
    stream.timeBase = encoder.timeBase;
    checked(encoder.parametersFromContext(stream.codecpar), 'Describing the stream', file);
    muxer.metadata = metadata(tags, container.tagNames);
    // Ogg keeps its comments with the stream.
    if (container.muxer === 'ogg' || container.muxer === 'opus') {
      stream.metadata = metadata(tags, container.tagNames);
    }
    checked(muxer.openOutputSync(), 'Opening', file);
    checked(muxer.writeHeaderSync(Dictionary.fromObject(container.options ?? {})), 'Writing', file);
    await encodeFrames(options, encoder, muxer);
    checked(muxer.writeTrailerSync(), 'Writing', file);
    muxer.closeOutputSync();
  } finally {
    muxer.freeContext();
    encoder.freeContext();
  }
}
