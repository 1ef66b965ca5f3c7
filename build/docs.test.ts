/** The documentation is held to the code it speaks of. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { errorText } from '#shared/error-text.ts';
import { errorCodes } from '#shared/errors.ts';
import { repository } from './steps.ts';

const read = (file: string): string => readFileSync(path.join(repository, file), 'utf8');

test('docs/errors.md has one row for each error code, in order, with the words of the app', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([^`]+)` *\| ([^|]+) \| ([^|]+) \|$/gm)];
  expect(rows.map((row) => row[1])).toEqual([...errorCodes]);
  for (const [, code, title, cause] of rows) {
    expect(title?.trim(), code).toBe(errorText(code as (typeof errorCodes)[number]).title);
    expect(cause?.trim(), code).not.toBe('');
  }
});

test('decisions are numbered without gaps and stay short', () => {
  const files = readdirSync(path.join(repository, 'docs/decisions')).sort();
  files.forEach((file, index) => {
    expect(file).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
    const lines = read(`docs/decisions/${file}`).trim().split('\n');
    expect(lines.length, file).toBeLessThanOrEqual(14);
  });
});

test('every relative link of the documentation leads to a file', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/benchmarks.md'];
  for (const document of documents) {
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    for (const link of links) {
      const target = path.join(repository, path.dirname(document), link);
      expect(readdirSync(path.dirname(target)), `${document}: ${link}`).toContain(path.basename(target));
    }
  }
});

test('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const document of ['README.md', 'CONTRIBUTING.md', 'docs/benchmarks.md', 'docs/architecture.md']) {
    for (const [, name = ''] of read(document).matchAll(/npm run (?:-s |--silent )?([a-z][a-z:-]*)/g)) {
      expect(Object.keys(scripts), document).toContain(name);
    }
  }
});
