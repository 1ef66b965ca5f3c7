/**
 * Which items carry which field. On purpose not the editors' table: what an editor touches by mistake is not
 * forgiven because it has the same mistake in its table.
 */
import type { TagField } from '#shared/domain.ts';
import type { TagKind } from '../editing/model.ts';
import type { TagValues } from './parts.ts';

const itunes = '----:COM.APPLE.ITUNES:';

const names: Readonly<Record<TagField, readonly string[]>> = {
  genre: [
    'id3v2 TCON',
    'id3v1 GENRE',
    'apev2 GENRE',
    'vorbis GENRE',
    'mp4 ©GEN',
    'mp4 GNRE',
    'riff-info IGNR',
    'riff-info GNRE',
  ],
  mood: ['id3v2 TMOO', 'id3v2 TXXX:MOOD', 'apev2 MOOD', 'vorbis MOOD', `mp4 ${itunes}MOOD`],
  grouping: [
    ...['id3v2 TIT1', 'id3v2 GRP1', 'id3v2 TXXX:GROUPING', 'apev2 GROUPING', 'vorbis GROUPING'],
    ...['mp4 ©GRP', `mp4 ${itunes}GROUPING`],
  ],
  bpm: [
    ...['id3v2 TBPM', 'id3v2 TXXX:BPM', 'id3v2 TXXX:TEMPO', 'apev2 BPM', 'apev2 TEMPO'],
    ...['vorbis BPM', 'vorbis TEMPO', 'mp4 TMPO', `mp4 ${itunes}BPM`, `mp4 ${itunes}TEMPO`],
  ],
  initialKey: [
    'id3v2 TKEY',
    ...['INITIALKEY', 'INITIAL KEY', 'INITIAL_KEY', 'KEY'].flatMap((name) => [
      `id3v2 TXXX:${name}`,
      `apev2 ${name}`,
      `vorbis ${name}`,
      `mp4 ${itunes}${name}`,
    ]),
  ],
  energy: ['ENERGYLEVEL', 'ENERGY'].flatMap((name) => [
    `id3v2 TXXX:${name}`,
    `apev2 ${name}`,
    `vorbis ${name}`,
    `mp4 ${itunes}${name}`,
  ]),
};

const fields = new Map(
  (Object.entries(names) as [TagField, readonly string[]][]).flatMap(([field, keys]) =>
    keys.map((key) => [key, field] as const),
  ),
);

/** ID3v2.2 has names of its own. */
const shortNames: Readonly<Record<string, string>> = {
  ...{ TCO: 'TCON', TT1: 'TIT1', TBP: 'TBPM', TKE: 'TKEY', GP1: 'GRP1', TXX: 'TXXX' },
};

/** One spelling for a key in a kind of tag, to compare with; ID3v2.2's frames by their later names. */
export function comparableKey(tag: TagKind, key: string): string {
  const upper = key.toUpperCase();
  if (tag !== 'id3v2') return `${tag} ${upper}`;
  const colon = upper.indexOf(':');
  const id = colon < 0 ? upper : upper.slice(0, colon);
  return `${tag} ${shortNames[id] ?? id}${colon < 0 ? '' : upper.slice(colon)}`;
}

/** The field that an item of this key carries, or null. */
export function fieldOf(tag: TagKind, key: string): TagField | null {
  return fields.get(comparableKey(tag, key)) ?? null;
}

/** Collects what one tag says of fields while its items are read. */
export class ValueCollector {
  readonly #tag: TagKind;
  readonly #values = new Map<TagField, Map<string, string[]>>();

  constructor(tag: TagKind) {
    this.#tag = tag;
  }

  /** Items that carry no field are passed over. */
  add(key: string, values: readonly string[]): void {
    const field = fieldOf(this.#tag, key);
    if (field === null || values.length === 0) return;
    const keys = this.#values.get(field) ?? new Map<string, string[]>();
    this.#values.set(field, keys);
    const name = comparableKey(this.#tag, key);
    keys.set(name, [...(keys.get(name) ?? []), ...values]);
  }

  values(): TagValues {
    const values = [...this.#values].map(([field, keys]) => [field, [...keys.values()]] as const);
    return { tag: this.#tag, values: new Map(values) };
  }
}
