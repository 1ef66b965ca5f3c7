/** The requests about proposals on a real library. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Input, RequestContext } from '#shared/contract.ts';
import type { ReviewPage, TagPolicy } from '#shared/domain.ts';
import { createEdits } from '#engine/edits.ts';
import type { Edits } from '#engine/edits.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { refreshScores, subjectOf, writeCorrection } from '#engine/storage/library/corrections.ts';
import { deleteTracks } from '#engine/storage/library/tracks.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createReview } from './review.ts';
import type { Review } from './review.ts';

const context: RequestContext = { signal: new AbortController().signal };
let library: FilledLibrary;
let edits: Edits;
let review: Review;
let house: number;
let tagged: number;

beforeEach(() => {
  library = openFilledLibrary(4, []);
  const { storage } = library;
  edits = createEdits({ storage, publish: () => {}, changed: () => {}, clock: () => 1 });
  const compile = createCompileQuery(storage.database, () => 1);
  review = createReview({ storage, compile, edits, changed: () => {}, clock: () => 1 });
  house = library.add({
    path: 'a/house.mp3',
    genres: { electronic: 0.9, 'electronic/house': 0.8 },
    tags: [0.9, 0.2, 0.9, 0.9],
  });
  tagged = library.add({ path: 'a/tagged.mp3', genres: { rock: 0.7, 'rock/metal': 0.65 } });
  write(tagged, 'genre_tags', ['Schlager']);
});
afterEach(() => library.remove());

function write(trackId: number, column: string, values: readonly string[]): void {
  library.storage.database
    .prepare(`UPDATE tracks SET ${column} = ? WHERE id = ?`)
    .run(JSON.stringify(values), trackId);
}

const propose = (input: Input<'tags.propose'> = {}) => review.handlers['tags.propose'](input, context);
const page = async (input: Partial<Input<'tags.review'>> = {}): Promise<ReviewPage> =>
  await review.handlers['tags.review']({ offset: 0, limit: 100, ...input }, context);
const decide = async (input: Input<'tags.decide'>) => await review.handlers['tags.decide'](input, context);
const setPolicy = (changes: Partial<TagPolicy>) => void review.handlers['tags.setPolicy'](changes, context);
const mode = (genre: TagPolicy['fields']['genre']['mode'], minimumConfidence = 0.5, most = 3) =>
  setPolicy({
    fields: {
      genre: { mode: genre, minimumConfidence, most },
      mood: { mode: 'off', minimumConfidence: 0.5, most: 3 },
      grouping: { mode: 'off', minimumConfidence: 0.5, most: 1 },
    },
  });

/** Track, field, old, proposed and state of all that is in the queue. */
async function all(state: Input<'tags.review'>['state'] = 'open') {
  const { rows } = await page({ state });
  return rows.flatMap(({ proposals }) =>
    proposals
      .filter((proposal) => proposal.state === state)
      .map(({ trackId, field, old, proposed }) => ({ trackId, field, old, proposed })),
  );
}
async function idOf(trackId: number): Promise<number> {
  for (const state of ['open', 'accepted', 'rejected', 'written'] as const) {
    const { rows } = await page({ state });
    const found = rows.find(({ track }) => track.id === trackId);
    if (found !== undefined) return found.proposals[0]!.id;
  }
  throw new Error(`Nothing is proposed for ${trackId}`);
}

test('by default only what is empty is filled, and only with genres', async () => {
  expect(await propose()).toMatchObject({ tracks: 2, proposals: 1, withoutProposal: { nothingToDo: 1 } });
  const { rows, total, counts, groups } = await page();
  expect({ total, groups }).toEqual({ total: 1, groups: [] });
  expect(counts).toEqual({ open: 1, accepted: 0, rejected: 0, written: 0 });
  expect(rows[0]).toMatchObject({
    track: { id: house },
    proposals: [
      {
        trackId: house,
        field: 'genre',
        old: [],
        proposed: ['House'],
        confidence: 0.8,
        evidence: [{ value: 'House', label: 'House', confidence: 0.8 }],
        state: 'open',
        edited: false,
        problem: null,
      },
    ],
  });
});

test('an example shows what the policy means for a track, and stores nothing', async () => {
  const example = async (trackId?: number) =>
    (await review.handlers['tags.example'](trackId === undefined ? {} : { trackId }, context))?.fields;
  expect(await example()).toEqual([{ field: 'genre', old: [], proposed: ['House'], why: null }]);
  expect(await example(tagged)).toMatchObject([{ field: 'genre', proposed: null, why: 'nothing-to-do' }]);
  setPolicy({ names: { House: 'house music' } });
  expect(await example(house)).toMatchObject([{ proposed: ['house music'] }]);
  expect(await example(999)).toBeUndefined();
  expect((await page()).total).toBe(0);
});

test('moods and groupings, where the policy wants them', async () => {
  const fields = {
    genre: { mode: 'off' as const, minimumConfidence: 0.5, most: 1 },
    mood: { mode: 'append' as const, minimumConfidence: 0.5, most: 3 },
    grouping: { mode: 'append' as const, minimumConfidence: 0.5, most: 3 },
  };
  await propose({ fields });
  expect(await all()).toEqual([
    { trackId: house, field: 'mood', old: [], proposed: ['Dark'] },
    { trackId: house, field: 'grouping', old: [], proposed: ['Electronic'] },
    { trackId: tagged, field: 'grouping', old: [], proposed: ['Rock'] },
  ]);
  setPolicy({ groupingFrom: 'moods' });
  await propose({ fields });
  expect((await all()).map(({ proposed }) => proposed)).toEqual([['Dark'], ['Dark']]);
});

test('tracks for which nothing is proposed are counted by the reason', async () => {
  library.add({ path: 'gone', state: 'missing', genres: { rock: 0.9 } });
  library.add({ path: 'away', state: 'offline', genres: { rock: 0.9 } });
  library.add({ path: 'not yet', recording: null });
  library.add({ path: 'strange', genres: { rock: 0.1 } });
  expect((await propose()).withoutProposal).toEqual({
    missing: 1,
    offline: 1,
    notAnalysed: 1,
    unknown: 1,
    nothingToDo: 1,
  });
});

test('a query and named tracks limit what is proposed', async () => {
  expect(await propose({ query: { text: 'genre:metal' } })).toMatchObject({ tracks: 1, proposals: 0 });
  expect(await propose({ trackIds: [house] })).toMatchObject({ tracks: 1, proposals: 1 });
  expect(await propose({ trackIds: [house], query: { text: 'genre:metal' } })).toMatchObject({ tracks: 0 });
});

test('written as the library spells it; the commonest spelling and the user’s own names win', async () => {
  for (const [path, value] of [
    ['1', 'HOUSE'],
    ['2', 'house'],
    ['3', 'house'],
  ] as const)
    write(library.add({ path, recording: null }), 'genre_tags', [value]);
  await propose();
  expect(await all()).toMatchObject([{ proposed: ['house'] }]);
  setPolicy({ names: { house: 'Haus' } });
  await propose();
  expect(await all()).toMatchObject([{ proposed: ['Haus'] }]);
});

test('the user’s own word on genres wins over the model', async () => {
  const { storage } = library;
  const correct = (trackId: number, genre: string, fits: boolean): void =>
    storage.write(() => {
      const subject = subjectOf(storage.database, trackId) ?? '';
      refreshScores(storage.database, [
        writeCorrection(storage.database, { subject, genre, fits, at: 1 }) ?? '',
      ]);
    });
  await propose();
  correct(house, 'electronic/house', false);
  // Without proposing again: it is never shown what the user denied.
  expect(await all()).toEqual([{ trackId: house, field: 'genre', old: [], proposed: ['Electronic'] }]);
  correct(house, 'rock/punk', true);
  expect((await page()).rows[0]?.proposals[0]).toMatchObject({
    proposed: ['Punk', 'Electronic'],
    confidence: expect.closeTo(0.9, 5),
    evidence: [{ value: 'Punk', confidence: 1 }, { value: 'Electronic' }],
  });
  const unheard = library.add({ path: 'unheard', recording: null });
  correct(unheard, 'electronic/techno', true);
  await propose({ trackIds: [unheard] });
  expect(await all()).toContainEqual({ trackId: unheard, field: 'genre', old: [], proposed: ['Techno'] });
});

test('a rejected proposal does not come back unless it changes', async () => {
  await propose();
  await decide({ proposalIds: [await idOf(house)], decision: 'reject' });
  expect(await propose()).toMatchObject({ proposals: 0, unchanged: 1 });
  library.predict('a/house.mp3', { electronic: 0.9, 'electronic/house': 0.7 }, [1]);
  expect(await propose()).toMatchObject({ proposals: 0, unchanged: 1 });
  expect(await all('rejected')).toHaveLength(1);
  library.predict('a/house.mp3', { electronic: 0.9, 'electronic/techno': 0.7 }, [1]);
  expect(await propose()).toMatchObject({ proposals: 1 });
  expect(await all()).toMatchObject([{ proposed: ['Techno'] }]);
});

test('an accepted proposal whose file was retagged elsewhere is open again, or gone', async () => {
  mode('append');
  await propose();
  await decide({ proposalIds: [await idOf(house), await idOf(tagged)], decision: 'accept' });
  expect((await page({ state: 'accepted' })).total).toBe(2);
  write(tagged, 'genre_tags', ['Schlager', 'Pop']);
  write(house, 'genre_tags', ['house']);
  expect((await page({ state: 'accepted' })).total).toBe(0);
  expect(await all()).toEqual([
    { trackId: tagged, field: 'genre', old: ['Schlager', 'Pop'], proposed: ['Schlager', 'Pop', 'Metal'] },
  ]);
});

test('what the user types is written instead, stays, and is looked at again when the file changes', async () => {
  await propose();
  const id = await idOf(house);
  expect(
    await decide({ proposalIds: [id], decision: 'accept', values: ['Deep House', 'deep-house'] }),
  ).toEqual({
    changed: 1,
  });
  await propose();
  expect((await page({ state: 'accepted' })).rows[0]?.proposals).toMatchObject([
    { proposed: ['Deep House'], confidence: 1, edited: true, evidence: [] },
  ]);
  write(house, 'genre_tags', ['Other']);
  expect(await all()).toEqual([{ trackId: house, field: 'genre', old: ['Other'], proposed: ['Deep House'] }]);
  await expect(decide({ proposalIds: [id], decision: 'accept', values: ['Other'] })).rejects.toThrow(
    /already/,
  );
  write(house, 'genre_tags', ['Deep House']);
  expect((await page()).counts).toEqual({ open: 0, accepted: 0, rejected: 0, written: 0 });
  await expect(decide({ proposalIds: [id], decision: 'accept' })).rejects.toThrow(/no longer there/);
});

test('values of one field are not given to others', async () => {
  await propose({
    fields: {
      grouping: { mode: 'empty', minimumConfidence: 0.5, most: 1 },
    },
  });
  const proposals = (await page()).rows.flatMap((row) => row.proposals);
  expect(new Set(proposals.map(({ field }) => field))).toEqual(new Set(['genre', 'grouping']));
  await expect(
    decide({ proposalIds: proposals.map(({ id }) => id), decision: 'accept', values: ['X'] }),
  ).rejects.toMatchObject({ code: 'conflict' });
});

test('decisions are undone and done again; not where the proposal has changed since', async () => {
  await propose();
  const id = await idOf(house);
  await decide({ proposalIds: [id], decision: 'accept', values: ['Deep House'] });
  await decide({ proposalIds: [id], decision: 'reject' });
  expect(edits.handlers['edits.state']({}, context)).toMatchObject({
    undo: { label: 'Reject 1 proposed tag' },
  });
  void edits.handlers['edits.undo']({}, context);
  expect((await page({ state: 'accepted' })).counts.accepted).toBe(1);
  void edits.handlers['edits.undo']({}, context);
  expect((await page()).rows[0]?.proposals).toMatchObject([
    { proposed: ['House'], edited: false, confidence: 0.8, evidence: [{ value: 'House' }] },
  ]);
  void edits.handlers['edits.redo']({}, context);
  expect((await page({ state: 'accepted' })).rows[0]?.proposals).toMatchObject([
    { proposed: ['Deep House'] },
  ]);
  library.storage.database.prepare(`UPDATE tag_proposals SET state = 'written' WHERE id = ?`).run(id);
  expect(() => edits.handlers['edits.undo']({}, context)).toThrow(/changed since/);
});

test('many are decided at once above a confidence, with a count and a sample first', async () => {
  mode('append');
  await propose();
  const input = { minimumConfidence: 0.7, decision: 'accept' as const };
  const dry = await review.handlers['tags.decideAll']({ ...input, dryRun: true }, context);
  expect(dry).toMatchObject({ proposals: 1, tracks: 1, sample: [{ trackId: house }] });
  expect((await page()).counts.open).toBe(2);
  expect(await review.handlers['tags.decideAll']({ ...input, dryRun: false }, context)).toMatchObject({
    proposals: 1,
  });
  expect((await page()).counts).toEqual({ open: 1, accepted: 1, rejected: 0, written: 0 });
  void edits.handlers['edits.undo']({}, context);
  expect((await page()).counts.open).toBe(2);
});

test('what is written is left alone by decisions and by proposing', async () => {
  await propose();
  const id = await idOf(house);
  library.storage.database.prepare(`UPDATE tag_proposals SET state = 'written' WHERE id = ?`).run(id);
  write(house, 'genre_tags', ['House']);
  expect(await decide({ proposalIds: [id], decision: 'reject' })).toEqual({ changed: 0 });
  expect(await propose()).toMatchObject({ proposals: 0, unchanged: 1 });
  expect((await page({ state: 'written' })).total).toBe(1);
  // Taken away elsewhere: it may be proposed again.
  write(house, 'genre_tags', []);
  expect(await all()).toMatchObject([{ trackId: house, proposed: ['House'] }]);
});

test('purged tracks take their proposals along, and a cancelled request ends', async () => {
  await propose();
  library.storage.write(() => deleteTracks(library.storage.database, [house]));
  expect((await page()).total).toBe(0);
  await expect(review.handlers['tags.propose']({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
});
