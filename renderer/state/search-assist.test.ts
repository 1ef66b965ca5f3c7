import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchSuggestions } from '#shared/domain.ts';
import { scriptedClient } from './scripted-client.fixture.ts';
import { SearchAssist } from './search-assist.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => void vi.useRealTimers());

const house = { kind: 'value', label: 'House', hint: '', insert: 'House', count: 7 } as const;
const genre = { kind: 'field', label: 'genre:', hint: 'Genre', insert: 'genre:', count: null } as const;
const answer =
  (from: number, to: number, ...suggestions: SearchSuggestions['suggestions']) =>
  () => ({
    from,
    to,
    suggestions,
  });

function setUp(suggest: () => SearchSuggestions | Promise<SearchSuggestions> = answer(6, 8, house)) {
  const client = scriptedClient({ 'search.suggest': suggest });
  return { client, assist: new SearchAssist(client, localStorage) };
}

describe('SearchAssist', () => {
  it('asks once for letters typed in a run, and puts the value in the place of what was typed', async () => {
    const { client, assist } = setUp();
    assist.ask('genre:h', 7);
    assist.ask('genre:ho', 8);
    await vi.advanceTimersByTimeAsync(100);
    expect(client.inputsOf('search.suggest')).toEqual([{ text: 'genre:ho', caret: 8 }]);
    expect(assist.open).toBe(true);
    expect(assist.take(0, 'genre:ho')).toEqual({ text: 'genre:House ', caret: 12 });
    expect(assist.open).toBe(false);
  });

  it('leaves what follows alone, and no gap after a field', async () => {
    const { assist } = setUp();
    assist.ask('genre:ho year:1999', 8);
    await vi.advanceTimersByTimeAsync(100);
    expect(assist.take(0, 'genre:ho year:1999')).toEqual({ text: 'genre:House year:1999', caret: 12 });
    const other = setUp(answer(0, 2, genre)).assist;
    other.ask('ge', 2);
    await vi.advanceTimersByTimeAsync(100);
    expect(other.take(0, 'ge')).toEqual({ text: 'genre:', caret: 6 });
    expect(other.take(5, 'ge')).toBeNull();
  });

  it('offers nothing between two words, unless it is asked for', async () => {
    const { client, assist } = setUp();
    for (const caret of [5, 0]) assist.ask('deep ', caret);
    await vi.advanceTimersByTimeAsync(100);
    expect([assist.open, client.asked.length]).toEqual([false, 0]);
    assist.ask('deep ', 5, true);
    await vi.advanceTimersByTimeAsync(100);
    expect(assist.open).toBe(true);
  });

  it('goes round through the lines and the box', async () => {
    const { assist } = setUp(answer(0, 0, house, genre));
    assist.ask('x', 1);
    await vi.advanceTimersByTimeAsync(100);
    const seen = [1, 1, 1, -1].map((by) => {
      assist.move(by as 1 | -1);
      return assist.active;
    });
    expect(seen).toEqual([0, 1, -1, 1]);
  });

  it('an answer that comes after the list was closed, or after a newer question, is dropped', async () => {
    const waiting: ((found: SearchSuggestions) => void)[] = [];
    const { assist } = setUp(() => new Promise((resolve) => waiting.push(resolve)));
    assist.ask('a', 1);
    await vi.advanceTimersByTimeAsync(100);
    assist.ask('ab', 2);
    await vi.advanceTimersByTimeAsync(100);
    waiting[1]!(answer(0, 2, house)());
    waiting[0]!(answer(0, 1, genre)());
    await vi.advanceTimersByTimeAsync(0);
    expect(assist.offers).toEqual([house]);
    assist.close();
    expect(assist.open).toBe(false);
  });

  it('a failure only means that nothing is offered', async () => {
    const { assist } = setUp(() => Promise.reject(new Error('away')));
    assist.ask('a', 1);
    await vi.advanceTimersByTimeAsync(100);
    expect(assist.open).toBe(false);
  });

  it('remembers searches that have no mistake, the last one first, also in the next window', () => {
    const { assist } = setUp();
    for (const search of ['genre:house', ' deep ', 'genre:', '', 'genre:house']) assist.remember(search);
    assist.ask('', 0);
    const labels = () => assist.offers.map(({ label }) => label);
    expect([assist.open, labels()]).toEqual([true, ['genre:house', 'deep']]);
    expect(assist.take(1, '')).toEqual({ text: 'deep', caret: 4 });
    const next = new SearchAssist(scriptedClient({}), localStorage);
    next.ask(' ', 1);
    expect(next.offers).toHaveLength(2);
    next.forgetRecent();
    next.ask('', 0);
    expect(next.open).toBe(false);
  });

  it('what another hand left in the storage does no harm', () => {
    for (const stored of ['{"a":1}', 'nonsense', '[1, null, "deep"]']) {
      localStorage.setItem('cratewise.searches', stored);
      const { assist } = setUp();
      assist.ask('', 0);
      expect(assist.offers.length).toBe(stored.startsWith('[') ? 1 : 0);
    }
  });
});
