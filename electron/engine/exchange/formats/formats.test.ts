import { describe, expect, it, test } from 'vitest';
import { fullTrack, hostileNames, textOfPieces } from '../exchange.fixture.ts';
import { createUniqueNames, safeName } from '../file-names.ts';
import { encodePath, fileUrl, mapPath, pathOfUrl } from '../paths.ts';
import { formatCsv, formatMixxxCsv } from './csv.ts';
import { formatJson, formatJspf } from './json.ts';
import { formatXspf } from './xspf.ts';

/** A reader of RFC 4180. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[(at += 1)];
        else break;
      }
      at += 1;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++];
    rows.at(-1)?.push(cell);
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      if (at < text.length) rows.push([]);
    } else if (at < text.length) throw new Error(`Unexpected ${JSON.stringify(text[at])} at ${at}`);
  }
  return rows;
}

describe('CSV', () => {
  it('begins with the mark of UTF-8, and each row has a cell for each column', () => {
    const text = textOfPieces(formatCsv([fullTrack(1, '/m/a,b.mp3')]));
    expect(text.startsWith('\ufeff')).toBe(true);
    const [head = [], row = []] = cellsOf(text.slice(1));
    const cells = Object.fromEntries(head.map((name, index) => [name, row[index]]));
    expect(cells).toMatchObject({
      Position: '1',
      Title: 'Änderung & <mehr>',
      BPM: '127.98',
      Key: '8A',
      'Duration (s)': '245.5',
      Rating: '4',
      Path: '/m/a,b.mp3',
    });
  });

  it.each(hostileNames)('%j is a text in it, and no formula', (name) => {
    for (const format of [formatCsv, formatMixxxCsv]) {
      const text = textOfPieces(format([fullTrack(1, '/m/a.mp3', { title: name })])).replace('\ufeff', '');
      const rows = cellsOf(text);
      expect(rows).toHaveLength(2);
      expect(rows[1]).toHaveLength(rows[0]?.length ?? 0);
      const cell = rows[1]?.[rows[0]?.indexOf('Title') ?? -1] ?? '';
      expect(cell).not.toMatch(/^\s*[=+\-@]/);
      expect(cell.replace(/^'/, '')).toBe(name.toWellFormed());
    }
  });

  it('Mixxx finds files by a column called Location, whatever they are called', () => {
    const [head, row] = cellsOf(textOfPieces(formatMixxxCsv([fullTrack(1, '=odd/a.mp3')])));
    expect(row?.[head?.indexOf('Location') ?? -1]).toBe('=odd/a.mp3');
    expect(row?.[head?.indexOf('Duration') ?? -1]).toBe('4:06');
  });
});

test('JSON holds every field, JSPF what its layout has', () => {
  const track = fullTrack(3, '/m/ä b.mp3');
  const lists = [{ name: 'L', kind: 'playlist', lists: [], trackIds: [3] }] as const;
  expect(JSON.parse(textOfPieces(formatJson({ tracks: [track], lists }, '1.2')))).toEqual({
    format: 'cratewise-exchange',
    version: 1,
    program: 'Cratewise 1.2',
    tracks: [track],
    lists,
  });
  expect(JSON.parse(textOfPieces(formatJspf('L', [track, track])))).toMatchObject({
    playlist: {
      title: 'L',
      track: [
        {
          location: ['file:///m/%C3%A4%20b.mp3'],
          title: track.title,
          creator: '羊',
          trackNum: 7,
          duration: 245_500,
        },
        { location: ['file:///m/%C3%A4%20b.mp3'] },
      ],
    },
  });
});

test('XSPF: elements in the order of its schema, everything escaped', () => {
  const text = textOfPieces(formatXspf('A & B', [fullTrack(1, '/m/<a>.mp3')]));
  expect(text).toContain('<title>A &amp; B</title>');
  const elements = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name);
  expect(elements).toEqual([
    ...['title', 'creator', 'trackList', 'track'],
    ...['location', 'title', 'creator', 'annotation', 'album', 'trackNum', 'duration'],
  ]);
  expect(text).toContain('<location>file:///m/%3Ca%3E.mp3</location>');
});

describe('paths', () => {
  test.each([
    ['/music/a b.mp3', 'file:///music/a%20b.mp3'],
    ['C:\\Music\\ä#1.mp3', 'file:///C:/Music/%C3%A4%231.mp3'],
    ['\\\\nas\\music\\a.mp3', 'file://nas/music/a.mp3'],
    ["/m/100% 'x' (y)!*.mp3", 'file:///m/100%25%20%27x%27%20%28y%29%21%2A.mp3'],
    ['/m/back\\slash.mp3', 'file:///m/back%5Cslash.mp3'],
  ])('%s is %s, and back', (path, url) => {
    expect(fileUrl(path)).toBe(url);
    expect(pathOfUrl(url)).toBe(path);
  });

  test.each([
    ['file://localhost/C:/a.mp3', 'C:\\a.mp3'],
    ['file:/m/a.mp3', '/m/a.mp3'],
    ['file:///m/%E4.mp3', '/m/ä.mp3'],
    ['file:///m/100%.mp3', '/m/100%.mp3'],
    ['/m/100%25.mp3', '/m/100%25.mp3'],
  ])('%s is read as %s', (url, path) => expect(pathOfUrl(url)).toBe(path));

  test.each([
    ['/music/a/b.mp3', '/music', 'D:\\Music', 'D:\\Music\\a\\b.mp3'],
    ['/music/a/b.mp3', '/music/', '/Volumes/USB/', '/Volumes/USB/a/b.mp3'],
    ['/musical/a.mp3', '/music', '/x', '/musical/a.mp3'],
    ['C:\\music\\A\\b.mp3', 'c:\\Music', '/home/me', '/home/me/A/b.mp3'],
    ['/a.mp3', '/', 'E:\\', 'E:\\a.mp3'],
  ])('%s with %s = %s is %s', (path, from, to, expected) => {
    expect(mapPath(path, [{ from, to }])).toBe(expected);
  });

  it('nothing in a name can change the rest of an address', () => {
    expect(encodePath('/a?b#c&d')).toBe('/a%3Fb%23c%26d');
  });
});

describe('names of files', () => {
  it.each(hostileNames)('%j becomes one part of a path that FAT holds', (name) => {
    const safe = safeName(name);
    expect(safe).not.toMatch(/[\\/:*?"<>|\u0000-\u001f\u202e]/);
    expect(safe).not.toMatch(/^[. ]|[. ]$/);
    expect(safe).not.toBe('');
    expect(safe).not.toBe('CON');
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(201);
  });

  it('is never empty, never twice, whatever the case', () => {
    expect(safeName(' .. ')).toBe('Untitled');
    const unique = createUniqueNames();
    expect(['A', 'a', 'A', 'B'].map(unique)).toEqual(['A', 'a (2)', 'A (3)', 'B']);
  });
});
