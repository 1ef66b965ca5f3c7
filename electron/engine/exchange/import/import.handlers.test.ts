import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMarks } from '#engine/storage/library/track-marks.ts';
import { readTree } from '#engine/storage/library/playlists.ts';
import { readEntries } from '#engine/storage/library/playlist-entries.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import { setRating } from '#engine/storage/library/tracks.ts';
import { fullTrack, openExchangeLibrary, signal } from '../exchange.fixture.ts';
import type { ExchangeLibrary } from '../exchange.fixture.ts';
import { formatRekordbox } from '../formats/rekordbox.ts';
import { formatSeratoCrate } from '../formats/serato.ts';
import type { ExchangeDocument } from '../model.ts';
import { findCandidates } from './candidates.ts';

let exchange: ExchangeLibrary;
let ids: number[];
beforeEach(() => {
  exchange = openExchangeLibrary();
  const { library } = exchange;
  ids = [
    library.add({ path: 'Artist/Album/one.mp3', title: 'One', artist: 'Artist', durationSeconds: 200 }),
    library.add({ path: 'Artist/Album/two.mp3', title: 'Two', artist: 'Artist', durationSeconds: 300 }),
    library.add({ path: 'renamed.flac', title: 'Déjà Vu', artist: 'Singer', durationSeconds: 180 }),
  ];
});
afterEach(() => exchange.remove());

/** Each list of the tree with the ids of its rows. */
function lists(): readonly (readonly [string, string, ...number[]])[] {
  const { database } = exchange.library.storage;
  return readTree(database).map(({ id, name, kind }) => [
    name,
    kind,
    ...readEntries(database, id, 0, 999).map(({ trackId }) => trackId),
  ]);
}

function ratings(): readonly number[] {
  return readTracks(exchange.library.storage.database, ids).map(({ rating }) => rating);
}

const windows = String.raw`D:\DJ\Music`;
const one = fullTrack(1, `${windows}\\Artist\\Album\\one.mp3`, { title: 'x', artist: null });
const two = fullTrack(2, `${windows}\\artist\\album\\TWO.mp3`, { title: null, artist: null, rating: 0 });
const other = fullTrack(3, `${windows}\\Singer - Deja vu.mp3`, {
  title: 'deja vu (Original Mix)',
  artist: 'SINGER',
  durationSeconds: 181,
});
const unknown = fullTrack(4, `${windows}\\Nobody - Nothing.mp3`, { title: 'Nothing', artist: 'Nobody' });
const document: ExchangeDocument = {
  tracks: [one, two, other, unknown],
  lists: [
    {
      name: 'Sets',
      kind: 'folder',
      trackIds: [],
      lists: [{ name: 'Friday', kind: 'playlist', lists: [], trackIds: [2, 4, 1, 2, 3] }],
    },
  ],
};

function library(): string {
  return exchange.put('library.xml', [...formatRekordbox(document, '1')].join(''));
}

describe('an import', () => {
  it('finds tracks of another computer, takes over what they have, and is undone as one step', async () => {
    setRating(exchange.library.storage.database, [ids[2]!], 5);
    const file = library();
    const looked = await exchange.import({ file, dryRun: true });
    expect(lists()).toEqual([]);
    expect(looked).toMatchObject({
      format: 'rekordbox',
      applied: false,
      entries: 4,
      matchedByPath: 2,
      matchedByName: 1,
      unmatched: 1,
      mappings: [{ from: 'D:/DJ/Music', to: '/music' }],
      playlists: 1,
      folders: 1,
      ratings: 1,
      cues: 3,
      grids: 3,
      colours: 3,
      playCounts: 3,
      editId: null,
      unmatchedEntries: [{ entry: 3, title: 'Nothing', artist: 'Nobody', uses: 1 }],
    });
    const done = await exchange.import({ file });
    expect(done).toEqual({ ...looked, applied: true, editId: expect.any(Number) });
    expect(lists()).toEqual([
      ['Sets', 'folder'],
      ['Friday', 'playlist', ids[1], ids[0], ids[1], ids[2]],
    ]);
    // Stars that the user gave here stay.
    expect(ratings()).toEqual([4, 0, 5]);
    const { database } = exchange.library.storage;
    expect(readMarks(database, ids).get(ids[0]!)).toEqual({
      playCount: 12,
      colour: '#ff0000',
      cues: one.cues,
      grid: one.grid,
      source: 'rekordbox',
    });
    const state = await exchange.edits.handlers['edits.undo']({}, { signal });
    expect(state.redo).toMatchObject({ label: 'Import “library.xml”' });
    expect(lists()).toEqual([]);
    expect(ratings()).toEqual([0, 0, 5]);
    expect(readMarks(database, ids).size).toBe(0);
    await exchange.edits.handlers['edits.redo']({}, { signal });
    expect(lists()).toHaveLength(2);
    expect(readMarks(database, ids).size).toBe(3);
  });

  it('takes only the parts that are asked for, and names lists so that they are free', async () => {
    const file = library();
    await exchange.import({ file, parts: ['playlists'] });
    await exchange.import({ file, parts: ['playlists'] });
    expect(lists().map(([name]) => name)).toEqual(['Sets', 'Friday', 'Sets', 'Friday 2']);
    expect(ratings()).toEqual([0, 0, 0]);
    const again = await exchange.import({ file, parts: ['ratings'] });
    expect(again).toMatchObject({ ratings: 2, playlists: 0, cues: 0 });
    const third = await exchange.import({ file, parts: ['ratings'] });
    expect(third).toMatchObject({ ratings: 0, editId: null });
  });

  it('is told by hand what an entry is, and where files are', async () => {
    const file = library();
    const done = await exchange.import({ file, matches: [{ entry: 3, trackId: ids[2]! }] });
    expect(done).toMatchObject({ matchedByHand: 1, unmatched: 0 });
    expect(lists()[1]).toEqual(['Friday', 'playlist', ids[1], ids[2], ids[0], ids[1], ids[2]]);
    const mapped = exchange.put('a.m3u', 'X:\\Artist\\Album\\one.mp3\n');
    const mappings = [{ from: 'X:\\', to: '/music' }];
    expect(await exchange.import({ file: mapped, mappings })).toMatchObject({ matchedByPath: 1, mappings });
  });

  it('proposes tracks for an entry that was not found', async () => {
    const { database } = exchange.library.storage;
    const wanted = { path: '/x.mp3', title: 'Deja-Vu (live)', artist: 'Singers', durationSeconds: 182 };
    const found = await findCandidates(database, wanted, 5, signal);
    expect(found[0]).toMatchObject({ trackId: ids[2], reason: expect.stringContaining('same length') });
    const byName = await findCandidates(
      database,
      { path: 'C:\\m\\Artist - Two.mp3', title: null, artist: null, durationSeconds: null },
      1,
      signal,
    );
    expect(byName[0]?.trackId).toBe(ids[1]);
    const nothing = { path: '/q.mp3', title: 'zzzz', artist: 'qqqq', durationSeconds: 1 };
    expect(await findCandidates(database, nothing, 5, signal)).toEqual([]);
  });

  it('two recordings of one name are told apart by their length, and not guessed without one', async () => {
    const long = exchange.library.add({
      path: 'l.mp3',
      title: 'One',
      artist: 'Artist',
      durationSeconds: 400,
    });
    const file = exchange.put('a.m3u8', '#EXTM3U\n#EXTINF:401,Artist - One\ngone/q.mp3\n');
    await exchange.import({ file });
    expect(lists()).toEqual([['a', 'playlist', long]]);
    const without = exchange.put('b.m3u8', 'gone/Artist - One.mp3\n');
    expect(await exchange.import({ file: without, dryRun: true })).toMatchObject({ unmatched: 1 });
  });
});

describe('text playlists', () => {
  const path = '/music/Artist/Album/one.mp3';
  it.each([
    ['UTF-8', Buffer.from(`#EXTM3U\r\n${path}\r\n`)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff#EXTM3U\n${path}\n`)],
    ['UTF-16', Buffer.from(`\ufeff#EXTM3U\r\n${path}\r\n`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(`#EXTM3U\r\n${path}\r\n`, 'utf16le')],
    ['UTF-16, big endian', Buffer.from(`\ufeff#EXTM3U\r\n${path}\r\n`, 'utf16le').swap16()],
    ['old Mac lines', Buffer.from(`#EXTM3U\r${path}\r`)],
    ['an address', Buffer.from(`file://localhost${path.replace('one', 'o%6ee')}\n`)],
    ['relative', Buffer.from(`#EXTINF:200,Artist - One\nsomewhere\\else.mp3\n`)],
  ])('in %s', async (_name, bytes) => {
    expect(await exchange.import({ file: exchange.put('a.m3u', bytes), dryRun: true })).toMatchObject({
      entries: 1,
      unmatched: 0,
    });
  });

  it('as Western Windows wrote them', async () => {
    const id = exchange.library.add({ path: 'Größe – Ä.mp3' });
    const bytes = Buffer.from([...'/music/Größe '].map((letter) => letter.charCodeAt(0)));
    const rest = Buffer.from([0x96, 0x20, 0xc4, ...Buffer.from('.mp3\n')]);
    await exchange.import({ file: exchange.put('w.m3u', Buffer.concat([bytes, rest])) });
    expect(lists()).toEqual([['w', 'playlist', id]]);
  });

  it('PLS, in the order of its numbers', async () => {
    const text = `[playlist]\nFile2=/music/renamed.flac\nTitle2=x\nFile1=${path}\nLength1=200\nNumberOfEntries=2\nVersion=2\n`;
    await exchange.import({ file: exchange.put('p.pls', text) });
    expect(lists()).toEqual([['p', 'playlist', ids[0], ids[2]]]);
  });

  it('VirtualDJ’s remarks tell names, and addresses on the network are left out', async () => {
    const text =
      '#EXTM3U\n#EXTVDJ:<artist>Artist</artist><title>Two</title><songlength>300.1</songlength>\ngone.mp3\n' +
      'http://radio.example/stream\n';
    const done = await exchange.import({ file: exchange.put('v.m3u', text) });
    expect(done).toMatchObject({ matchedByName: 1, unmatched: 0 });
    expect(done.warnings).toEqual(['Addresses on the network, which are no files, were left out: 1.']);
  });
});

it('a folder of Serato crates becomes folders and crates', async () => {
  const folder = join(exchange.folder, '_Serato_', 'Subcrates');
  mkdirSync(folder, { recursive: true });
  const crate = (...paths: string[]) => Buffer.concat([...formatSeratoCrate(paths)]);
  writeFileSync(join(folder, 'House.crate'), crate('/Volumes/USB/Artist/Album/one.mp3'));
  writeFileSync(join(folder, 'House%%Deep.crate'), crate('/music/Artist/Album/two.mp3', '/music/gone.mp3'));
  const done = await exchange.import({ file: exchange.folder });
  expect(done).toMatchObject({ format: 'serato', entries: 3, unmatched: 1 });
  expect(lists()).toEqual([
    ['House', 'folder'],
    ['House', 'crate', ids[0]],
    ['Deep', 'crate', ids[1]],
  ]);
});

it('the XML of iTunes: playlists in folders, stars and plays; what it makes itself is left out', async () => {
  const file = exchange.put(
    'Library.xml',
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Major Version</key><integer>1</integer>
<key>Tracks</key><dict>
<key>7</key><dict><key>Track ID</key><integer>7</integer><key>Name</key><string>One &amp; only</string>
<key>Rating</key><integer>80</integer><key>Play Count</key><integer>3</integer><key>Total Time</key><integer>200000</integer>
<key>Location</key><string>file://localhost/Users/me/Music/Artist/Album/one.mp3</string></dict>
<key>9</key><dict><key>Track ID</key><integer>9</integer><key>Name</key><string>Two</string>
<key>Rating</key><integer>100</integer><key>Rating Computed</key><true/>
<key>Location</key><string>file:///Users/me/Music/Artist/Album/two.mp3</string></dict>
<key>11</key><dict><key>Track ID</key><integer>11</integer><key>Name</key><string>Streamed</string></dict>
</dict>
<key>Playlists</key><array>
<dict><key>Name</key><string>Library</string><key>Master</key><true/><key>Playlist Items</key><array><dict><key>Track ID</key><integer>7</integer></dict></array></dict>
<dict><key>Name</key><string>In it</string><key>Playlist Persistent ID</key><string>B</string><key>Parent Persistent ID</key><string>A</string>
<key>Playlist Items</key><array><dict><key>Track ID</key><integer>9</integer></dict><dict><key>Track ID</key><integer>7</integer></dict></array></dict>
<dict><key>Name</key><string>Folder</string><key>Playlist Persistent ID</key><string>A</string><key>Folder</key><true/></dict>
</array></dict></plist>`,
  );
  const done = await exchange.import({ file });
  expect(done).toMatchObject({ format: 'itunes', entries: 2, matchedByPath: 2, ratings: 1, playCounts: 1 });
  expect(lists()).toEqual([
    ['Folder', 'folder'],
    ['In it', 'playlist', ids[1], ids[0]],
  ]);
  expect(ratings()).toEqual([4, 0, 0]);
});

describe('is refused with a sentence:', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><DJ_PLAYLISTS>&b;</DJ_PLAYLISTS>`;
  const outside = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><DJ_PLAYLISTS/>`;
  const whole = [...formatRekordbox(document, '1')].join('');
  it.each([
    ['a bomb of entities', 'a.xml', bomb, /entities of its own/],
    ['a file that reads another', 'a.xml', outside, /entities of its own/],
    ['an entity that is not XML’s', 'a.xml', '<DJ_PLAYLISTS>&nbsp;</DJ_PLAYLISTS>', /damaged/],
    ['half a file', 'a.xml', whole.slice(0, whole.length / 2), /cut off|damaged/],
    ['a file without its last letter', 'a.xml', whole.trimEnd().slice(0, -1), /cut off/],
    [
      'elements inside each other without end',
      'a.xml',
      '<a>'.repeat(100_000),
      /no program|inside each other/,
    ],
    [
      'deep folders',
      'a.xml',
      `<DJ_PLAYLISTS><PLAYLISTS>${'<NODE Type="0" Name="x">'.repeat(400)}`,
      /inside each other/,
    ],
    ['XML of another kind', 'a.xml', '<svg xmlns="x"/>', /known here/],
    ['no XML', 'a.bin', Buffer.from([1, 2, 3, 0, 0, 9]), /none of/],
    ['nothing', 'empty.xml', '', /none of/],
    [
      'a crate that is cut off',
      'a.crate',
      Buffer.concat([...formatSeratoCrate(['/a'])]).subarray(0, -2),
      /cut off/,
    ],
    ['a crate with a length of 4 GB', 'b.crate', Buffer.from('vrsn\xff\xff\xff\xffxx', 'latin1'), /cut off/],
  ])('%s', async (_what, name, content, sentence) => {
    const file = exchange.put(name, content);
    await expect(exchange.import({ file })).rejects.toThrow(sentence);
    await expect(exchange.import({ file })).rejects.toMatchObject({ code: 'import-failed' });
    expect(lists()).toEqual([]);
  });

  it('a file that is not there, a folder without crates, a path that is none', async () => {
    await expect(exchange.import({ file: '/no/such.xml' })).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(exchange.import({ file: exchange.folder })).rejects.toThrow(/no Serato crates/);
    await expect(exchange.import({ file: 'a.xml' })).rejects.toMatchObject({ code: 'bad-request' });
  });
});

it('values out of all bounds are left out, not taken over', async () => {
  const file = exchange.put(
    'odd.xml',
    `<DJ_PLAYLISTS><COLLECTION><TRACK TrackID="1" Location="file://localhost/music/renamed.flac" Rating="9999"
      PlayCount="-4" Colour="red"><TEMPO Inizio="NaN" Bpm="0"/><TEMPO Inizio="1e99" Bpm="120"/>
      <POSITION_MARK Start="-5" Type="0"/><POSITION_MARK Start="Infinity"/></TRACK></COLLECTION></DJ_PLAYLISTS>`,
  );
  expect(await exchange.import({ file })).toMatchObject({
    matchedByPath: 1,
    ratings: 0,
    playCounts: 0,
    cues: 0,
    grids: 0,
    colours: 0,
    editId: null,
  });
});

it('200,000 entries: others get their turn all the while', { timeout: 120_000 }, async () => {
  const count = 200_000;
  const tracks = Array.from(
    { length: count },
    (_, index) =>
      `<TRACK TrackID="${index}" Name="T${index}" Location="file://localhost/C:/m/${index % 1000}/${index}.mp3"/>`,
  );
  const rows = tracks.map((_, index) => `<TRACK Key="${index}"/>`).join('');
  const node = `<NODE Type="0" Name="ROOT"><NODE Type="1" KeyType="0" Name="All">${rows}</NODE></NODE>`;
  const text = `<DJ_PLAYLISTS><COLLECTION>${tracks.join('\n')}</COLLECTION><PLAYLISTS>${node}</PLAYLISTS></DJ_PLAYLISTS>`;
  const file = exchange.put('large.xml', text);
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const done = await exchange.import({ file, dryRun: true });
  clearInterval(timer);
  expect(done).toMatchObject({ entries: count, unmatched: count, playlists: 1 });
  // On a free processor turns take 30 ms; this machine may be busy.
  expect(longest).toBeLessThan(1500);
});
