/** A waveform guessed from excerpts all over a recording, for long ones: drawn until the whole is decoded. */
import { createWaveformMeter } from '#engine/analysis/analyser/waveform.ts';
import type { WaveformPeaks } from '#engine/analysis/protocol.ts';
import { openPcmSource } from './decode-pcm-source.ts';
import type { PcmSource } from './decode-pcm-source.ts';

/** Points, of one excerpt each: a seek takes some milliseconds. */
const EXCERPTS = 128;
/** Long enough for several beats' worth of bass, short enough to decode in no time. */
const EXCERPT_SECONDS = 0.12;
/** What is not heard by then is taken from its neighbour. */
const LONGEST_MS = 500;

/**
 * @param seconds how long the recording is, roughly
 * @returns null when the file cannot be sought. @throws AppError with a file-* code
 */
export async function guessWaveform(path: string, seconds: number): Promise<WaveformPeaks | null> {
  const source = openPcmSource(path);
  const began = performance.now();
  const heard = new Map<number, Uint8Array>();
  try {
    for (const point of coarseToFine()) {
      const late = performance.now() - began > LONGEST_MS;
      if (late && heard.size > 0) break;
      const peaks = listenAt(source, ((point + 0.5) * seconds) / EXCERPTS);
      if (peaks === null) return null;
      heard.set(point, peaks);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    source.close();
  }
  const peaks = new Uint8Array(EXCERPTS * 3);
  let last = [...heard.entries()].sort(([a], [b]) => a - b)[0]?.[1] ?? new Uint8Array(3);
  for (let point = 0; point < EXCERPTS; point += 1) {
    last = heard.get(point) ?? last;
    peaks.set(last, point * 3);
  }
  return { secondsPerPoint: seconds / EXCERPTS, peaks };
}

/** Every sixteenth first, then those between: whenever time is up, what was heard is evenly spread. */
function* coarseToFine(): Generator<number> {
  for (let step = 16, first = 0; step >= 1; step = Math.floor(step / 2)) {
    for (let point = first; point < EXCERPTS; point += first === 0 ? step : step * 2) yield point;
    first = Math.floor(step / 2);
  }
}

function listenAt(source: PcmSource, seconds: number): Uint8Array | null {
  const { sampleRateHz } = source.shape;
  if (!source.seek(Math.floor(seconds * sampleRateHz))) return null;
  // Frames of the rates that a meter takes; the few others are near enough.
  const meter = createWaveformMeter(Math.min(48_000, Math.max(8000, sampleRateHz)));
  for (let left = EXCERPT_SECONDS * sampleRateHz; left > 0;) {
    const piece = source.next();
    if (piece === null) break;
    const samples = toMono(piece.bytes, source.shape).subarray(0, left);
    meter.push(samples);
    left -= samples.length;
  }
  meter.finish();
  const { peaks } = meter.read(1);
  return peaks.length === 3 ? peaks : new Uint8Array(3);
}

function toMono(pcm: Uint8Array, { channels, bitsPerSample }: PcmSource['shape']): Float32Array<ArrayBuffer> {
  const width = bitsPerSample / 8;
  const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const samples = new Float32Array(pcm.length / width / channels);
  const scale = 1 / (2 ** (bitsPerSample - 1) * channels);
  for (let index = 0, at = 0; index < samples.length; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1, at += width) sum += bytes.readIntLE(at, width);
    samples[index] = sum * scale;
  }
  return samples;
}
