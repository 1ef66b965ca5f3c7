/** The fields that `list --fields` can print. Each is a value that JSON can hold; unknown ones are null. */
import { InvalidArgumentError } from 'commander';
import type { Track, TrackDetail } from '#shared/domain.ts';
import { printable } from './output.ts';

const trackFields = {
  id: (track: Track) => track.id,
  path: (track: Track) => track.path,
  title: (track: Track) => track.title,
  artist: (track: Track) => track.artist,
  album: (track: Track) => track.album,
  genres: (track: Track) => track.genres.map(({ genre, confidence }) => ({ genre, confidence })),
  state: (track: Track) => track.state,
  error: (track: Track) => track.error,
  albumArtist: (track: Track) => track.albumArtist,
  year: (track: Track) => track.year,
  trackNumber: (track: Track) => track.trackNumber,
  discNumber: (track: Track) => track.discNumber,
  genreTags: (track: Track) => track.genreTags,
  durationSeconds: (track: Track) => track.durationSeconds,
  container: (track: Track) => track.container,
  codec: (track: Track) => track.codec,
  bitrateKbps: (track: Track) => track.bitrateKbps,
  sampleRateHz: (track: Track) => track.sampleRateHz,
  channels: (track: Track) => track.channels,
  sizeBytes: (track: Track) => track.sizeBytes,
  modifiedAt: (track: Track) => track.modifiedAt,
  addedAt: (track: Track) => track.addedAt,
  rating: (track: Track) => track.rating,
  analysis: (track: Track) => track.analysis,
  /** Beats a minute; null where unsure, as all of these. */
  bpm: (track: Track) => track.bpm,
  /** Camelot, whatever notation the window shows. */
  key: (track: Track) => track.key,
  energy: (track: Track) => track.energy,
  /** LUFS */
  loudness: (track: Track) => track.loudnessLufs,
} as const;

/** These are read track by track. */
const detailFields = {
  embedding: (track: TrackDetail) => track.embedding,
  modelVersion: (track: TrackDetail) => track.modelVersion,
  damaged: (track: TrackDetail) => track.damaged,
  comment: (track: TrackDetail) => track.comment,
  mood: (track: TrackDetail) => track.moods.map(({ genre, confidence }) => ({ mood: genre, confidence })),
  sound: (track: TrackDetail) => track.sound,
} as const;

type TrackField = keyof typeof trackFields;
type DetailField = keyof typeof detailFields;
export type Field = TrackField | DetailField;

export const allFields = [...Object.keys(trackFields), ...Object.keys(detailFields)] as readonly Field[];

/** What a list has unless it is told otherwise: everything but the long vectors. */
export const defaultFields: readonly Field[] = [
  'id',
  'path',
  'title',
  'artist',
  'album',
  'genres',
  'state',
  'error',
];

/** "id,path,genres" */
export function parseFields(text: string): readonly Field[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => !(allFields as readonly string[]).includes(name));
  if (unknown !== undefined || names.length === 0) {
    throw new InvalidArgumentError(
      `There is no field “${unknown ?? ''}”. The fields are: ${allFields.join(', ')}.`,
    );
  }
  return names as Field[];
}

export function needsDetail(fields: readonly Field[]): boolean {
  return fields.some(isDetail);
}

function isDetail(field: Field): field is DetailField {
  return Object.hasOwn(detailFields, field);
}

/** The wanted fields of a track; those of the detail are null without one. */
export function pick(
  track: Track,
  detail: TrackDetail | null,
  fields: readonly Field[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.map((field) => [
      field,
      isDetail(field) ? detail && detailFields[field](detail) : trackFields[field](track),
    ]),
  );
}

/** A value as a cell of text. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cell).join(', ');
  if (typeof value === 'object') {
    const { genre, mood, confidence, code } = value as {
      genre?: string;
      mood?: string;
      confidence?: number;
      code?: string;
    };
    if (genre !== undefined) return `${printable(genre)} ${Math.round((confidence ?? 0) * 100)} %`;
    if (mood !== undefined) return `${printable(mood)} ${Math.round((confidence ?? 0) * 100)} %`;
    return printable(code ?? JSON.stringify(value));
  }
  return printable(String(value as string | number | boolean));
}
