import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHolds } from './holds.ts';
import type { PlayerHolds } from './holds.ts';

const context = { signal: new AbortController().signal };
let holds: PlayerHolds;

function hold(client: string, ...trackIds: number[]): void {
  void holds.handlers['playing.hold']({ client, trackIds }, context);
}

beforeEach(() => {
  vi.useFakeTimers();
  holds = createHolds();
});
afterEach(() => {
  holds.close();
  vi.useRealTimers();
});

describe('holds', () => {
  it('are of the client that said so last', () => {
    hold('window', 1);
    hold('web', 1, 2);
    hold('window');
    expect([1, 2, 3].map((id) => holds.isHeld(id))).toEqual([true, true, false]);
    hold('web', 3);
    expect([1, 2, 3].map((id) => holds.isHeld(id))).toEqual([false, false, true]);
  });

  it('tell of a release, and of nothing else', () => {
    const told = vi.fn<() => void>();
    const end = holds.onRelease(told);
    hold('window', 1);
    hold('window', 1, 2);
    expect(told).not.toHaveBeenCalled();
    hold('window', 2);
    expect(told).toHaveBeenCalledTimes(1);
    end();
    hold('window');
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('end when their client went away', () => {
    const told = vi.fn<() => void>();
    holds.onRelease(told);
    hold('window', 1);
    vi.advanceTimersByTime(60_000);
    hold('window', 1);
    vi.advanceTimersByTime(60_000);
    expect(holds.isHeld(1)).toBe(true);
    vi.advanceTimersByTime(31_000);
    expect(holds.isHeld(1)).toBe(false);
    expect(told).toHaveBeenCalledTimes(1);
  });
});
