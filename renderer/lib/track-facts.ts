/** What the tags and the file of a track say, as names and values. */
import type { TrackDetail } from '#shared/domain.ts';
import { formatBytes, formatClock, formatMoment } from './format.ts';
import { text } from './text.ts';
import { fileName, folderName, soundFacts } from './track-words.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
}

const words = text.inspector;

export function tagFacts(track: TrackDetail): readonly Fact[] {
  return [
    ...fact(words.album, track.album),
    ...fact(words.albumArtist, track.albumArtist === track.artist ? null : track.albumArtist),
    ...fact(words.year, track.year),
    ...fact(words.disc, track.discNumber),
    ...fact(words.trackNumber, track.trackNumber),
    ...fact(words.genreTags, track.genreTags.join(', ')),
    ...fact(words.comment, track.comment),
  ];
}

export function fileFacts(track: TrackDetail): readonly Fact[] {
  return [
    ...fact(words.file, fileName(track.path)),
    ...fact(words.path, folderName(track.path)),
    ...fact(words.format, soundFacts(track, words)),
    ...fact(words.length, track.durationSeconds === null ? null : formatClock(track.durationSeconds)),
    ...fact(words.size, formatBytes(track.sizeBytes)),
    ...fact(words.modified, formatMoment(track.modifiedAt)),
    ...fact(words.added, formatMoment(track.addedAt)),
    ...fact(words.model, track.modelVersion),
  ];
}

/** None where the file says nothing. */
function fact(name: string, value: string | number | null): readonly Fact[] {
  return value === null || value === '' ? [] : [{ name, value: String(value) }];
}
