import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHttpClient } from './http-client.ts';

/** What the browser gives us of a stream, in the test's hands. */
class Stream {
  static readonly CLOSED = 2;
  static opened: Stream[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 0;
  readonly address: URL;
  constructor(address: URL) {
    this.address = address;
    Stream.opened.push(this);
  }
}

const base = new URL('http://127.0.0.1:4000/');
const answer = vi.fn<(address: URL, request: RequestInit) => Promise<Response>>();
const json = (body: unknown): Response => new Response(JSON.stringify(body));

beforeEach(() => {
  Stream.opened = [];
  answer.mockReset();
  vi.stubGlobal('fetch', answer);
  vi.stubGlobal('EventSource', Stream);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('requests', () => {
  it('post the input with an id of their own', async () => {
    answer.mockImplementation(() => Promise.resolve(json({ ok: true, value: { queued: 2 } })));
    const { client } = createHttpClient(base);
    expect(await client.request('analysis.retry', { trackIds: [1, 2] })).toEqual({ queued: 2 });
    await client.request('analysis.retry', {});
    const [[address, first] = [], [, second] = []] = answer.mock.calls;
    expect(address?.href).toBe('http://127.0.0.1:4000/rpc/analysis.retry');
    expect(first?.body).toBe('{"input":{"trackIds":[1,2]}}');
    const ids = [first, second].map((request) => new Headers(request?.headers).get('x-request-id'));
    expect(ids[0]).toMatch(/^[\w-]{1,100}$/u);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('fail with the code of the engine', async () => {
    answer.mockResolvedValue(json({ ok: false, error: { code: 'folder-nested', detail: '/music' } }));
    const { client } = createHttpClient(base);
    await expect(client.request('library.addFolders', { paths: ['/music/a'] })).rejects.toMatchObject({
      code: 'folder-nested',
      detail: '/music',
    });
  });

  it('are cancelled by their id', async () => {
    let release: (response: Response) => void = () => undefined;
    answer.mockImplementation((address) =>
      address.pathname.startsWith('/cancel/')
        ? Promise.resolve(json({ ok: true, value: null }))
        : new Promise((resolve) => (release = resolve)),
    );
    const { client } = createHttpClient(base);
    const controller = new AbortController();
    const request = client.request('genres.list', {}, { signal: controller.signal });
    controller.abort();
    const id = new Headers(answer.mock.calls[0]?.[1].headers).get('x-request-id');
    expect(answer.mock.calls[1]?.[0].pathname).toBe(`/cancel/${id}`);
    release(json({ ok: false, error: { code: 'cancelled', detail: '' } }));
    await expect(request).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('say that the host is out of reach without blaming the user', async () => {
    answer.mockRejectedValue(new TypeError('Failed to fetch'));
    const { client, onConnection } = createHttpClient(base);
    const told = vi.fn();
    onConnection(told);
    await expect(client.request('app.info', {})).rejects.toMatchObject({ code: 'cancelled' });
    expect(told).toHaveBeenCalledWith(false);
  });
});

describe('events', () => {
  const event = (name: string, payload: unknown): { data: string } => ({
    data: JSON.stringify({ kind: 'event', name, payload }),
  });

  it('come to those who want them, until they do not', () => {
    const { client } = createHttpClient(base);
    const listener = vi.fn();
    const end = client.subscribe('library.changed', listener);
    const [stream] = Stream.opened;
    expect(stream?.address.href).toBe('http://127.0.0.1:4000/events');
    stream?.onmessage?.(event('library.changed', { revision: 4 }));
    stream?.onmessage?.(event('playlists.changed', { playlistId: 1 }));
    end();
    stream?.onmessage?.(event('library.changed', { revision: 5 }));
    expect(listener.mock.calls).toEqual([[{ revision: 4 }]]);
    client.subscribe('notice', listener);
    expect(Stream.opened).toHaveLength(1);
  });

  it('tell when the host goes away and comes back, and open a closed stream again', async () => {
    vi.useFakeTimers();
    const { client, onConnection } = createHttpClient(base);
    const told: boolean[] = [];
    onConnection((connected) => told.push(connected));
    client.subscribe('notice', () => undefined);
    const [stream] = Stream.opened;
    stream?.onopen?.();
    expect(told).toEqual([]);
    if (stream !== undefined) stream.readyState = Stream.CLOSED;
    stream?.onerror?.();
    stream?.onerror?.();
    expect(told).toEqual([false]);
    await vi.advanceTimersByTimeAsync(10_000);
    Stream.opened.at(-1)?.onopen?.();
    expect(told).toEqual([false, true]);
  });
});
