/**
 * Random tags written and undone in every test file. CRATEWISE_ROUND_TRIPS=N: so many for each file (a night's worth:
 * 2000) instead of those that fit into a minute.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WritePolicy } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { openEditor } from './editing/editors.ts';
import { roundTrip, seeded, steps } from './round-trips.fixture.ts';
import { byteSource, hugeTagFile, testFiles, type TestFile } from './test-files.fixture.ts';

const numRuns = Number(process.env['CRATEWISE_ROUND_TRIPS'] ?? 16);
const files = [...(await testFiles()), await hugeTagFile()];
const writable = files.filter(({ refused }) => refused === undefined);

const runsOf = (file: TestFile): number => (file.bytes.length > 1_000_000 ? 1 : numRuns);

test.for(writable.map((file) => [file.name, file] as const))('%s', { timeout: 0 }, async ([, file]) => {
  let written = 0;
  const property = fc.asyncProperty(steps, async (all) => {
    written += await roundTrip(file.bytes, all);
  });
  await fc.assert(property, { ...seeded, numRuns: runsOf(file) });
  expect(written).toBeGreaterThan(0);
});

const anew: WritePolicy = {
  ...{ joinWith: null, separator: '/', secondaryTags: 'in-step' },
  ...{ keepModifiedTime: false, preferInPlace: false },
};
/** Found by long runs. */
test.for([
  // A tag that only repeats ID3v1 was taken away by the undo of a step that had not made it.
  [
    'mp3 id3v1 alone',
    [[{ field: 'mood', values: ['!'] }], [{ field: 'mood', values: [] }], [{ field: 'energy', values: [] }]],
  ],
  // The comments took the last byte of the padding, and undo put it back elsewhere.
  [
    'flac padding in the middle',
    [[{ field: 'genre', values: ['80s', '¡𐀀ࠀÀἂ𐀀ࠀࠀࠀ ࠀ'] }], [{ field: 'energy', values: [] }]],
  ],
] as const)('once it went wrong: %s', async ([name, fields]) => {
  const file = files.find((each) => each.name === name)!;
  expect(
    await roundTrip(
      file.bytes,
      fields.map((each) => ({ fields: [...each], policy: anew })),
    ),
  ).toBe(fields.length);
});

test('what cannot be written is refused with a code, by whatever the file is', async () => {
  for (const { name, bytes, refused } of files) {
    if (refused === undefined) continue;
    const attempt = async (): Promise<string> => {
      try {
        const editor = await openEditor(byteSource(bytes));
        await editor.plan([{ kind: 'set', field: 'genre', values: ['House'] }], {
          ...{ joinWith: null, separator: '/', secondaryTags: 'in-step' },
          ...{ keepModifiedTime: false, preferInPlace: true },
        });
        return 'written';
      } catch (error) {
        return error instanceof AppError ? error.code : String(error);
      }
    };
    expect([name, await attempt()]).toEqual([name, refused]);
  }
});
