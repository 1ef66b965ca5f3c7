import { expect, it } from 'vitest';
import { Queue } from '../../state/player/queue.svelte.ts';
import { engineOf, tracksOf } from '../../state/player/scripted-audio.fixture.ts';
import { entryPlace, isTrackItem, playedItems, upNextItems } from './queue-items.ts';

async function queueAt(count: number) {
  const tracks = tracksOf(...Array.from({ length: count }, (_, index) => index + 1));
  const queue = new Queue(engineOf(tracks));
  await queue.startList(
    { kind: 'query', name: 'House', query: {}, sort: [] },
    { index: 0, key: 1, trackId: 1 },
  );
  await queue.lookAhead(2);
  return { queue, playing: tracks[0] ?? null };
}

it('shows what plays, what was queued, what the list brings, and how many more', async () => {
  const { queue, playing } = await queueAt(9);
  await queue.add([5, 6]);
  const items = upNextItems(queue, playing);
  expect(items.map((item) => ('words' in item ? item.words : item.kind))).toEqual([
    'Playing now',
    'now',
    'Queued',
    'entry',
    'entry',
    'Next from House',
    'step',
    'step',
    'and 6 more',
  ]);
  expect(items.map((item) => isTrackItem(item))).toEqual([
    false,
    true,
    false,
    true,
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(isTrackItem(undefined)).toBe(false);
});

it('says no number of more where it is not known, and nothing of a list that has ended', async () => {
  const { queue, playing } = await queueAt(9);
  await queue.setRepeat('all');
  expect(upNextItems(queue, playing).at(-1)?.kind).toBe('step');
  await queue.clear();
  expect(upNextItems(queue, null)).toEqual([]);
});

it('a drop lands among the queued ones, wherever it is let go', async () => {
  const { queue, playing } = await queueAt(9);
  await queue.add([5, 6]);
  const items = upNextItems(queue, playing);
  expect([-3, 0, 3, 4, 5, 99].map((index) => entryPlace(items, index))).toEqual([0, 0, 0, 1, 2, 2]);
});

it('lists what was played', async () => {
  const { queue } = await queueAt(3);
  const next = await queue.upNext();
  if (next !== null) queue.take(next);
  expect(playedItems(queue)).toEqual([{ kind: 'played', trackId: 1, place: 0 }]);
});
