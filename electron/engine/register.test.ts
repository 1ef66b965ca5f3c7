import { expect, test } from 'vitest';
import { requests } from '#shared/contract.ts';
import type { Handlers } from '#shared/contract.ts';
import { register } from './register.ts';

const handler = () => null;
const all = Object.fromEntries(Object.keys(requests).map((name) => [name, handler])) as unknown as Handlers;

test('every name once', () => {
  const { 'tracks.rate': rate, ...rest } = all;
  expect(Object.keys(register(rest, { 'tracks.rate': rate })).sort()).toEqual(Object.keys(requests).sort());
});

test.each([
  ['a name twice', [all, { 'tracks.rate': handler }], /Two features register “tracks.rate”/],
  ['a name that is not in the contract', [all, { 'tracks.eat': handler }], /named “tracks.eat”/],
  ['a name that nobody registers', [{ 'tracks.rate': handler }], /Nobody registers app.info, /],
])('%s is a defect', (_what, features, message) => {
  expect(() => register(...(features as Partial<Handlers>[]))).toThrow(message);
});
