/** The queue as rows on screen: headings, the track that plays, what was queued, what the list brings. */
import type { Track } from '#shared/domain.ts';
import { text } from '../../lib/text.ts';
import type { Step } from '../../state/player/list-walk.ts';
import type { Queue, QueueEntry } from '../../state/player/queue.svelte.ts';

export type QueueItem =
  | { readonly kind: 'heading'; readonly words: string }
  | { readonly kind: 'now'; readonly track: Track }
  /** `place` counts from 0 within the queued ones. */
  | { readonly kind: 'entry'; readonly entry: QueueEntry; readonly place: number }
  | { readonly kind: 'step'; readonly step: Step; readonly place: number }
  | { readonly kind: 'played'; readonly trackId: number; readonly place: number }
  | { readonly kind: 'more'; readonly words: string };

export function upNextItems(queue: Queue, playing: Track | null): readonly QueueItem[] {
  const { entries, upcoming, list } = queue;
  const words = text.queue;
  // All but those behind the row that plays: how many they are depends on the walk, so only a plain list tells.
  const last = upcoming.at(-1);
  const more =
    queue.shuffle || last === undefined || queue.repeat === 'all' ? 0 : queue.listTotal - 1 - last.index;
  return [
    ...(playing === null
      ? []
      : [{ kind: 'heading', words: words.now } as const, { kind: 'now', track: playing } as const]),
    ...(entries.length === 0 ? [] : [{ kind: 'heading', words: words.queued } as const]),
    ...entries.map((entry, place) => ({ kind: 'entry', entry, place }) as const),
    ...(list === null || upcoming.length === 0
      ? []
      : [{ kind: 'heading', words: words.nextFrom(list.name) } as const]),
    ...upcoming.map((step, place) => ({ kind: 'step', step, place }) as const),
    ...(more > 0 ? [{ kind: 'more', words: words.more(more) } as const] : []),
  ];
}

export function playedItems(queue: Queue): readonly QueueItem[] {
  return queue.played.map((trackId, place) => ({ kind: 'played', trackId, place }));
}

/** Whether the keyboard stops there. */
export function isTrackItem(item: QueueItem | undefined): boolean {
  return item !== undefined && item.kind !== 'heading' && item.kind !== 'more';
}

/** Where a drop before the row at `index` lands among the queued ones. */
export function entryPlace(items: readonly QueueItem[], index: number): number {
  return items.slice(0, Math.max(0, index)).filter(({ kind }) => kind === 'entry').length;
}
