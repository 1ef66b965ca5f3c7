import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { add, countsOf, readPlaywright, readVitest, summaryLine } from './test-results.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cratewise-results-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function report(content: unknown): string {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const vitest = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, testResults: [] };

test('counts come from the report, a file that does not load is a failure', () => {
  expect(countsOf(report(vitest), 0, readVitest)).toEqual({ passed: 3, failed: 0, skipped: 1 });
  const unloadable = {
    ...vitest,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  };
  expect(countsOf(report(unloadable), 1, readVitest)).toEqual({ passed: 3, failed: 1, skipped: 1 });
});

test('a failed test in a failed file is counted once', () => {
  const failed = {
    ...vitest,
    numFailedTests: 1,
    testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }],
  };
  expect(countsOf(report(failed), 1, readVitest).failed).toBe(1);
});

test('a runner that crashed cannot pass', () => {
  expect(countsOf(path.join(folder, 'absent.json'), 0, readVitest).failed).toBe(1);
  expect(countsOf(report('{ "numPassedTests": 3,'), 0, readVitest).failed).toBe(1);
  expect(countsOf(report(vitest), 1, readVitest).failed).toBe(1);
  expect(countsOf(report(vitest), null, readVitest).failed).toBe(1);
  expect(countsOf(report({ ...vitest, numPassedTests: 0, numPendingTests: 0 }), 0, readVitest).failed).toBe(
    1,
  );
});

test('flaky tests and errors outside tests are failures', () => {
  const playwright = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] };
  expect(countsOf(report(playwright), 1, readPlaywright)).toEqual({ passed: 5, failed: 3, skipped: 2 });
});

test('the summary is one line with all three counts', () => {
  const sum = add({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
  expect(summaryLine(sum)).toBe('11 passed, 22 failed, 33 skipped');
});
