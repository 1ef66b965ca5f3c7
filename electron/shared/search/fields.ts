/** The fields of the search grammar: one row each, for the parser, for suggestions and for the help. */

export interface FieldDefinition {
  readonly name: FieldName;
  /** Other spellings that are understood. */
  readonly aliases: readonly string[];
  readonly kind: FieldKind;
  /** One line for people. */
  readonly help: string;
  /** A query that works. */
  readonly example: string;
  /** Of a choice: everything that may follow the colon, with what it means. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Of a number: the least and greatest value that make sense. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of a number: suffixes and what they multiply by, largest first. */
  readonly units?: Readonly<Record<string, number>>;
  /** "~field:" is allowed. */
  readonly near?: boolean;
}

export type FieldKind = 'text' | 'number' | 'duration' | 'date' | 'key' | 'choice';

export const fieldNames = [
  'title',
  'artist',
  'album',
  'albumartist',
  'comment',
  'path',
  'genre',
  'tag',
  'mood',
  'instrument',
  'bpm',
  'key',
  'energy',
  'year',
  'rating',
  'duration',
  'added',
  'modified',
  'track',
  'disc',
  'format',
  'codec',
  'bitrate',
  'samplerate',
  'channels',
  'size',
  'playlist',
  'error',
  'is',
  'has',
] as const;
export type FieldName = (typeof fieldNames)[number];

const bytes = { tb: 1e12, gb: 1e9, mb: 1e6, kb: 1e3, b: 1 };

const definitions: Readonly<Record<FieldName, Omit<FieldDefinition, 'name'>>> = {
  title: { aliases: [], kind: 'text', help: 'Words of the title', example: 'title:"blue monday"' },
  artist: { aliases: [], kind: 'text', help: 'Words of the artist', example: 'artist:orbital' },
  album: { aliases: [], kind: 'text', help: 'Words of the album', example: 'album:"in sides"' },
  albumartist: {
    aliases: ['album_artist'],
    kind: 'text',
    help: 'Words of the album artist',
    example: 'albumartist:various',
  },
  comment: { aliases: ['comments'], kind: 'text', help: 'A part of the comment', example: 'comment:promo' },
  path: {
    aliases: ['file', 'folder'],
    kind: 'text',
    help: 'A part of the path of the file',
    example: 'path:incoming',
  },
  genre: {
    aliases: ['genres', 'style'],
    kind: 'text',
    help: 'Genre found in the audio; a family includes its styles',
    example: 'genre:house',
  },
  tag: {
    aliases: ['tags', 'genretag'],
    kind: 'text',
    help: 'Words of the genre written in the file',
    example: 'tag:techno',
  },
  mood: { aliases: ['moods'], kind: 'text', help: 'Mood found in the audio', example: 'mood:dark' },
  instrument: {
    aliases: ['instruments'],
    kind: 'text',
    help: 'Instrument or voice found in the audio',
    example: 'instrument:piano',
  },
  bpm: {
    aliases: ['tempo'],
    kind: 'number',
    help: 'Beats a minute; half and double count unless bpm:=, ~bpm: means within 6 %',
    example: 'bpm:120-128',
    minimum: 1,
    maximum: 1000,
    near: true,
  },
  key: {
    aliases: [],
    kind: 'key',
    help: 'Musical key (8A, 1m or Am); ~key: finds harmonic ones',
    example: 'key:8A',
    near: true,
  },
  energy: {
    aliases: [],
    kind: 'number',
    help: 'Energy from 1 to 10',
    example: 'energy:>=7',
    minimum: 1,
    maximum: 10,
  },
  year: {
    aliases: [],
    kind: 'number',
    help: 'Year of release',
    example: 'year:1990..1999',
    minimum: 0,
    maximum: 9999,
  },
  rating: {
    aliases: ['stars'],
    kind: 'number',
    help: 'Your stars, 0 to 5',
    example: 'rating:>=4',
    minimum: 0,
    maximum: 5,
  },
  duration: {
    aliases: ['length', 'time'],
    kind: 'duration',
    help: 'Length as m:ss, or with a unit (90s, 6m)',
    example: 'duration:>5:00',
  },
  added: { aliases: [], kind: 'date', help: 'When it came into the library', example: 'added:7d' },
  modified: {
    aliases: ['changed'],
    kind: 'date',
    help: 'When the file was changed',
    example: 'modified:2024-05',
  },
  track: {
    aliases: ['tracknumber'],
    kind: 'number',
    help: 'Track number',
    example: 'track:1',
    minimum: 0,
    maximum: 99999,
  },
  disc: {
    aliases: ['discnumber', 'disk'],
    kind: 'number',
    help: 'Disc number',
    example: 'disc:2',
    minimum: 0,
    maximum: 99999,
  },
  format: { aliases: ['container', 'type'], kind: 'text', help: 'Kind of file', example: 'format:flac' },
  codec: { aliases: [], kind: 'text', help: 'A part of the name of the codec', example: 'codec:alac' },
  bitrate: {
    aliases: [],
    kind: 'number',
    help: 'Bit rate in kbit/s',
    example: 'bitrate:>=256',
    minimum: 0,
    maximum: 1e6,
    units: { kbps: 1, k: 1 },
  },
  samplerate: {
    aliases: [],
    kind: 'number',
    help: 'Sample rate in Hz or kHz',
    example: 'samplerate:44.1khz',
    minimum: 0,
    maximum: 1e7,
    units: { khz: 1000, k: 1000, hz: 1 },
  },
  channels: {
    aliases: [],
    kind: 'number',
    help: 'Number of channels',
    example: 'channels:1',
    minimum: 0,
    maximum: 999,
  },
  size: {
    aliases: ['filesize'],
    kind: 'number',
    help: 'Size of the file',
    example: 'size:>10mb',
    minimum: 0,
    maximum: 1e15,
    units: bytes,
  },
  playlist: {
    aliases: [],
    kind: 'text',
    help: 'In a playlist of this name',
    example: 'playlist:"Friday night"',
  },
  error: { aliases: [], kind: 'text', help: 'A part of the code of its error', example: 'error:truncated' },
  is: {
    aliases: [],
    kind: 'choice',
    help: 'The state it is in',
    example: 'is:untagged',
    choices: {
      analysed: 'analysed',
      pending: 'waiting to be analysed',
      failed: 'could not be analysed',
      present: 'its file is there',
      missing: 'its file is gone',
      offline: 'its drive is away',
      untagged: 'no genre is written in the file',
      unknown: 'analysed, but no genre fits',
      damaged: 'something in the audio is damaged',
      duplicate: 'the same recording is there more than once',
      rated: 'has stars',
    },
  },
  has: {
    aliases: [],
    kind: 'choice',
    help: 'What it has; -has: finds what lacks it',
    example: 'has:error',
    choices: {
      error: 'an error',
      cover: 'a cover picture',
      genre: 'a genre found in the audio',
      tag: 'a genre written in the file',
      title: 'a title',
      artist: 'an artist',
      album: 'an album',
      albumartist: 'an album artist',
      year: 'a year',
      comment: 'a comment',
      rating: 'stars',
      playlist: 'a place in a playlist',
      bpm: 'a tempo found in the audio, or set by you',
      key: 'a key found in the audio, or set by you',
    },
  },
};

/** Other spellings of choices. */
export const choiceAliases: Readonly<Record<string, string>> = {
  analyzed: 'analysed',
  done: 'analysed',
  queued: 'pending',
  errors: 'error',
  duplicates: 'duplicate',
  online: 'present',
};

export const searchFields: readonly FieldDefinition[] = fieldNames.map((name) => ({
  name,
  ...definitions[name],
}));

const byName: ReadonlyMap<string, FieldDefinition> = new Map(
  searchFields.flatMap((field) => [field.name, ...field.aliases].map((name) => [name, field] as const)),
);

/** The field of a name or alias in any case; null when there is none. */
export function findField(name: string): FieldDefinition | null {
  return byName.get(name.toLowerCase()) ?? null;
}

/** The definition of a field. */
export function fieldOf(name: FieldName): FieldDefinition {
  return { name, ...definitions[name] };
}
