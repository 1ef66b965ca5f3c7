/** The search box and what belongs to it. */
import type { FieldName } from '#shared/search/fields.ts';
import { tracks } from './counted.ts';

const fields: Readonly<Record<FieldName, string>> = {
  title: 'Title',
  artist: 'Artist',
  album: 'Album',
  albumartist: 'Album artist',
  comment: 'Comment',
  path: 'Path',
  genre: 'Genre',
  tag: 'Genre tag',
  mood: 'Mood',
  instrument: 'Instrument',
  bpm: 'BPM',
  key: 'Key',
  energy: 'Energy',
  year: 'Year',
  rating: 'Stars',
  duration: 'Length',
  added: 'Added',
  modified: 'Changed',
  track: 'Track',
  disc: 'Disc',
  format: 'Format',
  codec: 'Codec',
  bitrate: 'kbit/s',
  samplerate: 'Sample rate',
  channels: 'Channels',
  size: 'Size',
  playlist: 'Playlist',
  error: 'Error',
  is: 'Is',
  has: 'Has',
};

export const searchText = {
  fields,
  near: (field: string): string => `${field} near`,
  or: (values: readonly string[]): string => values.join(' or '),
  exactly: (value: string): string => `= ${value}`,

  suggestions: 'Suggestions',
  recent: 'Recent searches',
  forget: 'Forget recent searches',
  counted: (count: number): string => tracks(count),
  suggested: (count: number): string =>
    count === 0 ? '' : count === 1 ? '1 suggestion' : `${count} suggestions`,

  terms: 'Terms of the search',
  not: 'not',
  edit: (term: string): string => `Edit ${term}`,
  exclude: (term: string): string => `Leave out ${term}`,
  include: (term: string): string => `Look for ${term}`,
  remove: (term: string): string => `Remove ${term} from the search`,
  keys: 'Enter edits, Delete removes, minus leaves out',
  save: 'Save as smart playlist',
  saveShort: 'Save',
  saveName: 'Name of the smart playlist',
} as const;
