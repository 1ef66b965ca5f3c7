/** The settings of tags: what is proposed, and how files are written. */
import type { FieldMode, GenreLevel } from '#shared/domain.ts';
import { counted } from './counted.ts';

export const tagSettingsText = {
  title: 'Tags',
  hint: 'How proposals are made and how files are written. Nothing is ever written that you did not accept.',
  proposals: 'What is proposed',
  modes: {
    off: 'Never',
    empty: 'Only where the file says nothing',
    append: 'Add to what the file says',
    replace: 'Instead of what the file says',
  } satisfies Readonly<Record<FieldMode, string>>,
  modeOf: (field: string): string => `${field}: when`,
  fieldHints: {
    genre: 'The safe choice is only where the file says nothing: what a person wrote stays.',
    mood: 'Written as MOOD, where programs that know moods look for it.',
    grouping: 'A free field that iTunes, Traktor and rekordbox can sort by.',
  },
  replaceWarning:
    'Replacing takes away what stands in the files now. You see every value before, and can undo it.',
  confidence: (field: string): string => `${field}: from which confidence`,
  confidenceValue: (percent: string): string => `from ${percent}`,
  most: (field: string): string => `${field}: at most`,
  mostValue: (count: number): string => counted(count, 'value', 'values'),
  genreLevel: 'Which genres',
  genreLevelHint: 'Families are broad (“Electronic”), styles are narrow (“Deep House”).',
  genreLevels: {
    styles: 'Styles',
    families: 'Families',
    both: 'Families and styles',
  } satisfies Readonly<Record<GenreLevel, string>>,
  groupingFrom: 'What is written as grouping',
  groupingFroms: { families: 'Families of genres', moods: 'Moods' },

  writing: 'How it is written',
  several: 'Several values',
  severalHint:
    'Most programs read true multiple values; some (older players, some DJ software) only see the first one. One joined text is seen by all, but is one long genre to them.',
  severalOwn: 'As separate values',
  severalJoined: (sign: string): string => `As one text, joined with “${sign}”`,
  separator: 'In formats without separate values',
  separatorHint: 'ID3v2.3 (most MP3 files), WAV and the like have no way of their own.',
  separators: {
    '/': 'House/Techno (the sign of ID3v2.3)',
    '; ': 'House; Techno (as foobar2000 and others write)',
    ', ': 'House, Techno',
    repeat: 'A frame for each (against the standard; some programs do)',
  },
  secondary: 'Second tags of MP3 files',
  secondaryHint:
    'Some MP3 files carry an ID3v1 or APEv2 tag beside ID3v2. Kept in step, old players show the same; they are never added.',
  secondaries: { 'in-step': 'Keep in step', leave: 'Leave as they are' },
  keepTime: 'Keep the time of modification',
  keepTimeHint: 'Backups and “recently changed” lists then do not notice the write.',
  inPlace: 'Write inside the file where the tag has room',
  inPlaceHint:
    'The file keeps its date of creation, by which some DJs sort, and its hard links. What stood there is kept in the journal first.',
  names: 'Your names for genres',
  namesHint: 'Without an entry, a genre is written as your library already spells it, else under our name.',
  namesOurs: 'Our name',
  namesYours: 'Written as',
  namesAdd: 'Add a name',
  namesRemove: (name: string): string => `Remove the name for ${name}`,
  namesActions: 'Add or remove',
  namesGenre: 'Genre',
  example: 'With these settings, for example:',
  exampleOff: 'All fields are off: nothing is proposed.',
  exampleWhy: {
    unknown: 'Nothing fits well enough: nothing is proposed.',
    'nothing-to-do': 'What the file says is left as it is.',
  },
  changedHint: 'Open proposals are made again with these settings.',
  again: 'Make proposals again',
  review: 'Go to the review',
} as const;
