/** A clip as the networks take it: the app's decoder and front end, and the acoustic descriptors. Cached by content. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '#engine/analysis/analyser/decode.ts';
import { logMelSpectrogram } from '#engine/analysis/analyser/log-mel.ts';
import type { FrontEndSettings } from '#engine/analysis/model-manifest.ts';
import { packDecibels } from '../front-end.ts';
import { hashFile, hashText, writeWhole } from '../workspace.ts';
import { describe } from './descriptors.ts';

/** Of the shape of what is cached: change it when the descriptors change. */
const featureVersion = 1;

export interface ClipFeatures {
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** The middle of the clip: [frames × melBands] bytes, 0.6 dB apart from -100. */
  readonly image: Uint8Array;
  readonly descriptors: Float32Array;
}

/** Features of a clip, or why there are none. `frames` of the front end are taken from its middle. */
export async function clipFeatures(
  cache: string,
  path: string,
  frontEnd: FrontEndSettings,
  frames: number,
): Promise<ClipFeatures | string> {
  const sha256 = await hashFile(path);
  const settings = hashText(JSON.stringify({ featureVersion, frames, ...frontEnd, mean: 0, deviation: 1 }));
  const stored = join(cache, 'features', `${sha256.slice(0, 16)}-${settings.slice(0, 8)}.bin`);
  const size = frames * frontEnd.melBands;
  const bytes = (await readFile(stored).catch(() => null)) ?? (await make(path, frontEnd, frames));
  if (typeof bytes === 'string') return bytes;
  await writeWhole(stored, bytes);
  const descriptors = new Float32Array(Uint8Array.from(bytes.subarray(size)).buffer);
  return { sha256, image: Uint8Array.from(bytes.subarray(0, size)), descriptors };
}

/** Image, then descriptors. */
async function make(path: string, frontEnd: FrontEndSettings, frames: number): Promise<Uint8Array | string> {
  const chunks: Float32Array[] = [];
  try {
    await decodeAudio(path, {
      sampleRateHz: frontEnd.sampleRateHz,
      onChunk: (samples) => chunks.push(samples.slice()),
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const samples = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  const image = logMelSpectrogram(samples, frontEnd);
  if (image.frames < frames)
    return `shorter than ${Math.round((frames * frontEnd.hopSize) / frontEnd.sampleRateHz)} s`;
  const start = Math.floor((image.frames - frames) / 2) * frontEnd.melBands;
  const packed = packDecibels(image.data.subarray(start, start + frames * frontEnd.melBands));
  return Buffer.concat([packed, Buffer.from(describe(samples, frontEnd.sampleRateHz).buffer)]);
}
