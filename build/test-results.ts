/** What test runners wrote about a run, as counts that can be added. */
import { readFileSync } from 'node:fs';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(left: Counts, right: Counts): Counts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests?: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** Counts of Vitest's JSON report. A file that could not even be loaded has no tests in it: it counts as one failure. */
export function readVitest(report: VitestReport): Counts {
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  /** Failures outside any test: a spec that does not load, a set-up that throws. */
  readonly errors: readonly unknown[];
}

/** Counts of Playwright's JSON report. A test that passed only when repeated counts as failed. */
export function readPlaywright(report: PlaywrightReport): Counts {
  return {
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky + report.errors.length,
    skipped: report.stats.skipped,
  };
}

/**
 * The counts of a run that ended with this exit code and should have written this report. A runner that
 * crashed, wrote nothing readable, or ended badly without a failed test counts as one failure.
 */
export function countsOf<Report>(
  file: string,
  exitCode: number | null,
  read: (report: Report) => Counts,
): Counts {
  let counts: Counts;
  try {
    counts = read(JSON.parse(readFileSync(file, 'utf8')) as Report);
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  // Nothing ran although the runner was content: the patterns of its configuration find no tests.
  if (counts.passed + counts.failed + counts.skipped === 0) return { ...counts, failed: 1 };
  return counts;
}

/** The line every test run ends with. */
export function summaryLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}
