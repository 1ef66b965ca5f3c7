import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsOnALine, formatM3u8 } from './m3u8.ts';
import type { M3u8Track } from './m3u8.ts';

const track = (filePath: string, more: Partial<M3u8Track> = {}): M3u8Track => ({
  path: filePath,
  title: null,
  artist: null,
  durationSeconds: null,
  ...more,
});

test('absolute paths, with what the tags say', () => {
  const text = formatM3u8(
    [
      track('/music/a b.mp3', { title: 'Änderung', artist: '羊', durationSeconds: 61.6 }),
      track('/music/Só.flac', { artist: 'Solo' }),
    ],
    null,
  );
  expect(text).toBe(
    '#EXTM3U\n#EXTINF:62,羊 - Änderung\n/music/a b.mp3\n#EXTINF:-1,Solo - Só\n/music/Só.flac\n',
  );
});

test.each([
  ['/music/set', '/music/set/a.mp3', './a.mp3'],
  ['/music/set', '/music/b/c.mp3', '../b/c.mp3'],
  ['/music', '/music/#1.mp3', './#1.mp3'],
  ['/music', '/music/..x/a.mp3', './..x/a.mp3'],
])('relative to %s: %s is %s', (folder, file, expected) => {
  expect(formatM3u8([track(file)], folder).split('\n')[2]).toBe(expected);
});

test('Windows: slashes, and absolute where there is no relative path', () => {
  const lines = formatM3u8([track('C:\\Music\\a.mp3'), track('D:\\b.mp3')], 'C:\\Sets', path.win32).split(
    '\n',
  );
  expect([lines[2], lines[4]]).toEqual(['../Music/a.mp3', 'D:/b.mp3']);
});

test('whatever tags hold, a track has two lines, and reading them gives back its path', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  const name = text.filter((value) => value !== '' && fitsOnALine(value) && !/[\\/]|^\.+$/.test(value));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, text, text)), fc.boolean(), (tracks, relative) => {
      const list = tracks.map(([file, title, artist]) => track(`/music/${file}`, { title, artist }));
      const lines = formatM3u8(list, relative ? '/music/sets' : null).split(/\r\n|[\r\n]/);
      expect(lines).toHaveLength(1 + 2 * tracks.length + 1);
      const paths = lines.filter((line) => line !== '' && !line.startsWith('#'));
      expect(paths.map((line) => path.resolve('/music/sets', line))).toEqual(list.map((one) => one.path));
    }),
  );
});

test.each(['a\nb', 'a\rb', 'a\u2028b', 'a\u0000b', 'a\u0085b'])('%j fits on no line', (name) => {
  expect(fitsOnALine(`/music/${name}.mp3`)).toBe(false);
});
