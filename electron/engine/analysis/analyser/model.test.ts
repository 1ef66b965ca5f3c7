import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder } from '../model-folder.ts';
import type { ModelManifest } from '../model-manifest.ts';
import { testGenres, testTags, writeTestModel } from './model-for-tests.ts';
import { loadModel } from './model.ts';

const folder = mkdtempSync(join(tmpdir(), 'cratewise-model-'));
beforeAll(async () => void (await writeTestModel(folder)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const windowSize = 64 * 32;

function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count * windowSize }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A copy of the folder with some files changed. */
function altered(name: string, change: (target: string) => void): string {
  const target = join(folder, name);
  mkdirSync(target);
  for (const file of ['manifest.json', 'model.json', 'weights.bin'])
    copyFileSync(join(folder, file), join(target, file));
  change(target);
  return target;
}

function editManifest(target: string, change: (manifest: Record<string, unknown>) => void): void {
  const file = join(target, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

describe('loadModel', () => {
  it('gives outputs of the shapes that the manifest says, alike for one window and for many', async () => {
    const model = await loadModel(readModelFolder(folder), { backend: 'wasm' });
    expect(model.backend).toBe('wasm');
    const windows = noise(3, 1);
    const all = await model.predict(windows, 3);
    expect(all.embeddings).toHaveLength(3 * 16);
    expect(all.genres).toHaveLength(3 * testGenres.length);
    expect(all.tags).toHaveLength(3 * testTags.length);
    expect(all.stepGenres).toHaveLength(3 * all.steps * testGenres.length);
    const second = await model.predict(windows.slice(windowSize, 2 * windowSize), 1);
    second.embeddings.forEach((value, at) => expect(value).toBeCloseTo(all.embeddings[16 + at] as number, 5));
    expect(second.embeddings.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    model.dispose();
  });

  it('keeps no tensors of a run', async () => {
    const model = await loadModel(readModelFolder(folder), { backend: 'wasm' });
    const before = model.tensorCount();
    for (let turn = 0; turn < 5; turn += 1) await model.predict(noise(2, turn), 2);
    expect(model.tensorCount()).toBe(before);
    model.dispose();
    expect(model.tensorCount()).toBeLessThan(before);
  });

  it('says what does not fit when the manifest speaks of another network', async () => {
    const other = altered('other', (target) =>
      editManifest(target, (manifest) => (manifest['embeddingSize'] = 7)),
    );
    await expect(loadModel(readModelFolder(other), { backend: 'wasm' })).rejects.toMatchObject({
      code: 'model-incompatible',
      detail: expect.stringContaining('[1, 16]') as string,
    });
    const unnamed = altered('unnamed', (target) =>
      editManifest(target, (manifest) => {
        (manifest['network'] as ModelManifest['network'] & { outputs: { genres: string } }).outputs.genres =
          'absent';
      }),
    );
    await expect(loadModel(readModelFolder(unnamed), { backend: 'wasm' })).rejects.toMatchObject({
      code: 'model-damaged',
    });
  });

  it('refuses the native TensorFlow where there is none, and does without it when free to choose', async () => {
    const options = { tensorflowFolder: join(folder, 'nowhere') };
    await expect(
      loadModel(readModelFolder(folder), { ...options, backend: 'tensorflow' }),
    ).rejects.toMatchObject({
      code: 'model-incompatible',
    });
    const model = await loadModel(readModelFolder(folder), { ...options, backend: 'auto' });
    expect(model.backend).toBe('wasm');
    model.dispose();
  });
});

describe('readModelFolder', () => {
  it('names what is missing, altered or too new', () => {
    const cases: [string, string, (target: string) => void][] = [
      ['empty', 'model-missing', (target) => rmSync(join(target, 'manifest.json'))],
      ['half', 'model-damaged', (target) => rmSync(join(target, 'weights.bin'))],
      ['flipped', 'model-damaged', (target) => flip(join(target, 'weights.bin'))],
      ['garbled', 'model-damaged', (target) => writeFileSync(join(target, 'manifest.json'), '{')],
      [
        'newer',
        'model-incompatible',
        (target) => editManifest(target, (manifest) => (manifest['format'] = 2)),
      ],
      [
        'unlisted',
        'model-damaged',
        (target) => editManifest(target, (manifest) => (manifest['checksums'] = {})),
      ],
      [
        'untyped',
        'model-damaged',
        (target) => editManifest(target, (manifest) => (manifest['genres'] = 'all')),
      ],
      [
        'outside',
        'model-damaged',
        (target) =>
          editManifest(target, (manifest) => {
            (manifest['checksums'] as Record<string, string>)['../weights.bin'] = '00';
          }),
      ],
      [
        'absurd',
        'model-incompatible',
        (target) =>
          editManifest(target, (manifest) => {
            (manifest['frontEnd'] as { fftSize: number }).fftSize = 500;
          }),
      ],
    ];
    for (const [name, code, change] of cases) {
      const target = altered(name, change);
      expect(() => readModelFolder(target), name).toThrow(expect.objectContaining({ code }) as Error);
    }
  });
});

function flip(file: string): void {
  const bytes = readFileSync(file);
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
