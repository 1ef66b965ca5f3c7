import { expect, test } from 'vitest';
import { refusedPart } from './search-refusal.ts';

const refused = (at: number) => ({
  code: 'query-invalid' as const,
  detail: `There is no genre “polka” (at character ${at} of the search)`,
});

test('marks the term that the engine refused', () => {
  expect(refusedPart(refused(6), 'deep genre:polka house')).toMatchObject({ offset: 5, length: 11 });
  expect(refusedPart(refused(6), 'deep')).toBeNull();
  expect(refusedPart({ code: 'internal', detail: '' }, 'deep')).toBeNull();
  expect(refusedPart(null, 'deep')).toBeNull();
  expect(refusedPart({ code: 'query-invalid', detail: 'No.' }, 'deep house')).toMatchObject({
    offset: 0,
    length: 4,
  });
});
