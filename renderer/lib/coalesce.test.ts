import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { coalesced } from './coalesce.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs at once, then once more for all calls in between', async () => {
  let runs = 0;
  const call = coalesced(
    async () => void (runs += 1),
    300,
    () => undefined,
  );
  call();
  call();
  call();
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(299);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(runs).toBe(2);
});

it('hands on a failure and goes on', async () => {
  const errors: unknown[] = [];
  const call = coalesced(
    () => Promise.reject(new Error('away')),
    10,
    (error) => errors.push(error),
  );
  call();
  await vi.advanceTimersByTimeAsync(20);
  call();
  await vi.advanceTimersByTimeAsync(20);
  expect(errors).toHaveLength(2);
});
