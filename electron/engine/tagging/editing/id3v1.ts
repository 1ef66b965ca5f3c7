/** ID3v1: 128 bytes at the end of a file, of which the last one is the number of a genre. */
import type { WritePolicy } from '#shared/domain.ts';
import { genreName, genreNumber } from './id3-genres.ts';
import type { ByteSource, FieldEdit } from './model.ts';
import { newPiece } from './pieces.ts';
import { latin1, readPart } from './reading.ts';
import { changesOf } from './tag-parts.ts';
import type { TagPart } from './tag-parts.ts';

export const ID3V1_BYTES = 128;
const GENRE_AT = 127;
const NO_GENRE = 255;
const LABEL = 'ID3v1';
/** Title, artist, album, year, comment, track, genre. */
const FIELDS = 7;

/** Whether these 128 bytes are an ID3v1 tag. */
export function isId3v1(bytes: Uint8Array): boolean {
  return bytes.length >= ID3V1_BYTES && latin1(bytes.subarray(0, 3)) === 'TAG';
}

/**
 * The tag that ends at `end`. It always follows another one: its list has 192 genres. Of several values it gets the
 * first that is in the list; without one "none", because the old number would say what the file no longer says.
 */
export async function openId3v1Part(source: ByteSource, end: number): Promise<TagPart> {
  const at = end - ID3V1_BYTES + GENRE_AT;
  const [number] = await readPart(source, at, 1, 'the ID3v1 tag');
  const before = number!;
  const item = (byte: number) => ({ key: 'genre', text: genreName(byte) ?? '–', bytes: Uint8Array.of(byte) });
  return {
    ...{ kind: 'id3v1', tagIndex: 0, start: at, end: at + 1, follows: true, itemCount: FIELDS, label: LABEL },
    can: (field) => field === 'genre',
    carries: (field) => field === 'genre',
    state: (field) => ({
      field,
      values: [genreName(before)].filter((name) => name !== null),
      items: [{ tag: 'id3v1', tagIndex: 0, key: 'genre', position: 0, bytes: Uint8Array.of(before) }],
    }),
    edit(edits: readonly FieldEdit[], _policy: WritePolicy) {
      const after = edits.reduce(numberAfter, before);
      const changes = changesOf(LABEL, [item(before)], [item(after)]);
      return {
        changes,
        keptItems: changes.length === 0 ? FIELDS : FIELDS - 1,
        pieces: () => Promise.resolve([newPiece(Uint8Array.of(after))]),
      };
    },
  };
}

/** A field of an ID3v1 tag as ID3v2.3 says it; texts in the letters of the tag, whichever those are. */
export interface OldText {
  /** "TIT2", "COMM". */
  readonly id: string;
  readonly text: Uint8Array;
}

/** What an ID3v1 tag says, to be said by an ID3v2 tag too: many programs look no further than that. */
export async function readId3v1Texts(source: ByteSource, end: number): Promise<readonly OldText[]> {
  const bytes = await readPart(source, end - ID3V1_BYTES, ID3V1_BYTES, 'the ID3v1 tag');
  // ID3v1.1: the track in the last byte of the comment, behind a zero.
  const track = bytes[125] === 0 ? bytes[126]! : 0;
  const genre = bytes[GENRE_AT]!;
  const year = trimmed(bytes.subarray(93, 97));
  return [
    { id: 'TIT2', text: trimmed(bytes.subarray(3, 33)) },
    { id: 'TPE1', text: trimmed(bytes.subarray(33, 63)) },
    { id: 'TALB', text: trimmed(bytes.subarray(63, 93)) },
    { id: 'TYER', text: /^\d{4}$/.test(latin1(year)) ? year : new Uint8Array(0) },
    { id: 'TRCK', text: Buffer.from(track === 0 ? '' : String(track), 'latin1') },
    { id: 'TCON', text: Buffer.from(genreName(genre) === null ? '' : `(${genre})`, 'latin1') },
    { id: 'COMM', text: trimmed(bytes.subarray(97, track === 0 ? 127 : 125)) },
  ].filter(({ text }) => text.length > 0);
}

/** Up to the first zero, without the blanks that some programs fill up with. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  const text = bytes.subarray(0, end < 0 ? bytes.length : end);
  return text.subarray(0, text.findLastIndex((byte) => byte !== 0x20) + 1);
}

function numberAfter(before: number, edit: FieldEdit): number {
  const none = genreName(before) === null ? before : NO_GENRE;
  if (edit.kind === 'restore') return edit.items[0]?.bytes[0] ?? none;
  return edit.values.map(genreNumber).find((number) => number !== null) ?? none;
}
