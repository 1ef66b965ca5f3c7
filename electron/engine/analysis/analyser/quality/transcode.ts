/** Whether the end of a spectrum belies what a file says of itself. */

export interface Encoding {
  /** FFmpeg's short name: 'mp3', 'flac', 'pcm_s16le' … */
  readonly codec: string;
  /** Of the audio; null where unknown. Not used for what is lossless. */
  readonly bitRateKbps: number | null;
  readonly sampleRateHz: number;
}

const lossless = /^(pcm_|flac$|alac$|wavpack$|ape$|tta$|tak$|mlp$|truehd$|wmalossless$|shorten$|als$|dsd_)/;
/** Lossy encoders cut there, or higher: what ends above is a recording's own, what ends lower is of another making. */
const LOSSLESS_FROM_HZ = 14_000;
const LOSSLESS_TO_HZ = 20_300;
/** Below this rate the samples themselves end where encoders cut. */
const LOWEST_RATE_HZ = 44_100;

/**
 * From so many kbit/s on, no encoder of that kind that people used cuts below so many Hz: LAME and Fraunhofer, AAC
 * (iTunes, FDK, Nero), Vorbis, Opus, WMA, with room for the lowest of them.
 */
const floors: Readonly<Record<string, readonly (readonly [kbps: number, hz: number])[]>> = {
  mp3: [
    [310, 18_800],
    [250, 17_800],
    [186, 16_400],
    [156, 15_300],
    [124, 14_400],
  ],
  aac: [
    [250, 17_200],
    [186, 15_600],
    [124, 14_000],
  ],
  vorbis: [
    [220, 18_600],
    [150, 17_200],
    [108, 15_000],
  ],
  opus: [[96, 17_500]],
  wmav2: [
    [186, 17_200],
    [124, 14_400],
  ],
};

/** @param cutoffHz of createSpectrumEndMeter */
export function isLikelyTranscode(cutoffHz: number | null, encoding: Encoding): boolean {
  const { codec, bitRateKbps, sampleRateHz } = encoding;
  if (cutoffHz === null || sampleRateHz < LOWEST_RATE_HZ) return false;
  if (lossless.test(codec)) return cutoffHz >= LOSSLESS_FROM_HZ && cutoffHz <= LOSSLESS_TO_HZ;
  if (bitRateKbps === null) return false;
  const floor = floors[codec === 'mp3float' ? 'mp3' : codec]?.find(([kbps]) => bitRateKbps >= kbps);
  return floor !== undefined && cutoffHz < floor[1];
}
