/** Traktor's NML: the collection, and the tree of playlists. */
import type { GridMarker, TrackCue } from '#shared/domain.ts';
import type { ExchangeTrack } from '../model.ts';
import { starsOf255, traktorColours } from '../formats/ratings-and-colours.ts';
import { BOOT_VOLUME } from '../formats/traktor.ts';
import { LONGEST_SECONDS, MOST_PLAYS, numberIn, textOf, wholeIn } from './imported.ts';
import type { ImportCollector } from './imported.ts';
import type { XmlHandler } from './xml-stream.ts';

type Attributes = Readonly<Record<string, string>>;
const kinds: readonly (TrackCue['kind'] | 'grid')[] = ['cue', 'fadeIn', 'fadeOut', 'load', 'grid', 'loop'];

/** An entry of the collection that is being read. */
interface Entry {
  track: Partial<ExchangeTrack> & { path: string };
  bpm: number | null;
  cues: TrackCue[];
  /** Tempo of its own: newer versions have one a marker. */
  markers: { seconds: number; bpm: number | null }[];
}

export function createTraktorReader(collector: ImportCollector): XmlHandler {
  let entry: Entry | null = null;
  let inCollection = false;
  /** Of each node that is open: whether it became a list. */
  const nodes: boolean[] = [];

  return {
    open(name, attributes) {
      if (name === 'COLLECTION') inCollection = true;
      else if (name === 'ENTRY' && inCollection) entry = newEntry(attributes);
      else if (name === 'NODE') {
        const isRoot = nodes.length === 0 && attributes['NAME'] === '$ROOT';
        const kind = attributes['TYPE'] === 'FOLDER' ? 'folder' : 'playlist';
        if (attributes['TYPE'] === 'SMARTLIST')
          collector.warn('Smart lists of Traktor came without their rules');
        if (!isRoot) collector.openList(attributes['NAME'] ?? '', kind);
        nodes.push(!isRoot);
      } else if (name === 'PRIMARYKEY' && nodes.length > 0) {
        collector.addRow(collector.trackAt(pathOfKey(attributes['KEY'] ?? '')));
      } else if (entry !== null) readPart(entry, name, attributes);
    },
    close(name) {
      if (name === 'COLLECTION') inCollection = false;
      else if (name === 'ENTRY' && entry !== null) {
        collector.addTrack({ ...entry.track, bpm: entry.bpm, cues: entry.cues, grid: gridOf(entry) });
        entry = null;
      } else if (name === 'NODE' && nodes.pop() === true) collector.closeList();
    },
  };
}

function newEntry(attributes: Attributes): Entry {
  return {
    track: { path: '', title: textOf(attributes['TITLE']), artist: textOf(attributes['ARTIST']) },
    bpm: null,
    cues: [],
    markers: [],
  };
}

function readPart(entry: Entry, name: string, attributes: Attributes): void {
  const { track } = entry;
  switch (name) {
    case 'LOCATION':
      track.path = pathOf(
        attributes['VOLUME'] ?? '',
        (attributes['DIR'] ?? '').split('/:').filter((part) => part !== ''),
        attributes['FILE'] ?? '',
      );
      break;
    case 'ALBUM':
      entry.track = {
        ...track,
        album: textOf(attributes['TITLE']),
        trackNumber: wholeIn(attributes['TRACK'], 1, 99_999),
      };
      break;
    case 'INFO':
      entry.track = { ...track, ...informationOf(attributes) };
      break;
    case 'TEMPO':
      entry.bpm = numberIn(attributes['BPM'], 1, 2000);
      break;
    case 'CUE_V2':
      readCue(entry, attributes);
      break;
    case 'GRID': {
      const last = entry.markers.at(-1);
      if (last !== undefined) last.bpm = numberIn(attributes['BPM'], 1, 2000);
    }
  }
}

function informationOf(info: Attributes): Partial<ExchangeTrack> {
  const bitrate = numberIn(info['BITRATE'], 1, 100_000_000);
  const colour = wholeIn(info['COLOR'], 1, traktorColours.length);
  const kilobytes = numberIn(info['FILESIZE'], 1, 1e12);
  return {
    genre: textOf(info['GENRE']),
    comment: textOf(info['COMMENT']),
    year: wholeIn(/^(\d{1,4})/.exec(info['RELEASE_DATE'] ?? '')?.[1], 1, 9999),
    durationSeconds: numberIn(info['PLAYTIME_FLOAT'] ?? info['PLAYTIME'], 0.001, LONGEST_SECONDS),
    bitrateKbps: bitrate === null ? null : Math.round(bitrate / 1000),
    sizeBytes: kilobytes === null ? null : kilobytes * 1024,
    rating: starsOf255(wholeIn(info['RANKING'], 0, 255)),
    playCount: wholeIn(info['PLAYCOUNT'], 0, MOST_PLAYS),
    colour: colour === null ? null : (traktorColours[colour - 1] ?? null),
  };
}

function readCue(entry: Entry, cue: Attributes): void {
  const start = numberIn(cue['START'], 0, LONGEST_SECONDS * 1000);
  const kind = kinds[wholeIn(cue['TYPE'], 0, 5) ?? 0] ?? 'cue';
  if (start === null) return;
  const seconds = start / 1000;
  if (kind === 'grid') {
    entry.markers.push({ seconds, bpm: null });
    return;
  }
  const hotCue = wholeIn(cue['HOTCUE'], -1, 63) ?? -1;
  const length = numberIn(cue['LEN'], 0, LONGEST_SECONDS * 1000) ?? 0;
  entry.cues.push({
    kind,
    seconds,
    endSeconds: kind === 'loop' ? seconds + length / 1000 : null,
    hotCue: hotCue < 0 ? null : hotCue,
    // What Traktor writes for "no name".
    name: cue['NAME'] === 'n.n.' ? '' : (cue['NAME'] ?? ''),
    colour: null,
  });
}

function gridOf({ markers, bpm: own }: Entry): readonly GridMarker[] {
  return markers.flatMap(({ seconds, bpm }) => {
    const tempo = bpm ?? own;
    return tempo === null ? [] : [{ seconds, bpm: tempo, beat: 1, beatsPerBar: 4 }];
  });
}

/** "Macintosh HD/:Users/:x/:a.mp3" */
function pathOfKey(key: string): string {
  const [volume = '', ...parts] = key.split('/:');
  const file = parts.pop() ?? '';
  return pathOf(volume, parts, file);
}

function pathOf(volume: string, folders: readonly string[], file: string): string {
  if (/^[A-Za-z]:$/.test(volume)) return [volume, ...folders, file].join('\\');
  const disk = volume === '' || volume === BOOT_VOLUME ? [] : ['Volumes', volume];
  return ['', ...disk, ...folders, file].join('/');
}
