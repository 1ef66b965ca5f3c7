/** Opens one audio stream of a file for reading packets; shared by decoding and hashing, so that both see the same packets. */
import {
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_ENCRYPTION_INFO,
  AV_PKT_DATA_ENCRYPTION_INIT_INFO,
  AVDISCARD_ALL,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants';
import { avGetCodecName, Dictionary, FormatContext, Log, Packet } from 'node-av/lib';
import type { Stream } from 'node-av/lib';
import { AppError } from '#shared/errors.ts';
import { inspectFile, openError, systemError } from './decode-errors.ts';
import type { Inspected } from './decode-errors.ts';

/**
 * Containers that may be opened. Playlists and scripts (concat, hls, dash …) are not among them: a file
 * must not be able to make the decoder open other files.
 */
const CONTAINERS = [
  ...[
    'aac',
    'ac3',
    'aiff',
    'amr',
    'ape',
    'asf',
    'au',
    'avi',
    'caf',
    'dsf',
    'dts',
    'eac3',
    'flac',
    'flv',
    'iff',
  ],
  ...[
    'loas',
    'matroska',
    'mov',
    'mp3',
    'mpc',
    'mpc8',
    'mpeg',
    'mpegts',
    'oma',
    'ogg',
    'rm',
    'shn',
    'tak',
    'tta',
  ],
  ...['voc', 'w64', 'wav', 'wv', 'xwma'],
];

/**
 * Native objects are freed only when the event loop turns: after this many packets it gets a turn
 * (a 10-hour Ogg file took 1,165 MB without, 111 MB with).
 */
const PACKETS_PER_TURN = 256;
/** Formats with long packets (Monkey's Audio: seconds each) get a turn after so much audio. */
const SECONDS_PER_TURN = 60;

/** What a codec's tag says in MP4 files that are encrypted (FairPlay, Common Encryption). */
const ENCRYPTED_TAGS = new Set(['drms', 'enca', 'aavd']);

export interface AudioSource {
  readonly file: Inspected;
  readonly format: FormatContext;
  readonly stream: Stream;
  readonly codec: string;
  /** From the container's header, only where that is exact; null otherwise. */
  readonly claimedSeconds: number | null;
  close(): void;
}

// FFmpeg would write its own lines to the terminal; what matters of them is in our errors.
Log.setLevel(AV_LOG_QUIET);

/** Opens a file; throws an AppError with a file-* code. The caller closes it. */
export function openSource(path: string): AudioSource {
  const file = inspectFile(path);
  if (file.kind.kind === 'text' || file.kind.kind === 'other') throw openError(0, file);
  const format = new FormatContext();
  const options = Dictionary.fromObject({
    protocol_whitelist: 'file',
    format_whitelist: CONTAINERS.join(','),
  });
  const opened = format.openInputSync(`file:${path}`, null, options);
  options.free();
  if (opened < 0) throw openError(opened, file);
  try {
    // Asked before findStreamInfo, which fills the gaps with guesses (wrong by half a minute for some MP3 files).
    const claims = format.streams.map(claimedSeconds);
    const probed = format.findStreamInfoSync(null);
    if (probed < 0) throw openError(probed, file);
    const stream = chooseStream(format, file);
    const codec = avGetCodecName(stream.codecpar.codecId) ?? 'unknown';
    if (isEncrypted(format, stream)) throw encrypted(file);
    return {
      file,
      format,
      stream,
      codec,
      claimedSeconds: claims[stream.index] ?? null,
      close: () => format.closeInputSync(),
    };
  } catch (error) {
    format.closeInputSync();
    throw error;
  }
}

/** The best audio stream; all others (cover art, video, subtitles) are discarded. */
function chooseStream(format: FormatContext, file: Inspected): Stream {
  const best = format.findBestStream(AVMEDIA_TYPE_AUDIO);
  const streams = format.streams;
  const stream = streams[best];
  if (best < 0 || stream === undefined) {
    throw new AppError(
      'file-no-audio',
      `“${file.name}” holds no audio, only ${streams.length === 0 ? 'data' : 'pictures or video'}.`,
    );
  }
  for (const other of streams) if (other.index !== best) other.discard = AVDISCARD_ALL;
  return stream;
}

function claimedSeconds(stream: Stream): number | null {
  const { duration, timeBase } = stream;
  if (duration === AV_NOPTS_VALUE || duration <= 0n || timeBase.den === 0) return null;
  return (Number(duration) * timeBase.num) / timeBase.den;
}

function isEncrypted(format: FormatContext, stream: Stream): boolean {
  const metadata = format.metadata?.getAll() ?? {};
  return (
    Object.keys(metadata).some((key) => key.startsWith('ASF_Protection') || key === 'ASF_Key_ID') ||
    ENCRYPTED_TAGS.has(stream.codecpar.codecTagString ?? '') ||
    stream.codecpar.getCodedSideData(AV_PKT_DATA_ENCRYPTION_INIT_INFO) !== null
  );
}

function encrypted(file: Inspected): AppError {
  return new AppError(
    'file-encrypted',
    `“${file.name}” is copy-protected and cannot be decoded. Use a copy without protection.`,
  );
}

export interface ReadOptions {
  readonly shouldStop?: (() => boolean) | undefined;
  /** How much audio was decoded so far. */
  readonly seconds?: (() => number) | undefined;
  /** Called whenever the event loop gets its turn, and awaited. */
  readonly onTurn?: (() => void | Promise<void>) | undefined;
}

/**
 * Reads every packet of the stream in order. The packet is valid only during the call.
 * @returns null at the file's end, or FFmpeg's code where reading broke off before.
 * @throws AppError 'cancelled' when told to stop, 'file-not-readable' when the drive fails.
 */
export async function readPackets(
  source: AudioSource,
  onPacket: (packet: Packet) => void,
  options: ReadOptions,
): Promise<number | null> {
  const packet = new Packet();
  packet.alloc();
  let turned = { count: 0, seconds: 0 };
  try {
    for (let count = 1; ; count += 1) {
      const result = source.format.readFrameSync(packet);
      if (result === AVERROR_EOF) return null;
      if (result < 0) {
        const system = systemError(result, source.file);
        if (system) throw system;
        return result;
      }
      if (packet.streamIndex === source.stream.index) {
        if (count === 1 && packet.getSideData(AV_PKT_DATA_ENCRYPTION_INFO) !== null)
          throw encrypted(source.file);
        onPacket(packet);
      }
      packet.unref();
      const seconds = options.seconds?.() ?? 0;
      if (count - turned.count < PACKETS_PER_TURN && seconds - turned.seconds < SECONDS_PER_TURN) continue;
      turned = { count, seconds };
      await turn(options);
    }
  } finally {
    packet.free();
  }
}

async function turn(options: ReadOptions): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (options.shouldStop?.()) throw new AppError('cancelled');
  await options.onTurn?.();
}
