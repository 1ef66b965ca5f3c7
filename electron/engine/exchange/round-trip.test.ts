/** What is written in a format and read again is the same, field by field, as far as the format has room. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cue, documentOf, fullTrack, hostileNames, signal } from './exchange.fixture.ts';
import { formatM3u8 } from './formats/m3u8.ts';
import { formatRekordbox } from './formats/rekordbox.ts';
import { formatSeratoCrate, pathOnVolume } from './formats/serato.ts';
import { formatTraktor } from './formats/traktor.ts';
import { formatVdjFolder, formatVirtualDj } from './formats/virtualdj.ts';
import type { Imported } from './import/imported.ts';
import { readImport } from './import/read-file.ts';
import type { ExchangeList, ExchangeTrack } from './model.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-round-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readBack(name: string, pieces: Iterable<string | Uint8Array>): Promise<Imported> {
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat([...pieces].map((piece) => Buffer.from(piece as string))));
  return await readImport(file, signal);
}

const paths = [
  '/Volumes/USB Stick/Musik/100 % [x] #1 & ünï.mp3',
  '/home/dj/Music/plain.flac',
  'C:\\Users\\DJ\\Music\\Sub Folder\\a+b;c=d.wav',
];
const tracks = paths.map((path, index) => fullTrack(index + 1, path));
const document = documentOf(tracks);

/** Lists with paths instead of numbers. */
function named(lists: readonly ExchangeList[], all: readonly ExchangeTrack[]): unknown {
  const byId = new Map(all.map((track) => [track.id, track.path]));
  return lists.map(({ name, kind, lists: inner, trackIds }) => ({
    name,
    kind,
    lists: named(inner, all),
    paths: trackIds.map((id) => byId.get(id)),
  }));
}

describe('rekordbox XML', () => {
  it('keeps tracks, grid, cues and the tree', async () => {
    const read = await readBack('a.xml', formatRekordbox(document, '1.0'));
    expect(read.format).toBe('rekordbox');
    expect(read.warnings).toEqual([]);
    expect(named(read.lists, read.tracks)).toEqual(named(document.lists, tracks));
    for (const [index, track] of read.tracks.entries()) {
      expect(track).toEqual({
        ...tracks[index],
        id: index,
        // Whole seconds; no key, date or album artist is taken over.
        durationSeconds: 246,
        albumArtist: null,
        addedAt: null,
        key: null,
      });
    }
  });

  it('writes ratings, keys and addresses as rekordbox does', () => {
    const text = [...formatRekordbox(document, '1.0')].join('');
    expect(text).toContain('Rating="204"');
    expect(text).toContain('Tonality="Am"');
    expect(text).toContain('AverageBpm="127.98"');
    expect(text).toContain(
      'Location="file://localhost/Volumes/USB%20Stick/Musik/100%20%25%20%5Bx%5D%20%231%20%26%20%C3%BCn%C3%AF.mp3"',
    );
    expect(text).toContain('Location="file://localhost/C:/Users/DJ/Music/Sub%20Folder/a%2Bb%3Bc%3Dd.wav"');
    expect(text).toContain('<TEMPO Inizio="0.125" Bpm="127.98" Metro="4/4" Battito="3"/>');
    expect(text).toContain(
      '<POSITION_MARK Name="Intro &lt;1&gt;" Type="0" Start="1.5" Num="0" Red="40" Green="226" Blue="20"/>',
    );
    expect(text).toContain('Kind="WAV File"');
    expect(text).toContain('Colour="0xFF0000"');
  });
});

describe('Traktor NML', () => {
  it('keeps tracks, grid, cues and the tree', async () => {
    const read = await readBack('a.nml', formatTraktor(document));
    expect(read.format).toBe('traktor');
    expect(named(read.lists, read.tracks)).toEqual(named(document.lists, tracks));
    for (const [index, track] of read.tracks.entries()) {
      expect(track).toEqual({
        ...tracks[index],
        id: index,
        albumArtist: null,
        addedAt: null,
        key: null,
        discNumber: null,
        sampleRateHz: null,
        // The marker is a beat; which of its bar it is has no place.
        grid: [{ seconds: 0.125, bpm: 127.98, beat: 1, beatsPerBar: 4 }],
        cues: tracks[index]?.cues.map((one) => ({ ...one, colour: null })),
      });
    }
  });

  it('writes places and keys as Traktor does', () => {
    const text = [...formatTraktor(document)].join('');
    expect(text).toContain(
      'DIR="/:Musik/:" FILE="100 % [x] #1 &amp; ünï.mp3" VOLUME="USB Stick" VOLUMEID="USB Stick"',
    );
    expect(text).toContain('DIR="/:Users/:DJ/:Music/:Sub Folder/:" FILE="a+b;c=d.wav" VOLUME="C:"');
    expect(text).toContain('KEY="C:/:Users/:DJ/:Music/:Sub Folder/:a+b;c=d.wav"');
    // A minor: twelve, and nine semitones above C.
    expect(text).toContain('<MUSICAL_KEY VALUE="21">');
    expect(text).toContain('RANKING="204"');
  });
});

describe('VirtualDJ', () => {
  it('keeps what its database has room for', async () => {
    const read = await readBack('database.xml', formatVirtualDj(document));
    expect(read.format).toBe('virtualdj');
    for (const [index, track] of read.tracks.entries()) {
      const own = tracks[index] as ExchangeTrack;
      expect(track).toMatchObject({
        path: own.path,
        title: own.title,
        artist: own.artist,
        album: own.album,
        genre: own.genre,
        comment: own.comment,
        year: own.year,
        trackNumber: own.trackNumber,
        durationSeconds: own.durationSeconds,
        bitrateKbps: own.bitrateKbps,
        sizeBytes: own.sizeBytes,
        rating: own.rating,
        playCount: own.playCount,
        colour: own.colour,
      });
      expect(track.bpm).toBeCloseTo(127.98, 2);
      expect(track.grid[0]?.seconds).toBe(0.125);
      expect(
        track.cues.map(({ kind, seconds, hotCue, name, colour }) => ({
          kind,
          seconds,
          hotCue,
          name,
          colour,
        })),
      ).toEqual([
        { kind: 'cue', seconds: 1.5, hotCue: 0, name: 'Intro <1>', colour: '#28e214' },
        // Pads of loops are others.
        { kind: 'loop', seconds: 61.25, hotCue: null, name: 'Loop', colour: null },
        { kind: 'cue', seconds: 120, hotCue: null, name: 'memory', colour: null },
      ]);
      expect(track.cues[1]?.endSeconds).toBeCloseTo(69.125, 2);
    }
  });

  it('lists keep their order and repeats', async () => {
    const list = { name: 'Set', kind: 'playlist', lists: [], trackIds: [2, 1, 2] } as const;
    const byId = new Map(tracks.map((track) => [track.id, track]));
    const read = await readBack('Set.vdjfolder', formatVdjFolder(list, byId));
    expect(named(read.lists, read.tracks)).toEqual([
      { name: 'Set', kind: 'playlist', lists: [], paths: [paths[1], paths[0], paths[1]] },
    ]);
    expect(read.tracks[0]).toMatchObject({ title: tracks[1]?.title, durationSeconds: 245.5 });
  });
});

it('Serato crates keep paths on their volume, in order', async () => {
  const read = await readBack('House%%Deep.crate', formatSeratoCrate(paths));
  expect(named(read.lists, read.tracks)).toEqual([
    {
      name: 'House',
      kind: 'folder',
      paths: [],
      lists: [
        { name: 'Deep', kind: 'crate', lists: [], paths: paths.map((path) => `/${pathOnVolume(path)}`) },
      ],
    },
  ]);
});

it('M3U8 keeps order, repeats, titles and lengths', async () => {
  const twice = [tracks[1], tracks[0], tracks[1]] as ExchangeTrack[];
  const read = await readBack('Set.m3u8', [formatM3u8(twice, null)]);
  expect(named(read.lists, read.tracks)).toEqual([
    { name: 'Set', kind: 'playlist', lists: [], paths: [paths[1], paths[0], paths[1]] },
  ]);
  expect(read.tracks[0]).toMatchObject({ title: 'Änderung & <mehr>', artist: '羊', durationSeconds: 246 });
});

it.each(hostileNames)('a track called %j goes through every XML format', async (name) => {
  const track = fullTrack(1, '/music/a.mp3', {
    title: name,
    artist: name,
    album: name,
    genre: name,
    comment: name,
    cues: [cue(1, { name, hotCue: 0 })],
  });
  const own = { tracks: [track], lists: [{ name, kind: 'playlist', lists: [], trackIds: [1] }] } as const;
  // What XML cannot hold is left out; tags lose the blanks at their ends.
  const expected = name.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
  for (const [file, pieces] of [
    ['x.xml', formatRekordbox(own, '1')],
    ['x.nml', formatTraktor(own)],
    ['y.xml', formatVirtualDj(own)],
  ] as const) {
    const read = await readBack(file, pieces);
    expect(read.tracks[0]).toMatchObject({
      path: '/music/a.mp3',
      title: expected.trim(),
      artist: expected.trim(),
      album: expected.trim(),
      genre: expected.trim(),
      comment: expected.trim(),
    });
    expect(read.tracks[0]?.cues[0]?.name).toBe(expected);
    if (file !== 'y.xml') expect(read.lists[0]?.trackIds).toEqual([0]);
  }
});
