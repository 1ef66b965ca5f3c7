import { expect, test } from 'vitest';
import { runStep, runSteps, table, type StepResult } from './steps.ts';

const node = (name: string, code: string) => ({ name, command: process.execPath, arguments: ['-e', code] });

test('exit code and output of a program are what it gave', async () => {
  const result = await runStep(
    node('mixed', 'console.log("out"); console.error("err"); process.exitCode = 3'),
  );
  expect(result.exitCode).toBe(3);
  expect(result.output).toContain('out');
  expect(result.output).toContain('err');
});

test('a program that is not there, or is killed, did not pass', async () => {
  const absent = await runStep({ name: 'absent', command: 'no-such-program-anywhere', arguments: [] });
  expect(absent.exitCode).toBeNull();
  expect(absent.output).toMatch(/no-such-program-anywhere could not be started/);
  const killed = await runStep(node('killed', 'process.kill(process.pid, "SIGKILL")'));
  expect(killed.exitCode).toBeNull();
  expect(killed.output).toMatch(/SIGKILL/);
});

test('no more than the bound run at a time, and results keep the order', async () => {
  const stamp = 'const t=Date.now();setTimeout(()=>console.log(t+" "+Date.now()),300)';
  const names = ['a', 'b', 'c', 'd'];
  const seen: StepResult[] = [];
  const results = await runSteps(
    names.map((name) => node(name, stamp)),
    2,
    (result) => seen.push(result),
  );
  expect(results.map((result) => result.name)).toEqual(names);
  expect(seen).toHaveLength(4);
  const spans = results.map((result) => result.output.trim().split(' ').map(Number));
  for (const [start = 0] of spans) {
    const running = spans.filter(([from = 0, to = 0]) => from <= start && start < to);
    expect(running.length).toBeLessThanOrEqual(2);
  }
});

test('a table has columns', () => {
  const rows = [
    ['step', 'seconds'],
    ['lint', '9.2'],
  ];
  expect(table(rows, [1])).toBe('step  seconds\nlint      9.2');
});
