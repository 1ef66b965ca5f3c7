import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { Notices } from './notices.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Notices', () => {
  it('takes what was done away by itself, later where there is a button, and never a problem', () => {
    const notices = new Notices();
    notices.done('Saved.');
    notices.done('Moved.', { label: 'Undo', run: () => undefined });
    notices.problem({ code: 'disk-full', detail: '' });
    vi.advanceTimersByTime(7000);
    expect(notices.messages.map(({ text }) => text)).toEqual([
      'Moved.',
      expect.stringContaining('Disk full'),
    ]);
    vi.advanceTimersByTime(60_000);
    expect(notices.messages.length).toBe(1);
  });

  it('says the same thing once; the button is that of the last time', () => {
    const notices = new Notices();
    const [first, second] = [vi.fn(), vi.fn()];
    notices.done('1 row moved.', { label: 'Undo', run: first });
    notices.done('1 row moved.', { label: 'Undo', run: second });
    notices.problem({ code: 'disk-full', detail: '' });
    notices.problem({ code: 'disk-full', detail: '' });
    expect(notices.messages.length).toBe(2);
    notices.messages[0]?.action?.run();
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  });

  it('offers to take back only the last thing, and nothing once that is done otherwise', () => {
    const notices = new Notices();
    notices.done('Saved.');
    notices.done('Moved.', { label: 'Undo', run: () => undefined });
    notices.done('Renamed.', { label: 'Undo', run: () => undefined });
    expect(notices.messages.map(({ text }) => text)).toEqual(['Saved.', 'Renamed.']);
    notices.closeOffers();
    expect(notices.messages.map(({ text }) => text)).toEqual(['Saved.']);
  });

  it('turns a failure into a message, but not a cancelled request', async () => {
    const notices = new Notices();
    expect(await notices.attempt(() => Promise.reject(new AppError('cancelled')))).toBe(false);
    expect(notices.messages).toEqual([]);
    expect(await notices.attempt(() => Promise.reject(new AppError('disk-full', '/music')))).toBe(false);
    expect(notices.messages[0]?.text).toContain('/music');
    expect(await notices.attempt(() => Promise.resolve(null))).toBe(true);
  });
});
