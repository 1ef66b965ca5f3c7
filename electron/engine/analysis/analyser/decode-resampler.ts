/** Decoded frames of any layout -> mono Float32 at one rate, in chunks. */
import { AV_CHANNEL_ORDER_UNSPEC, AV_SAMPLE_FMT_FLT } from 'node-av/constants';
import { avChannelLayoutDefault, SoftwareResampleContext } from 'node-av/lib';
import type { ChannelLayout, Frame } from 'node-av/lib';

/** Damaged AAC yields frames with 32 planes or a rate of some Hz, on which the native resampler crashes. */
const MAXIMUM_CHANNELS = 8;
const MINIMUM_RATE_HZ = 1000;
const MAXIMUM_RATE_HZ = 1_000_000;
/** The longest real frames (Monkey's Audio) hold some 300,000 samples. */
const MAXIMUM_FRAME_SAMPLES = 1 << 22;
/** About two seconds: few enough calls, little memory. */
const CHUNK_SAMPLES = 1 << 15;
/** Frames go into the context without passing through JavaScript; so many samples come out at once. */
const WAITING_SAMPLES = 1 << 15;
/** No samples, which is not the same as no input: that ends the signal. */
const NO_INPUT: readonly Buffer[] = Array.from({ length: MAXIMUM_CHANNELS }, () => Buffer.alloc(64));
/** Beyond any real signal (1.0 is full scale): squares of it still fit a float32. */
const LARGEST_SAMPLE = 1e6;

export interface Resampler {
  /** False: the frame is of a kind that no real file has, and was left out. */
  take(frame: Frame): boolean;
  /** The signal has ended: gives what is left. */
  finish(): void;
  /** Seconds of audio taken in. */
  seconds(): number;
  /** Samples that were no numbers, or absurd, and were set to 0. */
  cleaned(): number;
  free(): void;
}

/** @param onChunk gets samples in an array that is used again: copy what is to be kept. */
export function createResampler(sampleRateHz: number, onChunk: (samples: Float32Array) => void): Resampler {
  let context: SoftwareResampleContext | null = null;
  let input = { rate: 0, channels: 0 };
  /** Samples that the context was given since it was last emptied. */
  let waiting = 0;
  /** The frames do not say which channel is which (WAV). */
  let unordered = false;
  let chunk = new Float32Array(CHUNK_SAMPLES);
  let bytes = Buffer.from(chunk.buffer);
  let filled = 0;
  /** Counted in samples of one rate each, so that no rounding adds up. */
  let past = 0;
  let samplesNow = 0;
  let cleaned = 0;

  function emit(): void {
    if (filled === 0) return;
    const samples = chunk.subarray(0, filled);
    for (let index = 0; index < filled; index += 1) {
      // Written so that NaN fails it too.
      if (Math.abs(samples[index] as number) <= LARGEST_SAMPLE) continue;
      samples[index] = 0;
      cleaned += 1;
    }
    filled = 0;
    onChunk(samples);
  }

  function room(samples: number): void {
    if (chunk.length - filled >= samples) return;
    emit();
    if (chunk.length >= samples) return;
    chunk = new Float32Array(samples);
    bytes = Buffer.from(chunk.buffer);
  }

  /** Takes resampled audio out of the context: all that it has, or, at the end, also what it keeps for more input. */
  function pull(input: readonly Buffer[] | null): number {
    waiting = 0;
    if (context === null) return 0;
    const most = context.getOutSamples(0);
    if (most <= 0) return 0;
    room(most);
    const made = context.convertSync([bytes.subarray(filled * 4)], most, input as Buffer[] | null, 0);
    if (made > 0) filled += made;
    return made;
  }

  function drain(): void {
    pull(NO_INPUT);
    while (pull(null) > 0);
    context?.free();
    context = null;
  }

  function prepare(frame: Frame): boolean {
    const next = { rate: frame.sampleRate, channels: frame.channels };
    drain();
    if (next.channels < 1 || next.channels > MAXIMUM_CHANNELS) return false;
    if (next.rate < MINIMUM_RATE_HZ || next.rate > MAXIMUM_RATE_HZ) return false;
    if (samplesNow > 0) past += samplesNow / input.rate;
    samplesNow = 0;
    input = next;
    unordered = frame.channelLayout.order === AV_CHANNEL_ORDER_UNSPEC;
    if (unordered) frame.channelLayout = layoutOf(frame);
    context = new SoftwareResampleContext();
    const prepared =
      context.allocSetOpts2(
        avChannelLayoutDefault(1),
        AV_SAMPLE_FMT_FLT,
        sampleRateHz,
        frame.channelLayout,
        frame.format as typeof AV_SAMPLE_FMT_FLT,
        next.rate,
      ) >= 0 &&
      // The library's own matrix would make a stereo track 3 dB louder than a mono one.
      context.setMatrix(Array<number>(next.channels).fill(1 / next.channels), next.channels) >= 0 &&
      context.init() >= 0;
    if (!prepared) {
      context.free();
      context = null;
    }
    return prepared;
  }

  return {
    take(frame) {
      const { nbSamples } = frame;
      if (nbSamples < 1 || nbSamples > MAXIMUM_FRAME_SAMPLES) return false;
      if (unordered) frame.channelLayout = layoutOf(frame);
      // The context compares the frame with what it was made for before it touches the audio.
      if (context === null || context.convertFrame(null, frame) < 0) {
        if (!prepare(frame) || (context as SoftwareResampleContext | null)?.convertFrame(null, frame) !== 0)
          return false;
      }
      samplesNow += nbSamples;
      waiting += nbSamples;
      if (waiting >= WAITING_SAMPLES) pull(NO_INPUT);
      return true;
    },
    finish() {
      drain();
      emit();
    },
    seconds: () => past + (samplesNow === 0 ? 0 : samplesNow / input.rate),
    cleaned: () => cleaned,
    free() {
      context?.free();
      context = null;
    },
  };
}

/** The frame's own layout, or the usual one of so many channels: the resampler takes no frame without. */
function layoutOf(frame: Frame): ChannelLayout {
  const layout = frame.channelLayout;
  return layout.order === AV_CHANNEL_ORDER_UNSPEC ? avChannelLayoutDefault(frame.channels) : layout;
}
