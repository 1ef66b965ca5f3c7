import { describe, expect, it } from 'vitest';
import type { CopiedList, ImportResult } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { Notices } from '../notices.svelte.ts';
import { scriptedClient, someTrack } from '../scripted-client.fixture.ts';
import { Copying } from './copying.svelte.ts';
import { Importing } from './importing.svelte.ts';

const entry = {
  entry: 3,
  path: 'C:\\Music\\x.mp3',
  title: 'X',
  artist: null,
  durationSeconds: 200,
  uses: 1,
};
const result: ImportResult = {
  file: '/tmp/a.nml',
  format: 'traktor',
  applied: false,
  entries: 4,
  matchedByPath: 2,
  matchedByName: 1,
  matchedByHand: 0,
  unmatched: 1,
  unmatchedEntries: [entry],
  mappings: [],
  playlists: 2,
  folders: 0,
  ratings: 0,
  playCounts: 0,
  cues: 3,
  grids: 0,
  colours: 0,
  editId: null,
  warnings: [],
};

describe('Importing', () => {
  function importing() {
    const client = scriptedClient({
      'library.import': ({ dryRun, matches }) => ({
        ...result,
        applied: dryRun !== true,
        matchedByHand: matches?.length ?? 0,
      }),
      'library.importCandidates': () => [
        { trackId: 8, score: 0.9, reason: 'same title' },
        { trackId: 9, score: 0.4, reason: 'same length' },
      ],
      'tracks.list': () => [someTrack(8)],
    });
    return { client, state: new Importing(client) };
  }

  it('looks first, and changes nothing by that', async () => {
    const { client, state } = importing();
    await state.open('/tmp/a.nml');
    expect(client.inputsOf('library.import')).toEqual([{ file: '/tmp/a.nml', dryRun: true, matches: [] }]);
    expect([state.countOf('playlists'), state.countOf('cues')]).toEqual([2, 3]);
  });

  it('imports what is chosen, with what was matched by hand', async () => {
    const { client, state } = importing();
    await state.open('/tmp/a.nml');
    await state.findCandidates(entry);
    expect(state.candidatesOf(3)?.map(({ track }) => track.id)).toEqual([8]);
    state.match(3, someTrack(8));
    state.choosePart('cues', false);
    const imported = await state.apply();
    expect(imported?.applied).toBe(true);
    const input = client.inputsOf('library.import').at(-1);
    expect(input?.matches).toEqual([{ entry: 3, trackId: 8 }]);
    expect(input?.parts).toEqual(['playlists', 'ratings', 'playCounts', 'grids', 'colours']);
    state.match(3, null);
    expect(state.matches.size).toBe(0);
  });

  it('forgets everything with another file, and when it is left', async () => {
    const { state } = importing();
    await state.open('/tmp/a.nml');
    state.match(3, someTrack(8));
    await state.open('/tmp/b.nml');
    expect(state.matches.size).toBe(0);
    state.leave();
    expect([state.file, state.result, state.parts.size]).toEqual(['', null, 6]);
  });

  it('says what is wrong with a file', async () => {
    const { client, state } = importing();
    client.answers['library.import'] = () => Promise.reject(new AppError('bad-request', 'Not a playlist.'));
    await state.open('/tmp/a.txt');
    expect(state.problem).toContain('Not a playlist.');
    expect([state.result, state.working]).toEqual([null, false]);
  });
});

describe('Copying', () => {
  const copied: CopiedList = {
    folder: '/usb',
    copied: 2,
    converted: 0,
    kept: 1,
    failed: [],
    failedCount: 0,
    bytes: 10,
  };
  const what = { playlistId: 1, folder: '/usb' };

  it('tells how far it is while it copies, and what came of it', async () => {
    const notices = new Notices();
    const done = Promise.withResolvers<CopiedList>();
    const client = scriptedClient({ 'playlists.copyToFolder': () => done.promise });
    const copying = new Copying(client, notices);
    copying.listen();
    const progress = { folder: '/usb', done: 1, total: 3, name: 'a', bytesDone: 5, bytesTotal: 10 };
    client.emit('copy.progress', progress);
    expect(copying.progress).toBeNull();
    const started = copying.start(what);
    client.emit('copy.progress', progress);
    expect([copying.running, copying.progress?.done]).toEqual([true, 1]);
    expect(await copying.start(what)).toBe(false);
    done.resolve(copied);
    expect(await started).toBe(true);
    expect([copying.running, notices.messages.at(-1)?.text]).toEqual([
      false,
      '2 tracks copied to /usb, 1 was there already.',
    ]);
  });

  it('keeps the list of what could not be copied', async () => {
    const failed = [{ trackId: 1, path: '/m/a.mp3', reason: 'It is gone.' }];
    const client = scriptedClient({
      'playlists.copyToFolder': () => ({ ...copied, failed, failedCount: 1 }),
    });
    const notices = new Notices();
    const copying = new Copying(client, notices);
    expect(await copying.start(what)).toBe(false);
    expect(copying.result?.failed).toEqual(failed);
    expect(notices.messages.some(({ kind }) => kind === 'problem')).toBe(true);
  });

  it('is stopped by the user without an error', async () => {
    const client = scriptedClient({
      'playlists.copyToFolder': (_, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new AppError('cancelled', '')));
        }),
    });
    const notices = new Notices();
    const copying = new Copying(client, notices);
    const started = copying.start(what);
    copying.stop();
    expect(await started).toBe(false);
    expect(notices.messages.map(({ kind }) => kind)).toEqual(['done']);
  });
});
