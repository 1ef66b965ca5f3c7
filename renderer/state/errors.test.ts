import { describe, expect, it } from 'vitest';
import type { ErrorCount } from '#shared/domain.ts';
import { parseSearch } from '#shared/search/parse.ts';
import { damagedSearch, errorSearch, Errors } from './errors.svelte.ts';
import { scriptedClient, someTrack } from './scripted-client.fixture.ts';

function engine() {
  const state = {
    reasons: [
      { code: 'file-corrupt', count: 120 },
      { code: 'file-empty', count: 2 },
    ] as ErrorCount[],
  };
  const client = scriptedClient({
    'library.errors': () => state.reasons,
    'tracks.window': ({ limit }) => ({
      ...{ total: 120, totalSeconds: 0, offset: 0, revision: 1 },
      rows: Array.from({ length: Math.min(limit, 120) }, (_, index) => someTrack(index + 1)),
    }),
    'tracks.ids': () => [3, 4],
    'analysis.retry': ({ trackIds }) => ({ queued: trackIds?.length ?? 122 }),
  });
  return { client, state };
}

describe('Errors', () => {
  it('lists the files of one reason, a step at a time', async () => {
    const { client } = engine();
    const errors = new Errors(client);
    await errors.refresh();
    await errors.toggle('file-corrupt');
    expect([errors.open?.total, errors.open?.files.length]).toEqual([120, 50]);
    await errors.showMore();
    expect(errors.open?.files.length).toBe(100);
    await errors.toggle('file-corrupt');
    expect(errors.open).toBeNull();
    await errors.showMore();
    expect(errors.open).toBeNull();
    expect(errors.damaged).toBe(120);
    expect(client.inputsOf('tracks.window').map(({ query }) => query.text)).toEqual([
      ...['is:damaged', 'error:=file-corrupt', 'error:=file-corrupt'],
    ]);
  });

  it('follows what changes: an open reason stays open until it has no file left', async () => {
    const { client, state } = engine();
    const errors = new Errors(client);
    await errors.refresh();
    await errors.toggle('file-corrupt');
    await errors.refresh();
    expect(client.inputsOf('tracks.window').filter(({ query }) => query.hasError).length).toBe(2);
    state.reasons = [{ code: 'file-empty', count: 2 }];
    await errors.refresh();
    expect([errors.open, errors.reasons.length]).toEqual([null, 1]);
  });

  it('tries one reason or everything again', async () => {
    const { client } = engine();
    const errors = new Errors(client);
    expect(await errors.retry('file-empty')).toBe(2);
    expect(await errors.retry()).toBe(122);
    expect(client.inputsOf('analysis.retry')).toEqual([{ trackIds: [3, 4] }, {}]);
    expect(client.inputsOf('tracks.ids')[0]?.query.text).toBe('error:=file-empty');
  });

  it('asks a search that the grammar understands', () => {
    expect(() => parseSearch(errorSearch('analysis-out-of-memory'))).not.toThrow();
    expect(() => parseSearch(damagedSearch)).not.toThrow();
  });
});
