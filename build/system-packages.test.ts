import { expect, test } from 'vitest';
import { hasProgram, notInstalled } from './system-packages.ts';

test('a package renamed for 64-bit time counts as installed', () => {
  const installed = new Set(['libgtk-3-0t64', 'xvfb']);
  expect(notInstalled(['libgtk-3-0', 'xvfb', 'libnss3'], installed)).toEqual(['libnss3']);
});

test('programs are looked for in PATH', () => {
  expect(hasProgram('node')).toBe(true);
  expect(hasProgram('no-such-program-anywhere')).toBe(false);
});
