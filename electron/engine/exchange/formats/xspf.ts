/** XSPF, version 1: the playlist format of xspf.org. */
import { fileUrl } from '../paths.ts';
import type { ExchangeTrack } from '../model.ts';
import { textElement } from '../xml-writer.ts';
import { positive } from './json.ts';

/** @param location gives the address of a track: absolute or relative */
export function* formatXspf(
  name: string,
  tracks: readonly ExchangeTrack[],
  location: (track: ExchangeTrack) => string = ({ path }) => fileUrl(path),
): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">\n';
  yield `  ${textElement('title', name)}\n  <creator>Cratewise</creator>\n  <trackList>\n`;
  for (const track of tracks) {
    const elements: readonly (readonly [string, string | number | null])[] = [
      ['location', location(track)],
      ['title', track.title],
      ['creator', track.artist],
      ['annotation', track.comment],
      ['album', track.album],
      ['trackNum', positive(track.trackNumber)],
      ['duration', track.durationSeconds === null ? null : Math.round(track.durationSeconds * 1000)],
    ];
    const given = elements.filter((entry): entry is [string, string | number] => entry[1] !== null);
    const lines = given.map(([element, value]) => `      ${textElement(element, String(value))}\n`);
    yield `    <track>\n${lines.join('')}    </track>\n`;
  }
  yield '  </trackList>\n</playlist>\n';
}
