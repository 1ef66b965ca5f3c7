/** Decoded frames of any layout → interleaved integers of one or two channels, at the recording's own rate. */
import { AV_CHANNEL_ORDER_UNSPEC, AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S32 } from 'node-av/constants';
import type { AVSampleFormat } from 'node-av/constants';
import { avChannelLayoutDefault, SoftwareResampleContext } from 'node-av/lib';
import type { Frame, Stream } from 'node-av/lib';
import type { WavFormat } from '../wav-format.ts';

/** As in analyser/decode-resampler.ts: damaged files claim what crashes the native code. */
const MOST_CHANNELS = 8;
const LOWEST_RATE_HZ = 3000;
const HIGHEST_RATE_HZ = 192_000;
const MOST_INPUT_RATE_HZ = 1_000_000;
const MOST_FRAME_SAMPLES = 1 << 22;

export type PcmShape = Omit<WavFormat, 'frames'>;

/** Own rate and width where a browser can play them; more than two channels are mixed down. */
export function pcmShapeOf({ codecpar }: Stream): PcmShape {
  let sampleRateHz = Math.max(LOWEST_RATE_HZ, codecpar.sampleRate);
  while (sampleRateHz > HIGHEST_RATE_HZ) sampleRateHz = Math.round(sampleRateHz / 2);
  const bits = Math.max(codecpar.bitsPerRawSample, codecpar.bitsPerCodedSample);
  return { sampleRateHz, channels: codecpar.channels === 1 ? 1 : 2, bitsPerSample: bits > 16 ? 24 : 16 };
}

export interface PcmConverter {
  /** Interleaved PCM of a frame; null when it is of a kind that no real file has. */
  convert(frame: Frame): Uint8Array | null;
  /** Forgets what is under way: after a seek. */
  reset(): void;
}

export function createPcmConverter({ sampleRateHz, channels, bitsPerSample }: PcmShape): PcmConverter {
  let context: SoftwareResampleContext | null = null;
  let input = { rate: 0, channels: 0, format: -1 as number };
  const sampleFormat = bitsPerSample === 16 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_S32;
  const sampleBytes = bitsPerSample === 16 ? 2 : 4;

  function prepare(frame: Frame): boolean {
    context?.free();
    context = null;
    const next = { rate: frame.sampleRate, channels: frame.channels, format: frame.format as number };
    if (next.channels < 1 || next.channels > MOST_CHANNELS) return false;
    if (next.rate < 1000 || next.rate > MOST_INPUT_RATE_HZ) return false;
    const made = new SoftwareResampleContext();
    const ready =
      made.allocSetOpts2(
        avChannelLayoutDefault(channels),
        sampleFormat,
        sampleRateHz,
        frame.channelLayout,
        frame.format as AVSampleFormat,
        next.rate,
      ) >= 0 && made.init() >= 0;
    if (!ready) {
      made.free();
      return false;
    }
    input = next;
    context = made;
    return true;
  }

  return {
    convert(frame) {
      const { nbSamples } = frame;
      if (nbSamples < 1 || nbSamples > MOST_FRAME_SAMPLES) return null;
      if (frame.channelLayout.order === AV_CHANNEL_ORDER_UNSPEC)
        frame.channelLayout = avChannelLayoutDefault(frame.channels);
      const same =
        frame.sampleRate === input.rate &&
        frame.channels === input.channels &&
        (frame.format as number) === input.format;
      if ((!same || context === null) && !prepare(frame)) return null;
      const ready = context as SoftwareResampleContext | null;
      if (ready === null) return null;
      const most = Math.ceil((nbSamples * sampleRateHz) / input.rate) + 64;
      const bytes = Buffer.alloc(most * channels * sampleBytes);
      if (ready.convertFrame(null, frame) < 0) return null;
      const made = ready.convertSync([bytes], most, NOTHING, 0);
      if (made < 0) return null;
      const used = bytes.subarray(0, made * channels * sampleBytes);
      return bitsPerSample === 16 ? used : upperThreeBytes(used);
    },
    reset() {
      context?.free();
      context = null;
      input = { rate: 0, channels: 0, format: -1 };
    },
  };
}

/** No samples, which is not the same as no input: that ends the signal. */
const NOTHING: Buffer[] = Array.from({ length: MOST_CHANNELS }, () => Buffer.alloc(64));

/** 24 of the 32 bits of little-endian integers. */
function upperThreeBytes(wide: Uint8Array): Uint8Array {
  const packed = new Uint8Array((wide.length / 4) * 3);
  for (let from = 0, to = 0; from < wide.length; from += 4, to += 3) {
    packed[to] = wide[from + 1] as number;
    packed[to + 1] = wide[from + 2] as number;
    packed[to + 2] = wide[from + 3] as number;
  }
  return packed;
}
