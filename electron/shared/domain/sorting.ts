/** What lists of tracks can be ordered by. */
export const sortFields = [
  'title',
  'artist',
  'album',
  'albumArtist',
  'year',
  'duration',
  'genre',
  'confidence',
  'addedAt',
  'modifiedAt',
  'rating',
  'path',
  'size',
  'bitrate',
  'trackNumber',
  'discNumber',
  'sampleRate',
  'channels',
  'codec',
  'container',
  'comment',
  'genreTags',
  'state',
  'analysis',
  'error', // its code
  'bpm',
  'key', // around the circle: 1A, 1B, 2A …
  'energy',
  'loudness',
  'position', // the order of a playlist
] as const;
export type SortField = (typeof sortFields)[number];

export interface SortKey {
  readonly field: SortField;
  readonly descending?: boolean | undefined;
}
