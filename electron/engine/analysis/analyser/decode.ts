/**
 * From a file to mono samples and the identity of the recording, in one pass and with memory that does not
 * grow with the file. Synchronous calls: meant for a worker thread. This and decode-*.ts are the only files
 * that know the decoder library.
 */
import { createHash } from 'node:crypto';
import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { Codec, CodecContext, Frame } from 'node-av/lib';
import { AppError } from '#shared/errors.ts';
import { codecError } from './decode-errors.ts';
import { createResampler } from './decode-resampler.ts';
import type { Resampler } from './decode-resampler.ts';
import { openSource, readPackets } from './decode-source.ts';
import type { AudioSource } from './decode-source.ts';

/** A file that ends this much earlier than its header says is called cut off. */
const TOLERANCE_SECONDS = 1;
/** The same in bytes, for WAV: programs disagree on whether padding counts. */
const TOLERANCE_BYTES = 4096;

export interface SampleOutput {
  /** Rate of the samples given to onChunk, or how to choose it when the recording's own is known. */
  readonly sampleRateHz: number | ((ownRateHz: number) => number);
  /** Mono samples, in order. The array is used again after the call: copy what is to be kept. */
  readonly onChunk: (samples: Float32Array) => void;
}

export interface DecodeOptions extends SampleOutput {
  /** The same samples at other rates, in the same pass. */
  readonly alongside?: readonly SampleOutput[] | undefined;
  /** Each channel by itself, at the rate of the recording, in the same pass. The arrays are used again after the call. */
  readonly onChannels?: ((channels: readonly Float32Array[], sampleRateHz: number) => void) | undefined;
  /** Looked at every few hundred packets; true ends with an AppError 'cancelled'. */
  readonly shouldStop?: (() => boolean) | undefined;
  /** Called every few hundred packets, and awaited: here a slower consumer catches up. */
  readonly onTurn?: ((decodedSeconds: number) => void | Promise<void>) | undefined;
}

export interface Decoded {
  /** SHA-256 over the encoded audio packets, 32 bytes: unchanged by edits of tags. */
  readonly audioHash: Uint8Array;
  /** As decoded, not as the container claims. */
  readonly durationSeconds: number;
  /** What was damaged, in words; null if nothing. */
  readonly damaged: string | null;
  /** The codec's short name: 'mp3', 'flac', 'pcm_s16le' … */
  readonly codec: string;
  /** Of the audio alone, on average. */
  readonly bitRateKbps: number;
}

/**
 * Decodes a file. Channels are mixed by their mean; samples that are no numbers become 0.
 * @throws AppError with a file-* code when there is no audio to be had, 'cancelled' when told to stop.
 */
export async function decodeAudio(path: string, options: DecodeOptions): Promise<Decoded> {
  const source = openSource(path);
  const hash = createHash('sha256');
  const resampler = resamplerFor(source, options);
  const beside = [
    ...(options.alongside ?? []).map((output) => resamplerFor(source, output)),
    ...(options.onChannels === undefined
      ? []
      : [createResampler({ sampleRateHz: null, channels: 'all' }, options.onChannels)]),
  ];
  const frame = new Frame();
  frame.alloc();
  let decoder: CodecContext | null = null;
  let packets = 0;
  let bytes = 0;
  let bad = 0;
  try {
    const opened = (decoder = openDecoder(source));
    const drain = (): void => {
      for (;;) {
        const result = opened.receiveFrameSync(frame);
        if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
        if (result < 0) {
          bad += 1;
          return;
        }
        if (!resampler.take(frame)) bad += 1;
        else for (const other of beside) other.take(frame);
      }
    };
    const broken = await readPackets(
      source,
      (packet) => {
        packets += 1;
        const { data } = packet;
        if (data !== null) {
          hash.update(data);
          bytes += data.length;
        }
        if (opened.sendPacketSync(packet) < 0) bad += 1;
        drain();
      },
      {
        shouldStop: options.shouldStop,
        seconds: resampler.seconds,
        onTurn: () => options.onTurn?.(resampler.seconds()),
      },
    );
    opened.sendPacketSync(null);
    drain();
    resampler.finish();
    for (const other of beside) other.finish();
    const durationSeconds = resampler.seconds();
    if (durationSeconds === 0) throw nothingDecoded(source, packets);
    return {
      audioHash: Uint8Array.from(hash.digest()),
      durationSeconds,
      damaged: damage(source, {
        durationSeconds,
        packets,
        bad,
        broken: broken !== null,
        cleaned: resampler.cleaned(),
      }),
      codec: source.codec,
      bitRateKbps: (bytes * 8) / 1000 / durationSeconds,
    };
  } finally {
    resampler.free();
    for (const other of beside) other.free();
    decoder?.freeContext();
    frame.free();
    source.close();
  }
}

/** Only the identity: reads every packet, decodes none. The same value as decodeAudio's audioHash. */
export async function hashAudio(
  path: string,
  options: { readonly shouldStop?: () => boolean; readonly onProgress?: () => void } = {},
): Promise<Uint8Array> {
  const source = openSource(path);
  const hash = createHash('sha256');
  let packets = 0;
  try {
    await readPackets(
      source,
      ({ data }) => {
        packets += 1;
        if (data !== null) hash.update(data);
      },
      { shouldStop: options.shouldStop, onTurn: options.onProgress },
    );
    if (packets === 0) throw nothingDecoded(source, packets);
    return Uint8Array.from(hash.digest());
  } finally {
    source.close();
  }
}

function resamplerFor(source: AudioSource, { sampleRateHz, onChunk }: SampleOutput): Resampler {
  const rate =
    typeof sampleRateHz === 'number' ? sampleRateHz : sampleRateHz(source.stream.codecpar.sampleRate);
  return createResampler({ sampleRateHz: rate, channels: 'mono' }, ([samples]) =>
    onChunk(samples as Float32Array),
  );
}

/** The caller frees it. @throws AppError file-unsupported */
export function openDecoder(source: AudioSource): CodecContext {
  const codec = Codec.findDecoder(source.stream.codecpar.codecId);
  if (codec === null) {
    throw new AppError(
      'file-unsupported',
      `“${source.file.name}” holds audio of a kind that cannot be decoded (${source.codec}). Convert it to another format.`,
    );
  }
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  let result = decoder.parametersToContext(source.stream.codecpar);
  if (result >= 0) {
    // Files are decoded side by side; threads within one would only get in each other's way.
    decoder.threadCount = 1;
    decoder.pktTimebase = source.stream.timeBase;
    result = decoder.open2Sync(codec, null);
  }
  if (result < 0) {
    decoder.freeContext();
    throw codecError(result, source.codec, source.file);
  }
  return decoder;
}

function nothingDecoded(source: AudioSource, packets: number): AppError {
  const { name, kind } = source.file;
  if (kind.kind === 'unknown') {
    return new AppError('file-type-mismatch', `“${name}” is not audio in any format that Cratewise reads.`);
  }
  if (packets === 0) {
    return new AppError(
      'file-truncated',
      `“${name}” ends before its audio begins. Copy or download it again.`,
    );
  }
  return new AppError(
    'file-corrupt',
    `No part of the audio of “${name}” could be decoded. Copy or download it again.`,
  );
}

interface Findings {
  readonly durationSeconds: number;
  readonly packets: number;
  readonly bad: number;
  readonly broken: boolean;
  readonly cleaned: number;
}

function damage(source: AudioSource, found: Findings): string | null {
  const sentences: string[] = [];
  const { claimedSeconds } = source;
  const { sizeBytes, declaredBytes } = source.file;
  if (found.bad > 0) sentences.push(`${found.bad} of ${found.packets} packets could not be decoded.`);
  if (claimedSeconds !== null && claimedSeconds - found.durationSeconds > TOLERANCE_SECONDS) {
    sentences.push(`The file ends after ${clock(found.durationSeconds)} of ${clock(claimedSeconds)}.`);
  } else if (declaredBytes !== null && declaredBytes > sizeBytes + TOLERANCE_BYTES) {
    const part = Math.round((100 * sizeBytes) / declaredBytes);
    sentences.push(`The file is cut off: ${part} % of it is there.`);
  } else if (found.broken) {
    sentences.push(`The file could only be read up to ${clock(found.durationSeconds)}.`);
  }
  if (found.cleaned > 0) sentences.push(`${found.cleaned} samples were not numbers and were silenced.`);
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** Seconds as m:ss. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
