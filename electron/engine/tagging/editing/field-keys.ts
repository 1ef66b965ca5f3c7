/**
 * What the fields are called in each kind of tag. Programs never agreed: a synonym that stands in a file is updated
 * and nothing is added beside it, so that no two readers see different values.
 */
import type { TagField } from '#shared/domain.ts';
import type { TagKind } from './model.ts';

/**
 * The first key is written where the file has none, the others are known by reading. ID3v2 by the names of v2.3 and
 * v2.4 (id3v2-frames.ts knows those of v2.2). A field that is missing here cannot be said in that kind of tag.
 */
const keys: Readonly<Record<TagField, Partial<Record<TagKind, readonly string[]>>>> = {
  genre: {
    id3v2: ['TCON'],
    id3v1: ['genre'],
    apev2: ['Genre'],
    vorbis: ['GENRE'],
    mp4: ['©gen', 'gnre'],
    'riff-info': ['IGNR', 'GNRE'],
  },
  mood: {
    // TMOO came with v2.4; in v2.3 it is what Mp3tag and TagLib write and read, others use the free text.
    id3v2: ['TMOO', 'TXXX:MOOD'],
    apev2: ['Mood'],
    vorbis: ['MOOD'],
    mp4: ['----:com.apple.iTunes:MOOD'],
  },
  grouping: {
    // iTunes writes GRP1 since 12.5 and then keeps the name of a work in TIT1: see id3v2-frames.ts.
    id3v2: ['TIT1', 'GRP1', 'TXXX:GROUPING'],
    apev2: ['Grouping'],
    vorbis: ['GROUPING'],
    mp4: ['©grp', '----:com.apple.iTunes:GROUPING'],
  },
  bpm: {
    id3v2: ['TBPM', 'TXXX:BPM', 'TXXX:TEMPO'],
    apev2: ['BPM', 'TEMPO'],
    vorbis: ['BPM', 'TEMPO'],
    mp4: ['tmpo', '----:com.apple.iTunes:BPM', '----:com.apple.iTunes:TEMPO'],
  },
  initialKey: {
    id3v2: ['TKEY', 'TXXX:INITIALKEY', 'TXXX:INITIAL KEY', 'TXXX:INITIAL_KEY', 'TXXX:KEY'],
    apev2: ['INITIALKEY', 'INITIAL KEY', 'INITIAL_KEY', 'KEY'],
    vorbis: ['INITIALKEY', 'INITIAL KEY', 'INITIAL_KEY', 'KEY'],
    mp4: [
      '----:com.apple.iTunes:initialkey',
      '----:com.apple.iTunes:INITIAL KEY',
      '----:com.apple.iTunes:INITIAL_KEY',
      '----:com.apple.iTunes:KEY',
    ],
  },
  energy: {
    // As Mixed In Key names it.
    id3v2: ['TXXX:EnergyLevel', 'TXXX:ENERGY'],
    apev2: ['EnergyLevel', 'ENERGY'],
    vorbis: ['ENERGYLEVEL', 'ENERGY'],
    mp4: ['----:com.apple.iTunes:EnergyLevel', '----:com.apple.iTunes:ENERGY'],
  },
};

/** Free names differ in case between programs; names of frames and atoms are not met in another case. */
const comparable = (key: string): string => key.toUpperCase();

const fieldsByKey = new Map<string, TagField>();
for (const [field, kinds] of Object.entries(keys) as [TagField, (typeof keys)[TagField]][]) {
  for (const [kind, names] of Object.entries(kinds))
    for (const name of names) fieldsByKey.set(`${kind} ${comparable(name)}`, field);
}

/** The keys of a field, the one to be written first; empty where this kind of tag has no place for it. */
export function keysOf(kind: TagKind, field: TagField): readonly string[] {
  return keys[field][kind] ?? [];
}

/** The field that an item carries, by its key in any case; null for all that is none of ours. */
export function fieldOfKey(kind: TagKind, key: string): TagField | null {
  return fieldsByKey.get(`${kind} ${comparable(key)}`) ?? null;
}

/** Whether two keys of one kind of tag name the same item. */
export function sameKey(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}
