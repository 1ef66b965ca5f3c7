import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createChanges } from './changes.ts';
import { createEvents } from './events.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('thousands of changes become a few events a second, and the last one is always told', () => {
  const events = createEvents();
  const told: number[] = [];
  events.subscribe('library.changed', ({ revision }) => told.push(revision));
  const changes = createChanges(events);
  for (let millisecond = 0; millisecond < 1000; millisecond++) {
    changes.changed();
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(1000);
  expect(told.length).toBeGreaterThanOrEqual(4);
  expect(told.length).toBeLessThanOrEqual(6);
  expect(told.at(-1)).toBe(changes.revision());
});

test('a single change is told at once and only once', () => {
  const events = createEvents();
  const told: number[] = [];
  events.subscribe('library.changed', ({ revision }) => told.push(revision));
  const changes = createChanges(events);
  changes.changed();
  expect(told).toEqual([2]);
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([2]);
});

test('nothing is told after the end', () => {
  const events = createEvents();
  let told = 0;
  events.subscribe('library.changed', () => (told += 1));
  const changes = createChanges(events);
  changes.changed();
  changes.changed();
  changes.close();
  vi.advanceTimersByTime(1000);
  expect(told).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
