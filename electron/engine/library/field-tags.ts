/**
 * Fields of which music-metadata gives one value only although files hold several: taken from the tags as they stand.
 * Their names are those that the editors write (tagging/editing/field-keys.ts) and, for WMA, those of its reader.
 */
import type { IAudioMetadata } from 'music-metadata';

const names = {
  /** Only as a fallback: FFmpeg writes WMA files with it, where every other program says WM/Year. */
  date: ['date'],
  mood: ['tmoo', 'mood', 'txxx:mood', 'txx:mood', '----:com.apple.itunes:mood', 'wm/mood'],
  grouping: [
    ...['grp1', 'gp1', 'tit1', 'tt1', 'grouping', 'contentgroup', '©grp'],
    ...['txxx:grouping', 'txx:grouping', '----:com.apple.itunes:grouping', 'wm/contentgroupdescription'],
  ],
} as const;

/** Of several tags in one file, the first of these that has the field counts, as with every other field. */
const order = ['vorbis', 'ID3v2.4', 'ID3v2.3', 'ID3v2.2', 'APEv2', 'asf', 'iTunes', 'exif', 'ID3v1'];

/** All values of the field, untidied. Of a tag that says it under several names (GRP1 and TIT1) the first counts. */
export function readField(
  { native }: Pick<IAudioMetadata, 'native'>,
  field: keyof typeof names,
): readonly string[] {
  const rank = (tag: string): number => (order.includes(tag) ? order.indexOf(tag) : order.length);
  for (const tag of Object.keys(native).toSorted((a, b) => rank(a) - rank(b))) {
    const items = native[tag] ?? [];
    for (const name of names[field]) {
      const values = items
        .filter(({ id }) => id.toLowerCase() === name)
        .flatMap(({ value }) => (typeof value === 'string' ? value.split('\0') : []));
      if (values.some((value) => value.trim() !== '')) return values;
    }
  }
  return [];
}
