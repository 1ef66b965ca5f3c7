import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { engineWithProposals, someProposal } from './proposals.fixture.ts';
import { Review } from './review.svelte.ts';

async function reviewOf(engine: ReturnType<typeof engineWithProposals>): Promise<Review> {
  const review = new Review(engine.client);
  await review.open();
  return review;
}
const shown = (review: Review): readonly (number | undefined)[] =>
  Array.from({ length: review.rows.total }, (_, index) => review.rows.rowAt(index)?.track.id);

describe('Review', () => {
  it('begins at the first row, and one key a track decides and goes on', async () => {
    const engine = engineWithProposals(4);
    const review = await reviewOf(engine);
    expect([review.focus, review.counts.open]).toEqual([0, 4]);
    expect(await review.decideSelected('accept')).toBe(1);
    expect(await review.decideSelected('reject')).toBe(1);
    expect([1, 2, 3].map((id) => engine.proposal(id)?.state)).toEqual(['accepted', 'rejected', 'open']);
    expect([shown(review), review.focused?.track.id]).toEqual([[3, 4], 3]);
  });

  it('takes keys that come faster than the answers', async () => {
    const engine = engineWithProposals(5);
    const review = await reviewOf(engine);
    await Promise.all([
      review.decideSelected('accept'),
      review.decideSelected('accept'),
      review.decideSelected('reject'),
    ]);
    expect([1, 2, 3, 4].map((id) => engine.proposal(id)?.state)).toEqual([
      ...['accepted', 'accepted', 'rejected', 'open'],
    ]);
    expect(review.focused?.track.id).toBe(4);
  });

  it('shows a decision before it is confirmed, and takes it back when it fails', async () => {
    const engine = engineWithProposals(2);
    const review = await reviewOf(engine);
    engine.client.answers['tags.decide'] = () => Promise.reject(new AppError('internal', 'no'));
    const first = engine.proposal(1) ?? someProposal(1);
    const deciding = review.decideSelected('accept');
    expect(review.stateOf(first)).toBe('accepted');
    await expect(deciding).rejects.toThrow('no');
    expect(review.stateOf(first)).toBe('open');
  });

  it('stays at the end of the list, and at nothing when it is empty', async () => {
    const review = await reviewOf(engineWithProposals(2));
    review.moveTo(1);
    await review.decideSelected('accept');
    expect([review.focus, review.focused?.track.id]).toEqual([0, 1]);
    await review.decideSelected('accept');
    expect([review.focus, review.rows.total, review.focused]).toEqual([-1, 0, undefined]);
    expect(await review.decideSelected('accept')).toBe(0);
  });

  it('decides only on what the list is of: a field that was rejected before stays so', async () => {
    const engine = engineWithProposals(2, [
      someProposal(11, { trackId: 1, field: 'mood', state: 'rejected' }),
      someProposal(12, { trackId: 1, field: 'grouping' }),
    ]);
    const review = await reviewOf(engine);
    expect(review.focused?.proposals.map(({ id }) => id)).toEqual([1, 12]);
    expect(review.focused?.others.map(({ id }) => id)).toEqual([11]);
    await review.decideSelected('accept');
    expect([1, 12, 11].map((id) => engine.proposal(id)?.state)).toEqual([
      ...['accepted', 'accepted', 'rejected'],
    ]);
  });

  it('decides on one field alone, then goes to the next field, then to the next track', async () => {
    const engine = engineWithProposals(2, [someProposal(11, { trackId: 1, field: 'mood' })]);
    const review = await reviewOf(engine);
    review.stepField(1);
    expect(review.fieldAt).toBe('genre');
    await review.decideSelected('reject');
    expect([engine.proposal(1)?.state, engine.proposal(11)?.state]).toEqual(['rejected', 'open']);
    expect(review.focused?.track.id).toBe(1);
    await review.decideSelected('accept');
    expect([engine.proposal(11)?.state, review.focused?.track.id]).toEqual(['accepted', 2]);
  });

  it('decides on a range, rows that are not loaded included', async () => {
    const engine = engineWithProposals(450);
    const review = await reviewOf(engine);
    review.moveTo(1);
    review.moveTo(420, true);
    expect(review.range).toEqual([1, 420]);
    expect(await review.decideSelected('accept')).toBe(420);
    expect([review.rows.total, review.counts.accepted]).toEqual([30, 420]);
  });

  it('writes what was edited instead', async () => {
    const engine = engineWithProposals(2);
    const review = await reviewOf(engine);
    await review.edit(engine.proposal(1) ?? someProposal(1), ['Deep House', 'Dub']);
    expect(engine.proposal(1)).toMatchObject({
      ...{ state: 'accepted', edited: true, proposed: ['Deep House', 'Dub'] },
    });
    expect(review.focused?.track.id).toBe(2);
  });

  it('decides on a whole group', async () => {
    const engine = engineWithProposals(5);
    const review = await reviewOf(engine);
    await review.setGrouping('album');
    review.moveTo(2);
    const item = review.focused;
    expect(item?.group).toMatchObject({ key: 'album 2', tracks: 2 });
    if (item !== undefined) expect(await review.decideGroup(item, 'accept')).toBe(2);
    expect(shown(review)).toEqual([1, 2, 5]);
  });

  it('goes back to where a decision was made that is taken back', async () => {
    const engine = engineWithProposals(4);
    const review = await reviewOf(engine);
    review.moveTo(1);
    await review.decideSelected('accept');
    await review.decideSelected('reject');
    expect(review.focused?.track.id).toBe(4);
    engine.undo();
    await review.takenBack();
    expect([shown(review), review.focused?.track.id]).toEqual([[1, 3, 4], 3]);
    engine.undo();
    await review.takenBack();
    expect([shown(review), review.focused?.track.id]).toEqual([[1, 2, 3, 4], 2]);
  });

  it('counts what waits without listing it, before the screen is opened', async () => {
    const { client } = engineWithProposals(7);
    const review = new Review(client);
    await review.reload();
    expect(review.counts.open).toBe(7);
    expect(client.inputsOf('tags.review')).toEqual([{ state: 'open', groupBy: 'none', offset: 0, limit: 1 }]);
  });
});
