/** VirtualDJ: database.xml with its points of interest, and .vdjfolder lists. */
import path from 'node:path';
import type { GridMarker, TrackCue } from '#shared/domain.ts';
import { colourOf } from '../model.ts';
import type { ExchangeTrack } from '../model.ts';
import { LONGEST_SECONDS, MOST_PLAYS, numberIn, textOf, wholeIn } from './imported.ts';
import type { ImportCollector } from './imported.ts';
import type { XmlHandler } from './xml-stream.ts';

type Attributes = Readonly<Record<string, string>>;

/** @param file a list is called after it */
export function createVirtualDjReader(collector: ImportCollector, file: string): XmlHandler {
  let song: Attributes | null = null;
  let track: Partial<ExchangeTrack> = {};
  let bpm: number | null = null;
  let pois: Attributes[] = [];
  let comment: string | null = null;

  return {
    open(name, attributes) {
      if (name === 'VirtualFolder')
        collector.openList(
          path.basename(file, path.extname(file)),
          attributes['noDuplicates'] === 'yes' && attributes['ordered'] === 'no' ? 'crate' : 'playlist',
        );
      else if (name === 'song') addRow(collector, attributes);
      else if (name === 'Song') {
        song = attributes;
        track = {};
        bpm = null;
        pois = [];
      } else if (song === null) return;
      else if (name === 'Tags') {
        track = { ...track, ...tagsOf(attributes) };
        bpm ??= tempoOf(attributes['Bpm']);
      } else if (name === 'Infos') track = { ...track, ...informationOf(attributes) };
      else if (name === 'Scan') bpm = tempoOf(attributes['Bpm']) ?? bpm;
      else if (name === 'Poi') pois.push(attributes);
      else if (name === 'Comment') comment = '';
    },
    text(text) {
      if (comment !== null) comment += text;
    },
    close(name) {
      if (name === 'Comment' && comment !== null) {
        track = { ...track, comment: textOf(comment) };
        comment = null;
      } else if (name === 'VirtualFolder') collector.closeList();
      else if (name === 'Song' && song !== null) {
        collector.addTrack({
          ...track,
          path: song['FilePath'] ?? '',
          sizeBytes: numberIn(song['FileSize'], 1, Number.MAX_SAFE_INTEGER),
          bpm,
          cues: pois.flatMap((poi) => cueOf(poi, bpm)),
          grid: gridOf(pois, bpm),
        });
        song = null;
      }
    },
  };
}

function addRow(collector: ImportCollector, song: Attributes): void {
  const known = collector.trackAt(song['path'] ?? '');
  const track = collector.tracks[known];
  if (track !== undefined && track.title === null)
    collector.tracks[known] = {
      ...track,
      title: textOf(song['title']),
      artist: textOf(song['artist']),
      durationSeconds: numberIn(song['songlength'], 0.001, LONGEST_SECONDS),
      sizeBytes: numberIn(song['size'], 1, Number.MAX_SAFE_INTEGER),
    };
  collector.addRow(known);
}

function tagsOf(tags: Attributes): Partial<ExchangeTrack> {
  return {
    title: textOf(tags['Title']),
    artist: textOf(tags['Author']),
    album: textOf(tags['Album']),
    genre: textOf(tags['Genre']),
    year: wholeIn(tags['Year'], 1, 9999),
    trackNumber: wholeIn(tags['TrackNumber'], 1, 99_999),
    rating: wholeIn(tags['Stars'], 0, 5),
  };
}

function informationOf(infos: Attributes): Partial<ExchangeTrack> {
  const colour = numberIn(infos['UserColor'], 1, 0xffff_ffff);
  return {
    durationSeconds: numberIn(infos['SongLength'], 0.001, LONGEST_SECONDS),
    bitrateKbps: numberIn(infos['Bitrate'], 1, 100_000),
    playCount: wholeIn(infos['PlayCount'], 0, MOST_PLAYS),
    colour: colour === null ? null : colourOf(colour),
  };
}

/** Beats a minute of seconds a beat, as VirtualDJ stores it; larger numbers are beats a minute already. */
function tempoOf(text: string | undefined): number | null {
  const value = numberIn(text, 0.01, 2000);
  if (value === null) return null;
  return value < 10 ? 60 / value : value;
}

function cueOf(poi: Attributes, bpm: number | null): readonly TrackCue[] {
  const seconds = numberIn(poi['Pos'], 0, LONGEST_SECONDS);
  const type = (poi['Type'] ?? 'cue').toLowerCase();
  if (seconds === null || (type !== 'cue' && type !== 'loop')) return [];
  const number = wholeIn(poi['Num'], -1, 64) ?? -1;
  const beats = numberIn(poi['Size'], 0, 100_000);
  const colour = numberIn(poi['Color'], 1, 0xffff_ffff);
  const isLoop = type === 'loop' && beats !== null && bpm !== null;
  return [
    {
      kind: isLoop ? 'loop' : 'cue',
      seconds,
      endSeconds: isLoop ? seconds + (beats * 60) / bpm : null,
      hotCue: number < 1 ? null : number - 1,
      name: poi['Name'] ?? '',
      colour: colour === null ? null : colourOf(colour),
    },
  ];
}

function gridOf(pois: readonly Attributes[], own: number | null): readonly GridMarker[] {
  return pois.flatMap((poi) => {
    const seconds = numberIn(poi['Pos'], -LONGEST_SECONDS, LONGEST_SECONDS);
    const bpm = tempoOf(poi['Bpm']) ?? own;
    if ((poi['Type'] ?? '').toLowerCase() !== 'beatgrid' || seconds === null || bpm === null) return [];
    return [{ seconds, bpm, beat: 1, beatsPerBar: 4 }];
  });
}
