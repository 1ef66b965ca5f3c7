import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { PAGE_ROWS, RowWindow, type Page } from './row-window.svelte.ts';

/** A list of numbers whose answers come when the test says so. */
function controlled(total: number, base = 0) {
  const asked: { offset: number; signal: AbortSignal; answer: () => void; fail: (error: unknown) => void }[] =
    [];
  const load = (offset: number, limit: number, signal: AbortSignal): Promise<Page<number>> =>
    new Promise((resolve, reject) => {
      const count = Math.max(0, Math.min(limit, total - offset));
      const rows = Array.from({ length: count }, (_, index) => base + offset + index);
      asked.push({
        offset,
        signal,
        answer: () => resolve({ total, totalSeconds: total * 10, rows }),
        fail: reject,
      });
    });
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 20; round += 1) await Promise.resolve();
  };
  const answerAll = async (): Promise<void> => {
    for (const question of asked.splice(0)) question.answer();
    await settle();
  };
  return { load, asked, answerAll, settle };
}

describe('RowWindow', () => {
  it('asks for the first page, then for what comes on screen', async () => {
    const list = controlled(1000);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    expect(rows.answered).toBe(false);
    await list.answerAll();
    expect([rows.total, rows.totalSeconds, rows.rowAt(5), rows.rowAt(500)]).toEqual([
      1000,
      10_000,
      5,
      undefined,
    ]);
    rows.ensure(480, 520);
    expect(list.asked.map(({ offset }) => offset)).toEqual([400, 500]);
    await list.answerAll();
    expect([rows.rowAt(480), rows.rowAt(520), rows.rowAt(5)]).toEqual([480, 520, 5]);
    rows.ensure(470, 510);
    expect(list.asked).toEqual([]);
  });

  it('asks for what is about to come on screen, and not before somebody scrolls', async () => {
    const list = controlled(1000);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    expect(list.asked).toEqual([]);
    rows.ensure(0, 35);
    expect(list.asked).toEqual([]);
    rows.ensure(30, 65);
    expect(list.asked.map(({ offset }) => offset)).toEqual([100]);
    await list.answerAll();
    rows.ensure(330, 365);
    expect(list.asked.map(({ offset }) => offset)).toEqual([200, 300, 400]);
  });

  it('never asks beyond the end', async () => {
    const list = controlled(150);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    rows.ensure(120, 400);
    expect(list.asked.map(({ offset }) => offset)).toEqual([100]);
  });

  it('keeps the old rows until the new list has answered', async () => {
    const [old, fresh] = [controlled(300), controlled(20, 9000)];
    const rows = new RowWindow<number>();
    void rows.show(old.load);
    await old.answerAll();
    void rows.show(fresh.load);
    expect([rows.total, rows.rowAt(3)]).toEqual([300, 3]);
    await fresh.answerAll();
    expect([rows.total, rows.rowAt(3)]).toEqual([20, 9003]);
  });

  it('drops the late answer of a list that is no longer shown', async () => {
    const [slow, fast] = [controlled(300), controlled(20, 9000)];
    const rows = new RowWindow<number>();
    void rows.show(slow.load);
    void rows.show(fast.load);
    expect(slow.asked[0]?.signal.aborted).toBe(true);
    await fast.answerAll();
    await slow.answerAll();
    expect([rows.total, rows.rowAt(0)]).toEqual([20, 9000]);
  });

  it('drops the late page of a list that is no longer shown', async () => {
    const [slow, fast] = [controlled(300), controlled(250, 9000)];
    const rows = new RowWindow<number>();
    void rows.show(slow.load);
    await slow.answerAll();
    rows.ensure(200, 220);
    void rows.show(fast.load);
    await fast.answerAll();
    await slow.answerAll();
    rows.ensure(200, 220);
    await fast.answerAll();
    expect([rows.total, rows.rowAt(205)]).toEqual([250, 9205]);
  });

  it('asks once more, not many times, for changes during a reload', async () => {
    const list = controlled(300);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    for (let change = 0; change < 5; change += 1) void rows.reload();
    expect(list.asked).toHaveLength(1);
    await list.answerAll();
    expect(list.asked).toHaveLength(1);
    await list.answerAll();
    expect(list.asked).toHaveLength(0);
  });

  it('reloads what is on screen and forgets the rest', async () => {
    const list = controlled(1000);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    rows.ensure(500, 530);
    await list.answerAll();
    void rows.reload();
    expect(list.asked.map(({ offset }) => offset)).toEqual([500]);
    await list.answerAll();
    expect([rows.rowAt(510), rows.rowAt(0)]).toEqual([510, undefined]);
  });

  it('tells a failure, keeps the rows, and recovers', async () => {
    const list = controlled(300);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    void rows.reload();
    list.asked.splice(0)[0]?.fail(new AppError('internal', 'the disk is away'));
    await list.settle();
    expect(rows.error).toEqual({ code: 'internal', detail: 'the disk is away' });
    expect(rows.rowAt(3)).toBe(3);
    void rows.reload();
    await list.answerAll();
    expect(rows.error).toBeNull();
  });

  it('holds a bounded number of pages, the nearest ones', async () => {
    const list = controlled(PAGE_ROWS * 200);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    for (let page = 1; page < 100; page += 1) {
      rows.ensure(page * PAGE_ROWS, page * PAGE_ROWS + 30);
      await list.answerAll();
    }
    expect([...rows.loaded()].length).toBeLessThanOrEqual(40 * PAGE_ROWS);
    expect(rows.rowAt(99 * PAGE_ROWS)).toBe(99 * PAGE_ROWS);
    expect(rows.rowAt(0)).toBeUndefined();
  });

  it('cancels pages that were scrolled past', async () => {
    const list = controlled(10_000);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    rows.ensure(3000, 3030);
    const [passed] = list.asked;
    rows.ensure(8000, 8030);
    expect(passed?.signal.aborted).toBe(true);
    await list.answerAll();
    expect([rows.rowAt(3000), rows.rowAt(8000)]).toEqual([undefined, 8000]);
  });

  it('asks again for a page it had cancelled when scrolling comes back to it', async () => {
    const list = controlled(10_000);
    const rows = new RowWindow<number>();
    void rows.show(list.load);
    await list.answerAll();
    rows.ensure(3000, 3030);
    rows.ensure(8000, 8030);
    rows.ensure(3000, 3030);
    await list.answerAll();
    expect(rows.rowAt(3000)).toBe(3000);
  });
});
