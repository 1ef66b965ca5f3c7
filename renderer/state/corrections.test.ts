import { describe, expect, it } from 'vitest';
import type { EditsState } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { Corrections } from './corrections.svelte.ts';
import { Dialogs } from './dialogs.svelte.ts';
import { Edits } from './edits.svelte.ts';
import { Inspector } from './inspector.svelte.ts';
import { TrackList } from './list.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { scriptedClient, someTrack } from './scripted-client.fixture.ts';

const edit = { id: 7, at: 0, action: 'correct', subject: 'House', count: 2, label: 'Correct House' } as const;
const state: EditsState = { undo: edit, redo: null };

function setUp(changed = 2) {
  const client = scriptedClient({
    'genres.correct': () => ({ changed }),
    'edits.state': () => state,
    'edits.undo': () => ({ undo: null, redo: edit }),
  });
  const parts = {
    client,
    dialogs: new Dialogs(),
    edits: new Edits(client),
    inspector: new Inspector(client),
    notices: new Notices(),
  };
  return { ...parts, corrections: new Corrections(parts) };
}

const house = { id: 'electronic/house', name: 'House' };

async function listOf(...ids: number[]): Promise<TrackList> {
  const list = new TrackList();
  const rows = ids.map((id) => ({ key: id, track: someTrack(id) }));
  await list.show({
    load: () => Promise.resolve({ total: rows.length, totalSeconds: 0, rows }),
    order: () => Promise.resolve(ids.map((id) => ({ key: id, trackId: id }))),
    matching: () => Promise.resolve(new Set()),
  });
  return list;
}

describe('Corrections', () => {
  it('asks for the selected tracks, in the order of the list', async () => {
    const { corrections, dialogs } = setUp();
    const list = await listOf(5, 3, 9);
    await corrections.openFor({ place: { kind: 'all' }, list });
    expect(dialogs.open).toBeNull();
    list.selection.only(2);
    list.selection.toggle(0);
    await corrections.openFor({ place: { kind: 'all' }, list });
    expect(dialogs.open).toMatchObject({
      kind: 'correct-genre',
      trackIds: [5, 9],
      tracks: [{ id: 5 }, { id: 9 }],
    });
  });

  it('says what was changed, and takes exactly that back', async () => {
    const { client, corrections, notices } = setUp();
    expect(await corrections.correct([1, 2], house, 'no')).toBe(true);
    expect(client.inputsOf('genres.correct')).toEqual([
      { trackIds: [1, 2], genre: 'electronic/house', value: 'no' },
    ]);
    const [message] = notices.messages;
    expect(message?.text).toBe('2 tracks are not House.');
    await message?.action?.run();
    expect(client.inputsOf('edits.undo')).toEqual([{ editId: 7 }]);
  });

  it('nothing new is nothing to undo', async () => {
    const { corrections, notices } = setUp(0);
    await corrections.correct([1], house, 'yes');
    expect(notices.messages[0]).toMatchObject({ action: null });
  });

  it('a refusal is told', async () => {
    const { client, corrections, notices } = setUp();
    client.answers['genres.correct'] = () => Promise.reject(new AppError('conflict', 'no'));
    expect(await corrections.correct([1], house, 'yes')).toBe(false);
    expect(notices.messages[0]?.kind).toBe('problem');
  });
});
