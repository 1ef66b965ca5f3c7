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

test('listeners inside the engine hear every change; none after close', () => {
  const changes = createChanges(createEvents());
  let heard = 0;
  const end = changes.onChange(() => (heard += 1));
  changes.changed();
  changes.changed();
  end();
  changes.changed();
  expect(heard).toBe(2);
  changes.close();
  expect(vi.getTimerCount()).toBe(0);
});
