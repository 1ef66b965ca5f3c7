/** Reads a model folder and makes sure that it is whole: manifest, files, checksums. Knows no TensorFlow. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import * as v from 'valibot';
import { AppError } from '#shared/errors.ts';
import { modelManifestSchema } from './model-manifest.ts';
import type { ModelManifest } from './model-manifest.ts';

export const MANIFEST_FILE = 'manifest.json';

export interface ModelFolder {
  /** Absolute or relative to the working directory, as given. */
  readonly path: string;
  readonly manifest: ModelManifest;
}

/**
 * Reads the manifest and checks every file against it.
 * @throws AppError model-missing, model-damaged (a file is absent or altered), model-incompatible (made for another version)
 */
export function readModelFolder(path: string): ModelFolder {
  const manifest = readManifest(path);
  if (!(manifest.network.file in manifest.checksums)) {
    throw damaged(path, `its manifest lists no checksum of ${manifest.network.file}`);
  }
  for (const [name, expected] of Object.entries(manifest.checksums)) {
    const actual = createHash('sha256').update(readModelFile(path, name)).digest('hex');
    if (actual !== expected.toLowerCase())
      throw damaged(path, `${name} is not the file that its manifest describes`);
  }
  return { path, manifest };
}

/** A file of the folder. @throws AppError model-damaged when it is not there or its name leads outside. */
export function readModelFile(path: string, name: string): Buffer {
  const inside = normalize(name);
  if (inside !== name.replaceAll('/', sep) || inside.startsWith('..') || /^([/\\]|[a-z]:)/i.test(name)) {
    throw damaged(path, `its manifest names a file outside the folder (${name})`);
  }
  try {
    return readFileSync(join(path, name));
  } catch (error) {
    throw damaged(path, `${name} cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

function readManifest(path: string): ModelManifest {
  const file = join(path, MANIFEST_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw damaged(path, `${MANIFEST_FILE} cannot be read`);
    throw new AppError(
      'model-missing',
      `There is no model in ${path} (no ${MANIFEST_FILE}). Install Cratewise again, or point it at a model folder.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(path, `${MANIFEST_FILE} is not valid JSON`);
  }
  const { format } = Object(value) as { format?: unknown };
  if (typeof format === 'number' && format !== 1) {
    throw new AppError(
      'model-incompatible',
      `The model in ${path} has format ${format}, which this version of Cratewise does not know. Update Cratewise.`,
    );
  }
  const parsed = v.safeParse(modelManifestSchema, value);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw damaged(path, `${MANIFEST_FILE}: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  }
  checkSettings(path, parsed.output);
  return parsed.output;
}

/** What the schema cannot say. */
function checkSettings(path: string, { frontEnd, input, embeddingSize, genres }: ModelManifest): void {
  const { fftSize, hopSize, melBands, sampleRateHz, minimumHz, maximumHz, floor, deviation } = frontEnd;
  const whole = [fftSize, hopSize, melBands, sampleRateHz, input.frames, embeddingSize];
  const sound =
    whole.every((value) => Number.isSafeInteger(value) && value > 0) &&
    fftSize >= 2 &&
    (fftSize & (fftSize - 1)) === 0 &&
    minimumHz >= 0 &&
    minimumHz < maximumHz &&
    maximumHz <= sampleRateHz / 2 &&
    floor > 0 &&
    deviation > 0 &&
    new Set(genres.map(({ id }) => id)).size === genres.length;
  if (!sound) {
    throw new AppError(
      'model-incompatible',
      `The model in ${path} asks for a front end or labels that make no sense.`,
    );
  }
}

function damaged(path: string, reason: string): AppError {
  return new AppError('model-damaged', `The model in ${path} is damaged: ${reason}. Install it again.`);
}
