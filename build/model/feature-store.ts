/** Where the windows of a track lie: features/<id>.u8, [windows × 1813 × 96] bytes, and features/<id>.json. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { teacherFrames, teacherFrontEnd } from './front-end.ts';
import { readJson } from './workspace.ts';

export interface TrackFeatures {
  readonly id: string;
  readonly seconds: number;
  /** First frame (hop 256) of each window. */
  readonly starts: readonly number[];
  /** Why there are none: too short, silent, or what the decoder said. */
  readonly refused: string | null;
}

export const windowBytes = teacherFrames * teacherFrontEnd.melBands;

export function featurePath(cache: string, id: string, extension: 'u8' | 'json'): string {
  return join(cache, 'features', `${id}.${extension}`);
}

/** Ids of all tracks whose features are complete. */
export async function featuredTracks(cache: string): Promise<Set<string>> {
  const files = await readdir(join(cache, 'features')).catch(() => []);
  return new Set(files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5)));
}

export function readFeatures(cache: string, id: string): Promise<TrackFeatures> {
  return readJson<TrackFeatures>(featurePath(cache, id, 'json'));
}

/** One window, without reading the others. */
export async function readWindow(cache: string, id: string, index: number): Promise<Uint8Array> {
  const file = await open(featurePath(cache, id, 'u8'));
  try {
    const window = new Uint8Array(windowBytes);
    const { bytesRead } = await file.read(window, 0, windowBytes, index * windowBytes);
    if (bytesRead !== windowBytes)
      throw new Error(`${featurePath(cache, id, 'u8')} is shorter than its index says: delete it.`);
    return window;
  } finally {
    await file.close();
  }
}
