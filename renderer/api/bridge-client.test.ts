import { describe, expect, it, vi } from 'vitest';
import type { Bridge, BridgeReply } from '#shared/bridge.ts';
import { createBridgeClient } from './bridge-client.ts';

function bridgeThat(request: Bridge['request']) {
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const bridge: Bridge = {
    request,
    cancel: vi.fn(),
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    chooseFolders: () => Promise.resolve([]),
    chooseFolder: () => Promise.resolve(null),
    chooseSaveFile: () => Promise.resolve(null),
    chooseFile: () => Promise.resolve(null),
    openDataFolder: () => undefined,
    setZoom: () => undefined,
    pathsOf: () => [],
    revealTrack: () => undefined,
    prepareDrag: () => Promise.resolve(),
    startDrag: () => undefined,
    onMenu: () => () => undefined,
  };
  return { bridge, client: createBridgeClient(bridge), listeners };
}

describe('createBridgeClient', () => {
  it('numbers requests and hands on values and failures', async () => {
    const ids: number[] = [];
    const { client } = bridgeThat((id, name): Promise<BridgeReply> => {
      ids.push(id);
      return Promise.resolve(
        name === 'library.folders'
          ? { ok: true, value: [] }
          : { ok: false, error: { code: 'conflict', detail: 'taken' } },
      );
    });
    expect(await client.request('library.folders', {})).toEqual([]);
    await expect(client.request('playlists.create', { name: 'a' })).rejects.toMatchObject({
      code: 'conflict',
      detail: 'taken',
    });
    expect(new Set(ids).size).toBe(2);
  });

  it('cancels by id while the request is in hand, and not after', async () => {
    let answer: (reply: BridgeReply) => void = () => undefined;
    const { bridge, client } = bridgeThat(() => new Promise((resolve) => (answer = resolve)));
    const controller = new AbortController();
    const first = client.request('genres.list', {}, { signal: controller.signal });
    answer({ ok: true, value: null });
    await first;
    controller.abort();
    expect(bridge.cancel).not.toHaveBeenCalled();
    await expect(client.request('genres.list', {}, { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const next = new AbortController();
    const second = client.request('genres.list', {}, { signal: next.signal });
    next.abort();
    expect(bridge.cancel).toHaveBeenCalledExactlyOnceWith(2);
    answer({ ok: false, error: { code: 'cancelled', detail: '' } });
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('hands on the events that were asked for', () => {
    const { client, listeners } = bridgeThat(() => Promise.resolve({ ok: true, value: null }));
    const listener = vi.fn();
    const end = client.subscribe('playlists.changed', listener);
    for (const emit of listeners) emit('library.changed', { revision: 1 });
    for (const emit of listeners) emit('playlists.changed', { playlistId: null });
    end();
    expect(listener.mock.calls).toEqual([[{ playlistId: null }]]);
    expect(listeners.size).toBe(0);
  });
});
