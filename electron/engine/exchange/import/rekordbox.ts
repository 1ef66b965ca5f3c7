/** rekordbox XML: the collection, and the tree of playlists. */
import { colourNumber, colourOf } from '../model.ts';
import type { ExchangeTrack } from '../model.ts';
import { pathOfUrl } from '../paths.ts';
import { starsOf255 } from '../formats/ratings-and-colours.ts';
import type { GridMarker, TrackCue } from '#shared/domain.ts';
import { LONGEST_SECONDS, MOST_PLAYS, numberIn, textOf, wholeIn } from './imported.ts';
import type { ImportCollector } from './imported.ts';
import type { XmlHandler } from './xml-stream.ts';

type Attributes = Readonly<Record<string, string>>;
const kinds: readonly TrackCue['kind'][] = ['cue', 'fadeIn', 'fadeOut', 'load', 'loop'];

export function createRekordboxReader(collector: ImportCollector): XmlHandler {
  const byNumber = new Map<string, number>();
  let inPlaylists = false;
  let current: Attributes | null = null;
  let cues: TrackCue[] = [];
  let grid: GridMarker[] = [];
  /** Of each node that is open: whether it became a list, and how its tracks are named. */
  const nodes: { readonly isList: boolean; readonly byLocation: boolean }[] = [];

  return {
    open(name, attributes) {
      if (name === 'PLAYLISTS') inPlaylists = true;
      else if (name === 'NODE' && inPlaylists) {
        const isRoot = nodes.length === 0;
        if (!isRoot)
          collector.openList(attributes['Name'] ?? '', attributes['Type'] === '0' ? 'folder' : 'playlist');
        nodes.push({ isList: !isRoot, byLocation: attributes['KeyType'] === '1' });
      } else if (name === 'TRACK' && inPlaylists) {
        const key = attributes['Key'] ?? '';
        const id = nodes.at(-1)?.byLocation === true ? collector.trackAt(pathOfUrl(key)) : byNumber.get(key);
        if (id === undefined)
          collector.warn('Rows of tracks that the collection does not hold were left out');
        else collector.addRow(id);
      } else if (name === 'TRACK') {
        current = attributes;
        cues = [];
        grid = [];
      } else if (name === 'TEMPO') grid.push(...markerOf(attributes));
      else if (name === 'POSITION_MARK') cues.push(...cueOf(attributes));
    },
    close(name) {
      if (name === 'NODE' && inPlaylists) {
        if (nodes.pop()?.isList === true) collector.closeList();
      } else if (name === 'TRACK' && current !== null) {
        const id = collector.addTrack({ ...describe(current), cues, grid });
        byNumber.set(current['TrackID'] ?? '', id);
        current = null;
      }
    },
  };
}

function describe(track: Attributes): Partial<ExchangeTrack> & { readonly path: string } {
  const colour = /^0x([0-9a-f]{6})$/i.exec(track['Colour'] ?? '')?.[1];
  return {
    path: pathOfUrl(track['Location'] ?? ''),
    title: textOf(track['Name']),
    artist: textOf(track['Artist']),
    album: textOf(track['Album']),
    genre: textOf(track['Genre']),
    comment: textOf(track['Comments']),
    year: wholeIn(track['Year'], 1, 9999),
    trackNumber: wholeIn(track['TrackNumber'], 1, 99_999),
    discNumber: wholeIn(track['DiscNumber'], 1, 9999),
    durationSeconds: numberIn(track['TotalTime'], 0.001, LONGEST_SECONDS),
    bitrateKbps: numberIn(track['BitRate'], 1, 100_000),
    sampleRateHz: numberIn(track['SampleRate'], 1, 10_000_000),
    sizeBytes: numberIn(track['Size'], 1, Number.MAX_SAFE_INTEGER),
    rating: starsOf255(wholeIn(track['Rating'], 0, 255)),
    playCount: wholeIn(track['PlayCount'], 0, MOST_PLAYS),
    bpm: numberIn(track['AverageBpm'], 1, 2000),
    colour: colour === undefined ? null : colourOf(colourNumber(`#${colour}`)),
  };
}

function markerOf(tempo: Attributes): readonly GridMarker[] {
  const seconds = numberIn(tempo['Inizio'], 0, LONGEST_SECONDS);
  const bpm = numberIn(tempo['Bpm'], 1, 2000);
  const beatsPerBar = wholeIn(/^(\d+)\//.exec(tempo['Metro'] ?? '4/4')?.[1], 1, 64) ?? 4;
  const beat = wholeIn(tempo['Battito'], 1, beatsPerBar) ?? 1;
  return seconds === null || bpm === null ? [] : [{ seconds, bpm, beat, beatsPerBar }];
}

function cueOf(mark: Attributes): readonly TrackCue[] {
  const seconds = numberIn(mark['Start'], 0, LONGEST_SECONDS);
  if (seconds === null) return [];
  const number = wholeIn(mark['Num'], -1, 63) ?? -1;
  const [red, green, blue] = ['Red', 'Green', 'Blue'].map((name) => wholeIn(mark[name], 0, 255));
  const hasColour = typeof red === 'number' && typeof green === 'number' && typeof blue === 'number';
  const kind = kinds[wholeIn(mark['Type'], 0, 4) ?? 0] ?? 'cue';
  return [
    {
      kind,
      seconds,
      endSeconds: kind === 'loop' ? numberIn(mark['End'], seconds, LONGEST_SECONDS) : null,
      hotCue: number < 0 ? null : number,
      name: mark['Name'] ?? '',
      colour: hasColour ? colourOf(red * 65_536 + green * 256 + blue) : null,
    },
  ];
}
