import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SmartRules } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { depthOf, RuleEditor, type RuleLine } from './rule-editor.svelte.ts';
import { scriptedClient, someTrack } from './scripted-client.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const house = { field: 'genre', operator: 'is', value: 'House' } as const;
const stars = { field: 'rating', operator: 'atLeast', value: '4' } as const;
const nested: SmartRules = {
  where: {
    match: 'all',
    rules: [house, { match: 'any', rules: [stars, { ...stars, not: true, value: '2' }] }],
  },
  sort: [{ field: 'addedAt', descending: true }, { field: 'trackNumber' }],
  limit: 50,
};

function engine() {
  return scriptedClient({
    'smart.count': () => ({ trackCount: 12, durationSeconds: 3000 }),
    'tracks.window': () => ({ total: 12, totalSeconds: 3000, offset: 0, rows: [someTrack(1)], revision: 1 }),
  });
}
const settle = () => vi.advanceTimersByTimeAsync(400);

describe('RuleEditor', () => {
  it('gives back the rules it was given', () => {
    const editor = new RuleEditor(engine(), nested);
    expect(editor.rules).toEqual(nested);
    expect(depthOf(editor.root)).toBe(2);
  });

  it('counts what the rules hold, once for a burst of changes, and shows rows in their order', async () => {
    const client = engine();
    const editor = new RuleEditor(client, nested);
    editor.setLimit(20);
    editor.setSort([]);
    await settle();
    expect(editor.preview).toMatchObject({ trackCount: 12, rows: [{ id: 1 }] });
    expect(client.inputsOf('smart.count').length).toBe(1);
    expect(client.inputsOf('smart.count')[0]?.rules.limit).toBe(20);
    // As the list itself will stand, whatever the engine takes for its order.
    expect(client.inputsOf('tracks.window')[0]?.sort).toEqual([{ field: 'position' }]);
    expect(editor.rules.sort).toBeUndefined();
    expect(editor.counting).toBe(false);
  });

  it('leaves lines without a value out of the count, and is not complete until they have one', async () => {
    const client = engine();
    const editor = new RuleEditor(client, null);
    const [line] = editor.root.children;
    const id = line?.id ?? -1;
    await settle();
    expect(editor.complete).toBe(false);
    expect(editor.problem(id)).toContain('value');
    expect(client.inputsOf('smart.count')[0]?.rules.where.rules).toEqual([]);
    editor.change(id, house);
    await settle();
    expect(editor.complete).toBe(true);
    expect(client.inputsOf('smart.count').at(-1)?.rules.where.rules).toEqual([house]);
    editor.change(id, { ...stars, value: 'many' });
    expect(editor.problem(id)).not.toBeNull();
  });

  it('adds and removes lines and groups; an empty group goes', () => {
    const editor = new RuleEditor(engine(), nested);
    const [first, group] = editor.root.children;
    if (first === undefined || group?.kind !== 'group') throw new Error('no group');
    const [one, two] = group.children;
    editor.remove(one?.id ?? -1);
    editor.remove(two?.id ?? -1);
    expect(editor.root.children.map(({ id }) => id)).toEqual([first.id]);
    const added = editor.addRule(editor.root.id);
    expect((editor.root.children.find(({ id }) => id === added) as RuleLine).condition.field).toBe('genre');
    editor.addGroup(editor.root.id);
    expect(editor.rules.where.rules.length).toBe(3);
    editor.setMatch(editor.root.id, 'none');
    expect(editor.rules.where.match).toBe('none');
  });

  it('knows the limits of the contract', () => {
    const rules = Array.from({ length: 100 }, () => house);
    const editor = new RuleEditor(engine(), { where: { match: 'any', rules } });
    expect(editor.canAdd).toBe(false);
    editor.setLimit(10_000_000);
    expect(editor.limit).toBe(100_000);
    editor.setLimit(0);
    expect(editor.limit).toBe(1);
  });

  it('says in words what the engine refuses, and goes on after it', async () => {
    const client = engine();
    client.answers['smart.count'] = () =>
      Promise.reject(new AppError('query-invalid', 'rule 1: no such year'));
    const editor = new RuleEditor(client, nested);
    await settle();
    expect(editor.failure).toContain('no such year');
    client.answers['smart.count'] = () => ({ trackCount: 1, durationSeconds: 1 });
    editor.setLimit(3);
    await settle();
    expect([editor.failure, editor.preview?.trackCount]).toEqual([null, 1]);
  });

  it('suggests values of texts, and none where the engine has none', async () => {
    const client = engine();
    const suggestion = { hint: '', insert: '', count: 3 };
    client.answers['search.suggest'] = () => ({
      from: 0,
      to: 1,
      suggestions: [
        { ...suggestion, kind: 'field', label: 'artist:' },
        { ...suggestion, kind: 'value', label: 'Orbital' },
      ],
    });
    const editor = new RuleEditor(client, nested);
    expect(await editor.suggest('artist', 'Orb "')).toEqual(['Orbital']);
    expect(client.inputsOf('search.suggest')).toEqual([{ text: 'artist:"Orb ', caret: 12 }]);
    expect(await editor.suggest('year', '19')).toEqual([]);
    client.answers['search.suggest'] = () => Promise.reject(new AppError('query-invalid', ''));
    expect(await editor.suggest('artist', 'x')).toEqual([]);
  });

  it('takes no late answer of an older question, and asks no more once closed', async () => {
    const client = engine();
    const answers: ((value: { trackCount: number; durationSeconds: number }) => void)[] = [];
    client.answers['smart.count'] = () => new Promise((resolve) => answers.push(resolve));
    const editor = new RuleEditor(client, nested);
    await settle();
    editor.setLimit(5);
    await settle();
    answers[1]?.({ trackCount: 5, durationSeconds: 1 });
    await settle();
    answers[0]?.({ trackCount: 99, durationSeconds: 1 });
    await settle();
    expect(editor.preview?.trackCount).toBe(5);
    editor.setLimit(6);
    editor.close();
    await settle();
    expect(answers.length).toBe(2);
  });
});
