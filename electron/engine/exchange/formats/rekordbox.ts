/**
 * rekordbox XML, by AlphaTheta's "XML format list for rekordbox" (DJ_PLAYLISTS 1.0.0): a collection and a tree of
 * playlists that name its tracks by their numbers.
 */
import { extname } from 'node:path/posix';
import { writeKey } from '#shared/music/keys.ts';
import type { TrackCue } from '#shared/domain.ts';
import type { ExchangeDocument, ExchangeList, ExchangeTrack } from '../model.ts';
import { fileUrl } from '../paths.ts';
import { decimal, emptyTag, openTag } from '../xml-writer.ts';
import { nearestColour, parts, rekordboxColours, starsTo255 } from './ratings-and-colours.ts';

/** Hot cues A to H. */
const HOT_CUES = 8;

/** Names of kinds as rekordbox writes them. */
const kinds: Readonly<Record<string, string>> = {
  '.mp3': 'MP3 File',
  '.m4a': 'M4A File',
  '.mp4': 'M4A File',
  '.aac': 'M4A File',
  '.wav': 'WAV File',
  '.aif': 'AIFF File',
  '.aiff': 'AIFF File',
  '.flac': 'FLAC File',
};

const markTypes: Readonly<Record<TrackCue['kind'], number>> = {
  cue: 0,
  fadeIn: 1,
  fadeOut: 2,
  load: 3,
  loop: 4,
};

/** The file's text, in pieces. */
export function* formatRekordbox(document: ExchangeDocument, version: string): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<DJ_PLAYLISTS Version="1.0.0">\n';
  yield `  ${emptyTag('PRODUCT', { Name: 'Cratewise', Version: version, Company: '' })}\n`;
  yield `  ${openTag('COLLECTION', { Entries: document.tracks.length })}\n`;
  for (const track of document.tracks) yield writeTrack(track);
  yield '  </COLLECTION>\n  <PLAYLISTS>\n';
  yield `    ${openTag('NODE', { Type: 0, Name: 'ROOT', Count: document.lists.length })}\n`;
  for (const list of document.lists) yield* writeNode(list, '      ');
  yield '    </NODE>\n  </PLAYLISTS>\n</DJ_PLAYLISTS>\n';
}

function writeTrack(track: ExchangeTrack): string {
  const attributes = {
    TrackID: track.id,
    Name: track.title ?? '',
    Artist: track.artist ?? '',
    Album: track.album ?? '',
    Genre: track.genre ?? '',
    Kind: kinds[extname(track.path).toLowerCase()],
    Size: track.sizeBytes,
    TotalTime: track.durationSeconds === null ? null : Math.round(track.durationSeconds),
    DiscNumber: track.discNumber,
    TrackNumber: track.trackNumber,
    Year: track.year,
    AverageBpm: track.bpm?.toFixed(2),
    DateAdded: track.addedAt === null ? null : new Date(track.addedAt).toISOString().slice(0, 10),
    BitRate: track.bitrateKbps === null ? null : Math.round(track.bitrateKbps),
    SampleRate: track.sampleRateHz,
    Comments: track.comment,
    PlayCount: track.playCount,
    Rating: track.rating === null ? null : starsTo255(track.rating),
    Location: fileUrl(track.path, 'localhost'),
    Tonality: track.key === null ? null : writeKey(track.key, 'traditional'),
    Colour:
      track.colour === null
        ? null
        : `0x${(rekordboxColours[nearestColour(track.colour, rekordboxColours)] ?? '').slice(1).toUpperCase()}`,
  };
  if (track.grid.length + track.cues.length === 0) return `    ${emptyTag('TRACK', attributes)}\n`;
  let text = `    ${openTag('TRACK', attributes)}\n`;
  for (const { seconds, bpm, beat, beatsPerBar } of track.grid) {
    const tempo = {
      Inizio: seconds.toFixed(3),
      Bpm: bpm.toFixed(2),
      Metro: `${beatsPerBar}/4`,
      Battito: beat,
    };
    text += `      ${emptyTag('TEMPO', tempo)}\n`;
  }
  for (const cue of track.cues) text += `      ${emptyTag('POSITION_MARK', markOf(cue))}\n`;
  return `${text}    </TRACK>\n`;
}

function markOf(cue: TrackCue): Record<string, string | number | null> {
  const [Red, Green, Blue] = cue.colour === null ? [null, null, null] : parts(cue.colour);
  const hot = cue.hotCue !== null && cue.hotCue < HOT_CUES ? cue.hotCue : null;
  return {
    Name: cue.name,
    Type: markTypes[cue.kind],
    Start: decimal(Math.max(0, cue.seconds), 3),
    End: cue.endSeconds === null ? null : decimal(Math.max(0, cue.endSeconds), 3),
    Num: hot ?? -1,
    Red,
    Green,
    Blue,
  };
}

function* writeNode(list: ExchangeList, indent: string): Generator<string> {
  if (list.kind === 'folder') {
    yield `${indent}${openTag('NODE', { Name: list.name, Type: 0, Count: list.lists.length })}\n`;
    for (const inner of list.lists) yield* writeNode(inner, `${indent}  `);
  } else {
    // KeyType 0: TrackID.
    const attributes = { Name: list.name, Type: 1, KeyType: 0, Entries: list.trackIds.length };
    yield `${indent}${openTag('NODE', attributes)}\n`;
    for (const id of list.trackIds) yield `${indent}  ${emptyTag('TRACK', { Key: id })}\n`;
  }
  yield `${indent}</NODE>\n`;
}
