import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  noSignal,
  openTestLibrary,
  pretendAnalysed,
  queueOf,
  wavBytes,
  writeWav,
} from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';

let library: TestLibrary;
beforeEach(() => {
  library = openTestLibrary();
});
afterEach(async () => {
  await library.dispose();
});

describe('scan', () => {
  it('lists files with their tags, queues them, and a second look changes nothing', async () => {
    library.file('House/Crystal.wav', { title: 'Crystal', artist: 'Nova', genre: 'House', samples: 8000 });
    library.file('untitled.wav');
    writeFileSync(join(library.music, 'cover.jpg'), 'no music');
    const [folder] = await library.add();
    expect(await library.scan()).toMatchObject({ files: 2, new: 2, errors: 0, unchanged: 0 });
    const tracks = await library.tracks();
    expect(tracks.map((track) => track.title)).toEqual(['Crystal', null]);
    expect(tracks[0]).toMatchObject({
      path: join(library.music, 'House', 'Crystal.wav'),
      folderId: folder?.id,
      artist: 'Nova',
      genreTags: ['House'],
      durationSeconds: 1,
      sampleRateHz: 8000,
      channels: 1,
      state: 'present',
      analysis: 'pending',
      genres: [],
      error: null,
    });
    expect(queueOf(library)).toEqual([1, 2].map((trackId) => ({ trackId, task: 'analyse', priority: 0 })));
    expect(await library.scan()).toMatchObject({ files: 2, new: 0, unchanged: 2 });
    expect(await library.tracks()).toEqual(tracks);
    const [listed] = await library.handlers['library.folders']({}, noSignal);
    expect(listed).toMatchObject({ path: library.music, online: true, trackCount: 2 });
    expect(listed?.lastScanAt).toBeGreaterThan(0);
  });

  it('counts what the scan after adding did for whoever asks next, also when it has ended', async () => {
    library.file('a.wav');
    await library.add();
    while (
      !library.events.some(
        ({ name, payload }) => name === 'scan.progress' && 'phase' in payload && payload.phase === 'done',
      )
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    library.file('b.wav');
    expect(await library.scan()).toMatchObject({ files: 2, new: 2, unchanged: 0 });
    expect(await library.scan()).toMatchObject({ files: 2, new: 0, unchanged: 2 });
  });

  it('reads changed files again and lets the hash decide about their audio', async () => {
    const path = library.file('a.wav', { title: 'Old' });
    library.file('b.wav', { title: 'Other' });
    await library.add();
    await library.scan();
    pretendAnalysed(library);
    writeWav(path, { title: 'New title' });
    expect(await library.scan()).toMatchObject({ changed: 1, unchanged: 1, new: 0 });
    const [track] = await library.tracks();
    expect(track).toMatchObject({ title: 'New title', analysis: 'done' });
    expect(queueOf(library)).toEqual([{ trackId: track?.id, task: 'verify', priority: -1 }]);
  });

  it('waits for a file that is being copied and reads it when it rests', async () => {
    const path = library.file('a.wav', { modifiedAt: null });
    const bytes = wavBytes({ title: 'Whole', samples: 8000 });
    let length = 1000;
    writeFileSync(path, bytes.subarray(0, length));
    const copying = setInterval(() => writeFileSync(path, bytes.subarray(0, (length += 100))), 50);
    try {
      await library.add();
      expect(await library.scan()).toMatchObject({ new: 1, errors: 1 });
    } finally {
      clearInterval(copying);
    }
    const [track] = await library.tracks();
    expect(track?.error).toMatchObject({ code: 'file-changing' });
    expect(queueOf(library)).toEqual([]);
    writeFileSync(path, bytes);
    expect(await library.scan()).toMatchObject({ changed: 1, errors: 0 });
    expect(await library.tracks()).toMatchObject([
      { id: track?.id, title: 'Whole', error: null, analysis: 'pending' },
    ]);
    expect(queueOf(library)).toHaveLength(1);
  });

  it('says why a file cannot be used and goes on', async () => {
    writeFileSync(join(library.music, 'empty.mp3'), '');
    writeFileSync(join(library.music, 'text.mp3'), 'this is no music\n'.repeat(500));
    const bad = Buffer.concat([
      Buffer.from(`${library.music}/caf`),
      Buffer.from([0xe9]),
      Buffer.from('.wav'),
    ]);
    writeFileSync(bad, wavBytes());
    utimesSync(bad, 1_600_000_000, 1_600_000_000);
    utimesSync(join(library.music, 'empty.mp3'), 1_600_000_000, 1_600_000_000);
    library.file('good.wav');
    await library.add();
    expect(await library.scan()).toMatchObject({ files: 4, new: 4, errors: 2 });
    const tracks = await library.tracks();
    const errors = new Map(tracks.map((track) => [track.path, track.error?.code]));
    expect(errors).toEqual(
      new Map([
        [join(library.music, 'caf\\xE9.wav'), 'file-name-not-utf8'],
        [join(library.music, 'empty.mp3'), 'file-empty'],
        [join(library.music, 'good.wav'), undefined],
        [join(library.music, 'text.mp3'), undefined], // the analysis will say so
      ]),
    );
    expect(tracks.map((track) => track.analysis)).toEqual(['failed', 'failed', 'pending', 'pending']);
    expect(await library.scan()).toMatchObject({ unchanged: 4, errors: 2 });
    expect((await library.handlers['library.counts']({}, noSignal)).errors).toBe(2);
    renameSync(bad, join(library.music, 'café.wav'));
    expect(await library.scan()).toMatchObject({ moved: 1, errors: 1 });
    const renamed = (await library.tracks()).find((track) => track.path.endsWith('café.wav'));
    expect(renamed).toMatchObject({ error: null, analysis: 'pending' });
  });

  it('takes any name that a file system allows', async () => {
    const names = [
      `it's "quoted".wav`,
      'line\nbreak.wav',
      'tab\tand \\ backslash.wav',
      '🎧 emoji 👩‍🎤.wav',
      'שלום עולם.wav',
      '\u202etxt.wav',
      `${'ü'.repeat(125)}x.wav`,
      "'; DROP TABLE tracks; --.wav",
      '%_*?[a].wav',
      ' leading space.wav',
    ];
    for (const name of names) library.file(name, { title: name.slice(0, 5) });
    expect(Buffer.byteLength(names[6] ?? '')).toBe(255);
    await library.add();
    expect(await library.scan()).toMatchObject({ new: names.length, errors: 0 });
    for (const name of names) {
      const path = join(library.music, name);
      const track = await library.handlers['tracks.find']({ reference: path }, noSignal);
      expect(track.path).toBe(path);
      const file = await library.handlers['tracks.file']({ trackId: track.id }, noSignal);
      expect(file).toEqual({
        path,
        sizeBytes: statSync(path).size,
        mimeType: 'audio/wav',
        kind: 'track',
        durationSeconds: expect.any(Number) as number,
        decodedSeconds: null,
        replayGain: null,
      });
    }
  });

  it('can be ended by anybody, also one that nobody waits for; the next one finds the rest', async () => {
    for (let number = 0; number < 300; number += 1) library.file(`${number}.wav`);
    await library.add();
    const waiting = library.scan();
    await library.handlers['library.cancelScan']({}, noSignal);
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect((await library.scan()).files).toBe(300);
    expect((await library.tracks()).length).toBe(300);
    await library.handlers['library.cancelScan']({}, noSignal);
    expect((await library.scan()).unchanged).toBe(300);
  });

  it('can be cancelled without harm', async () => {
    for (let each = 0; each < 50; each += 1) library.file(`${each}.wav`);
    await library.add();
    const controller = new AbortController();
    const scan = library.handlers['library.scan']({}, { signal: controller.signal });
    controller.abort();
    await expect(Promise.resolve(scan)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await library.scan()).toMatchObject({ files: 50, missing: 0 });
    expect(await library.tracks()).toHaveLength(50);
  });
});

describe('missing and offline', () => {
  it('keeps missing tracks until they are purged, and takes them back', async () => {
    const path = library.file('a.wav', { title: 'A' });
    const kept = library.file('b.wav');
    await library.add();
    await library.scan();
    const [track] = await library.tracks();
    const trackIds = [track?.id ?? 0];
    await library.handlers['tracks.rate']({ trackIds, rating: 4 }, noSignal);
    await expect(
      Promise.resolve(library.handlers['library.purge']({ trackIds }, noSignal)),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    const away = join(library.folder, 'away.wav');
    renameSync(path, away);
    expect(await library.scan()).toMatchObject({ missing: 1, unchanged: 1 });
    expect((await library.tracks())[0]).toMatchObject({ state: 'missing', rating: 4, title: 'A' });
    await expect(
      Promise.resolve(library.handlers['tracks.file']({ trackId: trackIds[0] ?? 0 }, noSignal)),
    ).rejects.toMatchObject({ code: 'file-not-found' });
    renameSync(away, path);
    expect(await library.scan()).toMatchObject({ missing: 0, unchanged: 2 });
    expect((await library.tracks())[0]).toMatchObject({ id: track?.id, state: 'present', rating: 4 });
    rmSync(path);
    await library.scan();
    expect(await library.handlers['library.purge']({ trackIds }, noSignal)).toEqual({ purged: 1 });
    expect((await library.tracks()).map((each) => each.path)).toEqual([kept]);
  });

  it('takes tracks offline with their folder and loses nothing', async () => {
    library.file('a.wav');
    const [folder] = await library.add();
    await library.scan();
    const [track] = await library.tracks();
    renameSync(library.music, `${library.music}-unplugged`);
    await expect(library.scan([folder?.id ?? 0])).rejects.toMatchObject({ code: 'folder-offline' });
    expect(await library.scan()).toMatchObject({ files: 0, missing: 0 });
    expect(await library.tracks()).toMatchObject([{ id: track?.id, state: 'offline' }]);
    expect(await library.handlers['library.folders']({}, noSignal)).toMatchObject([
      { online: false, trackCount: 1 },
    ]);
    await expect(
      Promise.resolve(library.handlers['tracks.file']({ trackId: track?.id ?? 0 }, noSignal)),
    ).rejects.toMatchObject({ code: 'folder-offline' });
    renameSync(`${library.music}-unplugged`, library.music);
    expect(await library.scan()).toMatchObject({ unchanged: 1, new: 0 });
    expect(await library.tracks()).toMatchObject([{ id: track?.id, state: 'present' }]);
  });

  it('removes a folder without forgetting, and revives it, also under its parent', async () => {
    library.file('sub/a.wav', { title: 'A' });
    const sub = join(library.music, 'sub');
    const [folder] = await library.add(sub);
    await library.scan();
    const [track] = await library.tracks();
    await library.handlers['library.removeFolder']({ folderId: folder?.id ?? 0 }, noSignal);
    expect(await library.handlers['library.folders']({}, noSignal)).toEqual([]);
    expect(await library.tracks()).toMatchObject([{ state: 'missing' }]);
    expect(await library.add(sub)).toMatchObject([{ id: folder?.id }]);
    await library.scan();
    expect(await library.tracks()).toMatchObject([{ id: track?.id, state: 'present' }]);
    await library.handlers['library.removeFolder']({ folderId: folder?.id ?? 0 }, noSignal);
    const [parent] = await library.add(library.music);
    expect(await library.scan()).toMatchObject({ moved: 1, new: 0 });
    expect(await library.tracks()).toMatchObject([{ id: track?.id, folderId: parent?.id, state: 'present' }]);
  });
});

describe('folders', () => {
  it('refuses what cannot be a folder of the library', async () => {
    const file = library.file('sub/a.wav');
    const refused = async (path: string): Promise<unknown> => {
      try {
        await library.add(path);
        return null;
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    };
    expect(await refused(join(library.folder, 'nowhere'))).toBe('folder-not-found');
    expect(await refused(file)).toBe('folder-not-found');
    expect(await refused('relative/path')).toBe('bad-request');
    const [folder] = await library.add();
    expect(await library.add(`${library.music}/sub/..`)).toMatchObject([{ id: folder?.id }]);
    expect(await refused(join(library.music, 'sub'))).toBe('folder-nested');
    expect(await refused(library.folder)).toBe('folder-nested');
  });

  it('takes up its work after a restart', async () => {
    library.file('a.wav', { title: 'A' });
    await library.add();
    await library.scan();
    const before = await library.tracks();
    library = await library.reopen();
    library.file('b.wav', { title: 'B' });
    await library.start();
    expect(await library.scan()).toMatchObject({ files: 2 });
    const after = await library.tracks();
    expect(after.map((track) => track.title)).toEqual(['A', 'B']);
    expect(after[0]?.id).toBe(before[0]?.id);
  });
});
