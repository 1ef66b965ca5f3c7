import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprint } from './fresh.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'cratewise-fresh-'));
  mkdirSync(path.join(root, 'source', 'inner'), { recursive: true });
  writeFileSync(path.join(root, 'source', 'inner', 'a.ts'), 'one');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('changes with a file that is edited, added or removed, and not with a test', () => {
  const first = fingerprint(root, ['source']);
  expect(fingerprint(root, ['source'])).toBe(first);

  utimesSync(path.join(root, 'source', 'inner', 'a.ts'), 1, 1);
  const touched = fingerprint(root, ['source']);
  expect(touched).not.toBe(first);

  writeFileSync(path.join(root, 'source', 'b.ts'), 'two');
  expect(fingerprint(root, ['source'])).not.toBe(touched);
  rmSync(path.join(root, 'source', 'b.ts'));
  expect(fingerprint(root, ['source'])).toBe(touched);

  writeFileSync(path.join(root, 'source', 'b.test.ts'), 'three');
  expect(fingerprint(root, ['source'])).toBe(touched);
});
