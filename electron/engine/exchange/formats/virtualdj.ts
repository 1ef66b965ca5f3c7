/** VirtualDJ's database.xml (songs with tags, scan and points of interest) and its .vdjfolder lists. */
import { writeKey } from '#shared/music/keys.ts';
import type { TrackCue } from '#shared/domain.ts';
import { colourNumber } from '../model.ts';
import type { ExchangeDocument, ExchangeList, ExchangeTrack } from '../model.ts';
import { isWindowsPath } from '../paths.ts';
import { emptyTag, openTag, textElement } from '../xml-writer.ts';

const OPAQUE = 0xff00_0000;

/** The text of a database of these tracks, in pieces; it holds no lists. */
export function* formatVirtualDj({ tracks }: ExchangeDocument): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\r\n<VirtualDJ_Database Version="2024">\r\n';
  for (const track of tracks) yield writeSong(track);
  yield '</VirtualDJ_Database>\r\n';
}

/** The text of one list. */
export function* formatVdjFolder(
  list: ExchangeList,
  tracks: ReadonlyMap<number, ExchangeTrack>,
): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\r\n';
  const noDuplicates = list.kind === 'crate' ? 'yes' : 'no';
  yield `${openTag('VirtualFolder', { noDuplicates, ordered: 'yes' })}\r\n`;
  let idx = 0;
  for (const id of list.trackIds) {
    const track = tracks.get(id);
    if (track === undefined) continue;
    yield `\t${emptyTag('song', {
      path: nativePath(track.path),
      size: track.sizeBytes,
      songlength: track.durationSeconds?.toFixed(3),
      bpm: track.bpm?.toFixed(3),
      key: track.key === null ? null : writeKey(track.key, 'traditional'),
      artist: track.artist,
      title: track.title,
      idx,
    })}\r\n`;
    idx += 1;
  }
  yield '</VirtualFolder>\r\n';
}

/** VirtualDJ on Windows writes backslashes. */
function nativePath(path: string): string {
  return isWindowsPath(path) ? path.replaceAll('/', '\\') : path;
}

function writeSong(track: ExchangeTrack): string {
  const key = track.key === null ? null : writeKey(track.key, 'traditional');
  // Seconds of a beat, not beats of a minute.
  const beat = track.bpm === null ? null : (60 / track.bpm).toFixed(6);
  const song = { FilePath: nativePath(track.path), FileSize: track.sizeBytes };
  let text = ` ${openTag('Song', song)}\r\n`;
  text += `  ${emptyTag('Tags', {
    Author: track.artist,
    Title: track.title,
    Genre: track.genre,
    Album: track.album,
    TrackNumber: track.trackNumber,
    Year: track.year,
    Stars: track.rating === 0 ? null : track.rating,
    Flag: 1,
  })}\r\n`;
  text += `  ${emptyTag('Infos', {
    SongLength: track.durationSeconds?.toFixed(6),
    FirstSeen: track.addedAt === null ? null : Math.floor(track.addedAt / 1000),
    Bitrate: track.bitrateKbps === null ? null : Math.round(track.bitrateKbps),
    PlayCount: track.playCount,
    UserColor: track.colour === null ? null : OPAQUE + colourNumber(track.colour),
  })}\r\n`;
  if (track.comment !== null && track.comment !== '')
    text += `  ${textElement('Comment', track.comment)}\r\n`;
  if (beat !== null || key !== null)
    text += `  ${emptyTag('Scan', { Version: 801, Bpm: beat, Key: key, Flag: 32768 })}\r\n`;
  for (const [index, { seconds, bpm }] of track.grid.entries()) {
    // The tempo of the first is that of the scan.
    const own = index === 0 ? null : (60 / bpm).toFixed(6);
    text += `  ${emptyTag('Poi', { Pos: seconds.toFixed(6), Type: 'beatgrid', Bpm: own })}\r\n`;
  }
  let slot = 0;
  for (const cue of track.cues) {
    slot += cue.kind === 'loop' ? 1 : 0;
    text += `  ${emptyTag('Poi', poiOf(cue, slot, track.bpm))}\r\n`;
  }
  return `${text} </Song>\r\n`;
}

function poiOf(cue: TrackCue, slot: number, bpm: number | null): Record<string, string | number | null> {
  const Color = cue.colour === null ? null : OPAQUE + colourNumber(cue.colour);
  const at = { Name: cue.name, Pos: Math.max(0, cue.seconds).toFixed(6) };
  if (cue.kind === 'loop' && cue.endSeconds !== null) {
    // Its length is in beats; of a track without tempo as if there were 120 a minute.
    const beats = (cue.endSeconds - cue.seconds) / (60 / (bpm ?? 120));
    return { ...at, Type: 'loop', Size: beats.toFixed(3), Slot: slot, Color };
  }
  return { ...at, Num: cue.hotCue === null ? -1 : cue.hotCue + 1, Color, Type: 'cue' };
}
