import { describe, expect, it } from 'vitest';
import { PlayerMemory } from './memory.ts';
import type { StoredQueue } from './queue.svelte.ts';
import { someStorage } from './scripted-audio.fixture.ts';

const queue: StoredQueue = {
  current: { trackId: 3, origin: 'list' },
  walk: {
    list: { kind: 'query', name: 'House', query: { genre: 'House' }, sort: [{ field: 'title' }] },
    index: 4,
    key: 3,
    shuffle: { seed: 7, origin: 2, step: 1, length: 10 },
    removed: [5],
  },
  entries: [1, 1, 2],
  played: [9],
  repeat: 'all',
  shuffle: true,
};

describe('PlayerMemory', () => {
  it('gives back what was stored', () => {
    const storage = someStorage();
    const memory = new PlayerMemory(storage);
    memory.sound = { volume: 0.25, muted: true, gainMode: 'album' };
    memory.position = 61.26;
    memory.queue = queue;
    const again = new PlayerMemory(storage);
    expect([again.sound, again.position, again.queue]).toEqual([
      { volume: 0.25, muted: true, gainMode: 'album' },
      61.3,
      queue,
    ]);
  });

  it('begins with what makes sense', () => {
    for (const storage of [null, someStorage()]) {
      const memory = new PlayerMemory(storage);
      expect([memory.sound, memory.position, memory.queue]).toEqual([
        { volume: 0.8, muted: false, gainMode: 'track' },
        0,
        null,
      ]);
    }
  });

  it.each(['{"volume":7,"muted":"yes","gainMode":"loud"}', 'null', '"text"', '{', '[]'])(
    'sound stored as %s is the usual one',
    (text) => {
      const storage = someStorage();
      storage.setItem('cratewise.sound', text);
      expect(new PlayerMemory(storage).sound).toEqual({ volume: 0.8, muted: false, gainMode: 'track' });
    },
  );

  it.each([
    ['no object', 7],
    ['a walk without a list', { ...queue, walk: { index: 1, key: 1 } }],
    ['a list of another kind', { ...queue, walk: { ...queue.walk, list: { kind: 'radio', name: 'x' } } }],
    ['an index that is none', { ...queue, walk: { ...queue.walk, index: 'a' } }],
    ['ids that are none', { ...queue, entries: ['x'], played: [-1] }],
    ['a repeat that is none', { ...queue, repeat: 'twice' }],
    ['a current track that is none', { ...queue, current: { trackId: 'a', origin: 'list' } }],
    [
      'a shuffle of length 0',
      { ...queue, walk: { ...queue.walk, shuffle: { seed: 1, origin: 0, step: 0, length: 0 } } },
    ],
  ])('a queue with %s loses only that', (_name, stored) => {
    const storage = someStorage();
    storage.setItem('cratewise.queue', JSON.stringify(stored));
    const read = new PlayerMemory(storage).queue;
    if (typeof stored === 'number') return expect(read).toBeNull();
    expect(read).not.toEqual(queue);
    expect(read).not.toEqual(stored);
    expect(['off', 'all']).toContain(read?.repeat);
    return expect(read?.shuffle).toBe(true);
  });

  it('stores a bounded queue', () => {
    const storage = someStorage();
    const memory = new PlayerMemory(storage);
    const many = Array.from({ length: 30_000 }, (_, index) => index + 1);
    memory.queue = {
      ...queue,
      entries: many,
      walk: {
        list: { kind: 'tracks', name: 'All', trackIds: many },
        index: 0,
        key: 0,
        shuffle: null,
        removed: [],
      },
    };
    expect([memory.queue?.entries.length, memory.queue?.walk]).toEqual([20_000, null]);
  });

  it('does not mind a storage that is full', () => {
    const storage = someStorage();
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const memory = new PlayerMemory(storage);
    memory.position = 3;
    expect(memory.position).toBe(0);
  });
});
