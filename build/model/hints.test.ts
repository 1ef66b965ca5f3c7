import { expect, it } from 'vitest';
import { hintBytes, packHints } from './hints.ts';
import { hintMaps, withOutputs } from './teachers.ts';

it('packs maps by time, band and channel of both teachers, one byte a value', () => {
  const maps = (teacher: number) =>
    hintMaps.map(({ times, bands, channels }) =>
      Float32Array.from({ length: times * bands * channels }, (_, index) =>
        // Channel 3 of the second teacher speaks at time 1 of band 2 only.
        teacher === 1 && index === (3 * bands + 2) * times + 1 ? 5 : 0,
      ),
    );
  const answers = [0, 1].map((teacher) => ({ label: new Float32Array(), maps: maps(teacher) }));
  const scale = hintMaps.map(({ channels }) => new Array<number>(2 * channels).fill(10));
  const packed = packHints(answers, scale);
  expect(packed).toHaveLength(hintBytes);
  let from = 0;
  for (const { times, bands, channels } of hintMaps) {
    const size = times * bands * channels * 2;
    const spoken = [...packed.subarray(from, from + size)].flatMap((value, at) =>
      value ? [[at, value]] : [],
    );
    expect(spoken).toEqual([[(bands + 2) * 2 * channels + channels + 3, 128]]);
    from += size;
  }
});

it('never leaves the range of a byte', () => {
  const maps = hintMaps.map(({ times, bands, channels }) =>
    new Float32Array(times * bands * channels).fill(1e9),
  );
  const scale = hintMaps.map(({ channels }) => new Array<number>(2 * channels).fill(1));
  const answers = [0, 1].map(() => ({ label: new Float32Array(), maps }));
  expect(new Set(packHints(answers, scale))).toEqual(new Set([255]));
});

it('asks an ONNX model for inner tensors by appending them to its graph', () => {
  const named = withOutputs(Buffer.from([8, 7]), ['inner', 'x'.repeat(200)]);
  expect([...named.subarray(0, 2)]).toEqual([8, 7]);
  // Field 7 (graph), 17 bytes: field 12 (output), 15 bytes: name 'inner', type { tensor { element: float } }.
  expect([...named.subarray(2, 21)]).toEqual([
    ...[58, 15, 98, 13, 10, 5, ...Buffer.from('inner'), 18, 4, 10, 2, 8, 1],
    ...[58, 212],
  ]);
});
