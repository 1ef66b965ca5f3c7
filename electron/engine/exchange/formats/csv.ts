/** Tables for spreadsheets (RFC 4180) and for Mixxx, which exports crates as such and imports them by "Location". */
import { writeKey } from '#shared/music/keys.ts';
import type { ExchangeTrack } from '../model.ts';

type Cell = string | number | null;
type Column = readonly [name: string, value: (track: ExchangeTrack, index: number) => Cell];

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const columns: readonly Column[] = [
  ['Position', (_track, index) => index + 1],
  ['Artist', ({ artist }) => artist],
  ['Title', ({ title }) => title],
  ['Album', ({ album }) => album],
  ['Album artist', ({ albumArtist }) => albumArtist],
  ['Genre', ({ genre }) => genre],
  ['Year', ({ year }) => year],
  ['Track', ({ trackNumber }) => trackNumber],
  ['Disc', ({ discNumber }) => discNumber],
  ['BPM', ({ bpm }) => (bpm === null ? null : Number(bpm.toFixed(2)))],
  ['Key', ({ key }) => key],
  [
    'Duration (s)',
    ({ durationSeconds }) => (durationSeconds === null ? null : Number(durationSeconds.toFixed(3))),
  ],
  ['Rating', ({ rating }) => rating],
  ['Plays', ({ playCount }) => playCount],
  ['Colour', ({ colour }) => colour],
  ['Comment', ({ comment }) => comment],
  ['Bit rate (kbit/s)', ({ bitrateKbps }) => bitrateKbps],
  ['Sample rate (Hz)', ({ sampleRateHz }) => sampleRateHz],
  ['Size (bytes)', ({ sizeBytes }) => sizeBytes],
  ['Added', ({ addedAt }) => iso(addedAt)],
  ['Path', ({ path }) => path],
];

/** The columns of Mixxx's own table, in its words. */
const mixxxColumns: readonly Column[] = [
  ['#', (_track, index) => index + 1],
  ['Artist', ({ artist }) => artist],
  ['Title', ({ title }) => title],
  ['Album', ({ album }) => album],
  ['Album Artist', ({ albumArtist }) => albumArtist],
  ['Genre', ({ genre }) => genre],
  ['Year', ({ year }) => year],
  ['Track #', ({ trackNumber }) => trackNumber],
  ['Key', ({ key }) => (key === null ? null : writeKey(key, 'traditional'))],
  ['BPM', ({ bpm }) => (bpm === null ? null : Number(bpm.toFixed(2)))],
  ['Duration', ({ durationSeconds }) => (durationSeconds === null ? null : clock(durationSeconds))],
  ['Bitrate', ({ bitrateKbps }) => (bitrateKbps === null ? null : Math.round(bitrateKbps))],
  ['Rating', ({ rating }) => rating],
  ['Played', ({ playCount }) => playCount],
  ['Comment', ({ comment }) => comment],
  ['Date Added', ({ addedAt }) => iso(addedAt)],
  ['Location', ({ path }) => path],
];

/** For spreadsheets: with the mark that tells Excel it is UTF-8, and texts that no program runs as formulas. */
export function* formatCsv(tracks: readonly ExchangeTrack[]): Generator<string> {
  yield '\ufeff';
  yield* rows(columns, tracks, harmless);
}

/** For Mixxx, which takes every cell as it stands. */
export function* formatMixxxCsv(tracks: readonly ExchangeTrack[]): Generator<string> {
  yield* rows(mixxxColumns, tracks, (text, column) => (column === 'Location' ? text : harmless(text)));
}

function* rows(
  table: readonly Column[],
  tracks: readonly ExchangeTrack[],
  safe: (text: string, column: string) => string,
): Generator<string> {
  yield `${table.map(([name]) => quoted(name)).join(',')}\r\n`;
  for (const [index, track] of tracks.entries()) {
    const cells = table.map(([name, value]) => {
      const cell = value(track, index);
      if (cell === null) return '';
      return typeof cell === 'number' ? String(cell) : quoted(safe(cell, name));
    });
    yield `${cells.join(',')}\r\n`;
  }
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection). */
function harmless(text: string): string {
  const plain = text.toWellFormed().replaceAll('\u0000', '');
  return /^[\s\u00a0]*[=+\-@\t\r\n＝＋－＠]/.test(plain) ? `'${plain}` : plain;
}

function quoted(text: string): string {
  return /[",\r\n;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** 4:05 or 1:04:05 */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
