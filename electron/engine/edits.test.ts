import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEdits } from './edits.ts';
import type { Edits } from './edits.ts';
import { createEvents } from './events.ts';
import { createGenreHandlers } from './genres/genres.handlers.ts';
import { createPlaylists } from './playlists/playlists.handlers.ts';
import type { Playlists } from './playlists/playlists.handlers.ts';
import { createRecordings } from './similarity/recordings.ts';
import { openFilledLibrary } from './storage/filled-library.fixture.ts';
import type { FilledLibrary } from './storage/filled-library.fixture.ts';
import { setRating } from './storage/library/tracks.ts';
import { createCompileQuery } from './track-queries.ts';

const context = { signal: new AbortController().signal };
let library: FilledLibrary;
let edits: Edits;
let playlists: Playlists;
let genres: ReturnType<typeof createGenreHandlers>;
let trackIds: number[];
let told: (string | null)[];
let now = 1000;

beforeEach(setUp);
afterEach(tearDown);

function setUp(): void {
  library = openFilledLibrary();
  // The last one is not analysed, the two before it are copies of one recording.
  trackIds = ['a', 'b', 'c', 'd'].map((path, index) =>
    library.add({
      path,
      genres: { 'electronic/house': 0.3 + index / 5, rock: 0.6 },
      ...(index === 3 ? { recording: 'c' } : {}),
    }),
  );
  trackIds.push(library.add({ path: 'e', recording: null }));
  wire();
}

function tearDown(): void {
  playlists.close();
  library.remove();
}

function wire(): void {
  const { storage } = library;
  const events = createEvents();
  told = [];
  events.subscribe('edits.changed', ({ undo }) => told.push(undo?.label ?? null));
  const clock = (): number => now++;
  const changed = (): void => {};
  const recordings = createRecordings(storage, 4);
  edits = createEdits({ storage, publish: events.publish, changed, clock });
  playlists = createPlaylists({
    storage,
    edits,
    compile: createCompileQuery(storage.database, clock),
    recordings: () => recordings,
    events,
    changed,
    revision: () => now,
    clock,
  });
  genres = createGenreHandlers({ storage, recordings: () => recordings, edits, changed, clock });
}

/** Everything that the user made, as it is in the file, and what the search index says of genres. */
function snapshot(): unknown {
  const all = (sql: string): unknown => library.storage.database.prepare(sql).all();
  return {
    playlists: all('SELECT * FROM playlists ORDER BY id'),
    entries: all('SELECT * FROM playlist_entries ORDER BY id'),
    ratings: all('SELECT id, rating FROM tracks ORDER BY id'),
    corrections: all(
      'SELECT hex(audio_hash), genre, fits, at FROM genre_corrections ORDER BY audio_hash, genre',
    ),
    own: all('SELECT * FROM track_genre_corrections ORDER BY track_id, genre'),
    // The model's vectors have seven digits.
    scores: all(
      'SELECT recording_id, genre, round(confidence, 6) AS confidence FROM analysis.genre_scores ORDER BY recording_id, genre',
    ),
  };
}

const rules = (year: number) => ({
  where: {
    match: 'all' as const,
    rules: [{ field: 'year' as const, operator: 'is' as const, value: String(year) }],
  },
});

const step = fc.record({
  kind: fc.constantFrom(
    'create',
    'crate',
    'smart',
    'folder',
    'rename',
    'delete',
    'place',
    'kind',
    'rules',
    'add',
    'remove',
    'move',
    'rate',
    'correct',
  ),
  which: fc.nat(20),
  other: fc.nat(20),
  tracks: fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
  number: fc.nat(4),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** One edit as a person makes it; what is refused changes nothing. */
async function perform({ kind, which, other, tracks, number }: Step): Promise<void> {
  const { handlers } = playlists;
  const all = await handlers['playlists.list']({}, context);
  const one = all[which % Math.max(1, all.length)];
  const two = all[other % Math.max(1, all.length)];
  const ids = tracks.map((index) => trackIds[index]!);
  const parentId = two?.kind === 'folder' ? two.id : null;
  const name = `List ${now}`;
  try {
    if (kind === 'create')
      await handlers['playlists.create']({ name, parentId, trackIds: ids, position: number }, context);
    else if (kind === 'crate')
      await handlers['playlists.create']({ name, kind: 'crate', parentId, trackIds: ids }, context);
    else if (kind === 'smart')
      await handlers['playlists.create']({ name, parentId, rules: rules(1990 + number) }, context);
    else if (kind === 'folder')
      await handlers['playlists.create']({ name, kind: 'folder', parentId }, context);
    else if (kind === 'rate') {
      edits.record({ action: 'rate', subject: String(number), count: ids.length }, () =>
        setRating(library.storage.database, ids, number),
      );
    } else if (kind === 'correct') {
      const genre = ['electronic', 'electronic/house', 'rock', 'rock/punk'][which % 4]!;
      const value = (['yes', 'no', 'clear'] as const)[number % 3]!;
      void genres['genres.correct']({ trackIds: ids, genre, value }, context);
    } else if (one !== undefined) {
      const playlistId = one.id;
      const entries = await handlers['playlists.entries']({ playlistId, offset: 0, limit: 100 }, context);
      const entryIds = entries.entries
        .filter((_, index) => index % 2 === number % 2)
        .map((row) => row.entryId);
      if (kind === 'rename') await handlers['playlists.rename']({ playlistId, name }, context);
      else if (kind === 'delete') await handlers['playlists.delete']({ playlistId }, context);
      else if (kind === 'place')
        await handlers['playlists.place']({ playlistId, parentId, position: number }, context);
      else if (kind === 'kind')
        await handlers['playlists.setKind'](
          { playlistId, kind: number % 2 === 0 ? 'crate' : 'playlist' },
          context,
        );
      else if (kind === 'rules')
        await handlers['playlists.setRules']({ playlistId, rules: rules(2000 + number) }, context);
      else if (kind === 'add')
        await handlers['playlists.add']({ playlistId, trackIds: ids, position: number }, context);
      else if (kind === 'remove') await handlers['playlists.remove']({ playlistId, entryIds }, context);
      else await handlers['playlists.move']({ playlistId, entryIds, position: number }, context);
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AppError') throw error;
  }
}

function undoAll(): number {
  let steps = 0;
  for (; state().undo !== null; steps++) void edits.handlers['edits.undo']({}, context);
  return steps;
}

function state() {
  return edits.handlers['edits.state']({}, context) as Exclude<
    ReturnType<(typeof edits.handlers)['edits.state']>,
    Promise<unknown>
  >;
}

test('whatever was done: undoing all gives the beginning, doing all again gives the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      tearDown();
      setUp();
      const before = snapshot();
      for (const one of steps) await perform(one);
      const after = snapshot();
      const undone = undoAll();
      expect(snapshot()).toEqual(before);
      let again = 0;
      for (; state().redo !== null; again++) void edits.handlers['edits.redo']({}, context);
      expect(again).toBe(undone);
      expect(snapshot()).toEqual(after);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('steps are named, told, and kept when the library is opened again', async () => {
  const { handlers } = playlists;
  const { id } = await handlers['playlists.create'](
    { name: 'Friday', trackIds: trackIds.slice(0, 3) },
    context,
  );
  const { entries } = await handlers['playlists.entries']({ playlistId: id, offset: 0, limit: 9 }, context);
  const entryIds = entries.map(({ entryId }) => entryId).slice(1);
  void handlers['playlists.move']({ playlistId: id, entryIds, position: 0 }, context);
  expect(told).toEqual(['Create “Friday”', 'Move 2 tracks in “Friday”']);
  playlists.close();
  wire();
  expect(state()).toMatchObject({ undo: { action: 'move', count: 2, subject: 'Friday' }, redo: null });
  void edits.handlers['edits.undo']({}, context);
  expect(state()).toMatchObject({ undo: { action: 'create' }, redo: { label: 'Move 2 tracks in “Friday”' } });
  const again = await playlists.handlers['playlists.entries'](
    { playlistId: id, offset: 0, limit: 9 },
    context,
  );
  expect(again.entries).toEqual(entries);
});

test('a new step ends what could be done again; a step that changes nothing is none', async () => {
  const { id } = await playlists.handlers['playlists.create']({ name: 'One' }, context);
  void playlists.handlers['playlists.rename']({ playlistId: id, name: 'Two' }, context);
  void edits.handlers['edits.undo']({}, context);
  void genres['genres.correct']({ trackIds, genre: 'rock/punk', value: 'clear' }, context);
  expect(state().redo).not.toBeNull();
  void playlists.handlers['playlists.rename']({ playlistId: id, name: 'Three' }, context);
  expect(state()).toMatchObject({ undo: { label: 'Rename “One”' }, redo: null });
});

test('only the named step is undone', async () => {
  await playlists.handlers['playlists.create']({ name: 'One' }, context);
  const editId = state().undo!.id;
  await playlists.handlers['playlists.create']({ name: 'Two' }, context);
  expect(() => edits.handlers['edits.undo']({ editId }, context)).toThrow(
    /Another step came since: “Create “Two””/,
  );
  expect(() => edits.handlers['edits.redo']({}, context)).toThrow(/nothing that can be done again/);
  expect(await playlists.handlers['playlists.list']({}, context)).toHaveLength(2);
});

test('what has changed since is refused and forgotten; older steps can still be undone', async () => {
  const { id } = await playlists.handlers['playlists.create']({ name: 'One' }, context);
  void playlists.handlers['playlists.rename']({ playlistId: id, name: 'Two' }, context);
  library.storage.database.prepare(`UPDATE playlists SET name = 'By another hand' WHERE id = ?`).run(id);
  expect(() => edits.handlers['edits.undo']({}, context)).toThrow(/“Rename “One”” cannot be undone/);
  expect(state()).toMatchObject({ undo: { label: 'Create “One”' }, redo: null });
  expect(() => edits.handlers['edits.undo']({}, context)).toThrow(/cannot be undone/);
  expect(state().undo).toBeNull();
  expect(await playlists.handlers['playlists.list']({}, context)).toMatchObject([
    { name: 'By another hand' },
  ]);
});

test('purged tracks stay purged when their playlist comes back', async () => {
  const { id } = await playlists.handlers['playlists.create'](
    { name: 'Set', trackIds: trackIds.slice(0, 3) },
    context,
  );
  void playlists.handlers['playlists.delete']({ playlistId: id }, context);
  library.storage.database.prepare('DELETE FROM tracks WHERE id = ?').run(trackIds[1]);
  void edits.handlers['edits.undo']({}, context);
  const { entries } = await playlists.handlers['playlists.entries'](
    { playlistId: id, offset: 0, limit: 9 },
    context,
  );
  expect(entries.map(({ track }) => track.id)).toEqual([trackIds[0], trackIds[2]]);
  void edits.handlers['edits.redo']({}, context);
  expect(await playlists.handlers['playlists.list']({}, context)).toEqual([]);
});

test('ratings that were changed otherwise stay, the others go back', () => {
  const { database } = library.storage;
  edits.record({ action: 'rate', subject: '4', count: 2 }, () =>
    setRating(database, trackIds.slice(0, 2), 4),
  );
  setRating(database, [trackIds[0]!], 5);
  void edits.handlers['edits.undo']({}, context);
  expect(database.prepare('SELECT rating FROM tracks ORDER BY id').pluck().all()).toEqual([5, 0, 0, 0, 0]);
});

test('a correction follows the track to its audio, and can be undone there', () => {
  const { database } = library.storage;
  const track = trackIds[4]!;
  void genres['genres.correct']({ trackIds: [track], genre: 'House', value: 'yes' }, context);
  database
    .prepare('UPDATE tracks SET audio_hash = (SELECT audio_hash FROM tracks WHERE id = ?) WHERE id = ?')
    .run(trackIds[0], track);
  expect(database.prepare('SELECT genre, fits FROM genre_corrections').all()).toEqual([
    { genre: 'electronic/house', fits: 1 },
  ]);
  void edits.handlers['edits.undo']({}, context);
  expect(database.prepare('SELECT count(*) FROM genre_corrections').pluck().get()).toBe(0);
  expect(database.prepare('SELECT count(*) FROM track_genre_corrections').pluck().get()).toBe(0);
});

test('work that fails leaves no step and nothing changed', () => {
  const before = snapshot();
  expect(() =>
    edits.record({ action: 'rate', subject: '4', count: 1 }, () => {
      setRating(library.storage.database, trackIds, 4);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(snapshot()).toEqual(before);
  expect(state().undo).toBeNull();
});

test('the journal is bounded', () => {
  // One transaction around all of them: the disk is not what is tested.
  library.storage.durably(() => {
    for (let turn = 0; turn < 510; turn++) {
      edits.record({ action: 'rate', subject: '1', count: 1 }, () =>
        setRating(library.storage.database, [trackIds[0]!], 1 + (turn % 5)),
      );
    }
    expect(undoAll()).toBe(500);
  });
  expect(library.storage.database.prepare('SELECT count(*) FROM edits').pluck().get()).toBe(500);
});
