/** Traktor's NML (version 19, as Traktor Pro 3 writes it): a collection and a tree of playlists that name files. */
import { tonicOf, writeKey } from '#shared/music/keys.ts';
import type { TrackCue } from '#shared/domain.ts';
import type { ExchangeDocument, ExchangeList, ExchangeTrack } from '../model.ts';
import { isWindowsPath, slashed } from '../paths.ts';
import { emptyTag, openTag } from '../xml-writer.ts';
import { nearestColour, starsTo255, traktorColours } from './ratings-and-colours.ts';

/** What a path that begins at the root lies on, where nothing says otherwise: the name of new Macs' disks. */
export const BOOT_VOLUME = 'Macintosh HD';
const HOT_CUES = 8;
const cueTypes: Readonly<Record<TrackCue['kind'], number>> = {
  cue: 0,
  fadeIn: 1,
  fadeOut: 2,
  load: 3,
  loop: 5,
};
const GRID = 4;

export interface TraktorPlace {
  /** "C:", or the name of a disk. */
  readonly volume: string;
  /** Between "/:" */
  readonly dir: string;
  readonly file: string;
}

export function traktorPlace(path: string): TraktorPlace {
  const [first = '', ...rest] = slashed(path).split('/');
  const file = rest.pop() ?? '';
  const drive = isWindowsPath(path) && first !== '' ? first : null;
  const disk = drive === null && rest[0] === 'Volumes' && rest.length > 1 ? (rest[1] ?? null) : null;
  const folders = disk === null ? rest : rest.slice(2);
  const dir = ['', ...folders, ''].join('/:');
  return { volume: drive ?? disk ?? BOOT_VOLUME, dir, file };
}

/** The file's text, in pieces. */
export function* formatTraktor(document: ExchangeDocument): Generator<string> {
  const keys = new Map<number, string>();
  yield '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<NML VERSION="19">';
  yield '<HEAD COMPANY="www.native-instruments.com" PROGRAM="Traktor"></HEAD>\n<MUSICFOLDERS></MUSICFOLDERS>\n';
  yield `${openTag('COLLECTION', { ENTRIES: document.tracks.length })}`;
  for (const track of document.tracks) {
    const place = traktorPlace(track.path);
    keys.set(track.id, place.volume + place.dir + place.file);
    yield writeEntry(track, place);
  }
  yield '</COLLECTION>\n<SETS ENTRIES="0"></SETS>\n<PLAYLISTS>';
  const root: ExchangeList = { name: '$ROOT', kind: 'folder', lists: document.lists, trackIds: [] };
  yield* writeNode(root, keys);
  yield '</PLAYLISTS>\n</NML>\n';
}

function element(name: string, attributes: Parameters<typeof openTag>[1]): string {
  return `${openTag(name, attributes)}</${name}>\n`;
}

function writeEntry(track: ExchangeTrack, { volume, dir, file }: TraktorPlace): string {
  const added = track.addedAt === null ? null : new Date(track.addedAt);
  let text = `${openTag('ENTRY', { TITLE: track.title ?? file, ARTIST: track.artist })}`;
  text += element('LOCATION', { DIR: dir, FILE: file, VOLUME: volume, VOLUMEID: volume });
  if (track.album !== null || track.trackNumber !== null)
    text += element('ALBUM', { TRACK: track.trackNumber, TITLE: track.album });
  text += element('MODIFICATION_INFO', { AUTHOR_TYPE: 'user' });
  text += element('INFO', {
    BITRATE: track.bitrateKbps === null ? null : Math.round(track.bitrateKbps * 1000),
    GENRE: track.genre,
    COMMENT: track.comment,
    KEY: track.key === null ? null : writeKey(track.key, 'openKey'),
    PLAYCOUNT: track.playCount,
    PLAYTIME: track.durationSeconds === null ? null : Math.round(track.durationSeconds),
    PLAYTIME_FLOAT: track.durationSeconds?.toFixed(6),
    RANKING: track.rating === null ? null : starsTo255(track.rating),
    IMPORT_DATE:
      added === null ? null : `${added.getUTCFullYear()}/${added.getUTCMonth() + 1}/${added.getUTCDate()}`,
    RELEASE_DATE: track.year === null ? null : `${track.year}/1/1`,
    // Kilobytes.
    FILESIZE: track.sizeBytes === null ? null : Math.round(track.sizeBytes / 1024),
    COLOR: track.colour === null ? null : nearestColour(track.colour, traktorColours) + 1,
  });
  if (track.bpm !== null) text += element('TEMPO', { BPM: track.bpm.toFixed(6), BPM_QUALITY: '100.000000' });
  const value = keyValue(track.key);
  if (value !== null) text += element('MUSICAL_KEY', { VALUE: value });
  let order = 0;
  for (const { seconds, bpm } of track.grid) {
    // Traktor counts from the marker: it has to be on a beat, which bar it begins is not said.
    text += openTag('CUE_V2', cueAttributes('AutoGrid', order, GRID, seconds, 0, -1));
    text += `${emptyTag('GRID', { BPM: bpm.toFixed(6) })}</CUE_V2>\n`;
    order += 1;
  }
  for (const cue of track.cues) {
    const length = cue.endSeconds === null ? 0 : Math.max(0, cue.endSeconds - cue.seconds);
    const hot = cue.hotCue !== null && cue.hotCue < HOT_CUES ? cue.hotCue : -1;
    const name = cue.name === '' ? 'n.n.' : cue.name;
    text += element('CUE_V2', cueAttributes(name, order, cueTypes[cue.kind], cue.seconds, length, hot));
    order += 1;
  }
  return `${text}</ENTRY>\n`;
}

function cueAttributes(
  name: string,
  order: number,
  type: number,
  seconds: number,
  length: number,
  hotCue: number,
): Readonly<Record<string, string | number>> {
  return {
    NAME: name,
    DISPL_ORDER: order,
    TYPE: type,
    START: (Math.max(0, seconds) * 1000).toFixed(6),
    LEN: (length * 1000).toFixed(6),
    REPEATS: -1,
    HOTCUE: hotCue,
  };
}

/** 0 to 11: C to B major; 12 to 23: C to B minor. */
function keyValue(camelot: string | null): number | null {
  const named = camelot === null ? null : tonicOf(camelot);
  return named === null ? null : named.tonic + (named.minor ? 12 : 0);
}

function* writeNode(list: ExchangeList, keys: ReadonlyMap<number, string>): Generator<string> {
  if (list.kind === 'folder') {
    yield openTag('NODE', { TYPE: 'FOLDER', NAME: list.name });
    yield `${openTag('SUBNODES', { COUNT: list.lists.length })}\n`;
    for (const inner of list.lists) yield* writeNode(inner, keys);
    yield '</SUBNODES>\n</NODE>\n';
    return;
  }
  yield openTag('NODE', { TYPE: 'PLAYLIST', NAME: list.name });
  yield `${openTag('PLAYLIST', { ENTRIES: list.trackIds.length, TYPE: 'LIST' })}\n`;
  for (const id of list.trackIds)
    yield `<ENTRY>${openTag('PRIMARYKEY', { TYPE: 'TRACK', KEY: keys.get(id) ?? '' })}</PRIMARYKEY>\n</ENTRY>\n`;
  yield '</PLAYLIST>\n</NODE>\n';
}
