import { expect, it } from 'vitest';
import { parseTable } from './corpus.ts';
import { windowPlan } from './features.ts';

it('reads a table with quoted fields', () => {
  const rows = parseTable('file,title\na.opus,"Sonata 6, in C ""minor"""\r\nb.opus,\n');
  expect(rows).toEqual([
    { file: 'a.opus', title: 'Sonata 6, in C "minor"' },
    { file: 'b.opus', title: '' },
  ]);
});

it('takes one window of a judged clip, more of scarce music than of plentiful', () => {
  expect(windowPlan('gtzan-mini').most).toBe(1);
  expect(windowPlan('jamendo').most).toBeGreaterThan(windowPlan('debian').most);
});
