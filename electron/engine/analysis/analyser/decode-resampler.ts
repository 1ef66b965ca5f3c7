/** Decoded frames of any layout -> Float32 at one rate, mono or each channel by itself, in chunks. */
import { AV_CHANNEL_ORDER_UNSPEC, AV_SAMPLE_FMT_FLTP } from 'node-av/constants';
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

/** What comes out. Whatever the recording changes to on the way, this stays. */
export interface ResampleTarget {
  /** null: as the first frame has. */
  readonly sampleRateHz: number | null;
  /** mono: the mean of the channels. all: as the first frame has them, 1 to 8. */
  readonly channels: 'mono' | 'all';
}

/** Gets one array a channel; they are used again: copy what is to be kept. Of 'all', samples may be no numbers. */
export type ResampleSink = (channels: readonly Float32Array[], sampleRateHz: number) => void;

export function createResampler(target: ResampleTarget, onChunk: ResampleSink): Resampler {
  let context: SoftwareResampleContext | null = null;
  let input = { rate: 0, channels: 0 };
  /** Samples that the context was given since it was last emptied. */
  let waiting = 0;
  /** The frames do not say which channel is which (WAV). */
  let unordered = false;
  /** Settled by the first frame. */
  let output: { readonly rate: number; readonly layout: ChannelLayout } | null = null;
  let planes: Float32Array[] = [];
  let bytes: Buffer[] = [];
  let filled = 0;
  /** Counted in samples of one rate each, so that no rounding adds up. */
  let past = 0;
  let samplesNow = 0;
  let cleaned = 0;

  function emit(): void {
    if (filled === 0) return;
    const channels = planes.map((plane) => plane.subarray(0, filled));
    // Whoever takes each channel by itself looks for that on the way: there are many samples.
    if (target.channels === 'mono') for (const samples of channels) cleaned += clean(samples);
    filled = 0;
    onChunk(channels, output?.rate ?? 0);
  }

  function makeRoom(samples: number): void {
    const channels = output?.layout.nbChannels ?? 1;
    planes = Array.from({ length: channels }, () => new Float32Array(samples));
    bytes = planes.map((plane) => Buffer.from(plane.buffer));
  }

  function room(samples: number): void {
    const length = planes[0]?.length ?? 0;
    if (length - filled >= samples) return;
    emit();
    if (length < samples) makeRoom(Math.max(CHUNK_SAMPLES, samples));
  }

  /** Takes resampled audio out of the context: all that it has, or, at the end, also what it keeps for more input. */
  function pull(input: readonly Buffer[] | null): number {
    waiting = 0;
    if (context === null) return 0;
    const most = context.getOutSamples(0);
    if (most <= 0) return 0;
    room(most);
    const places = bytes.map((plane) => plane.subarray(filled * 4));
    const made = context.convertSync(places, most, input as Buffer[] | null, 0);
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
    output ??= {
      rate: target.sampleRateHz ?? next.rate,
      layout: target.channels === 'mono' ? avChannelLayoutDefault(1) : frame.channelLayout,
    };
    context = new SoftwareResampleContext();
    const prepared =
      context.allocSetOpts2(
        output.layout,
        AV_SAMPLE_FMT_FLTP,
        output.rate,
        frame.channelLayout,
        frame.format as typeof AV_SAMPLE_FMT_FLTP,
        next.rate,
      ) >= 0 &&
      // The library's own matrix would make a stereo track 3 dB louder than a mono one.
      (target.channels === 'all' ||
        context.setMatrix(Array<number>(next.channels).fill(1 / next.channels), next.channels) >= 0) &&
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

/** Sets what is no number, or absurd, to 0. @returns how many samples */
function clean(samples: Float32Array): number {
  let count = 0;
  for (let index = 0; index < samples.length; index += 1) {
    // Written so that NaN fails it too.
    if (Math.abs(samples[index] as number) <= LARGEST_SAMPLE) continue;
    samples[index] = 0;
    count += 1;
  }
  return count;
}

/** The frame's own layout, or the usual one of so many channels: the resampler takes no frame without. */
function layoutOf(frame: Frame): ChannelLayout {
  const layout = frame.channelLayout;
  return layout.order === AV_CHANNEL_ORDER_UNSPEC ? avChannelLayoutDefault(frame.channels) : layout;
}
