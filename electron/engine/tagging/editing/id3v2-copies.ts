/**
 * An MP3 that had only ID3v1 and gets its first ID3v2 tag: programs that see one do not look at the other, and would show
 * neither title nor artist any more. So the new tag says what ID3v1 says, and goes as a whole with the last field of ours.
 */
import { fieldOfKey } from './field-keys.ts';
import { parseGenreText } from './id3-genres.ts';
import { ID3_HEADER_BYTES } from './id3v2-header.ts';
import type { Id3Item } from './id3v2.ts';
import type { OldText } from './id3v1.ts';
import type { ByteSource, FieldEdit } from './model.ts';
import { newPiece, pieceLength } from './pieces.ts';
import { latin1, readPart, sameBytes } from './reading.ts';

export interface Copies {
  /** Frames of the tag, or for a new one, that say what ID3v1 says and nothing else. */
  readonly items: ReadonlySet<Id3Item>;
}

export const noCopies: Copies = { items: new Set() };

/** Of comments the language and an empty description. */
const COMMENT_HEAD = Buffer.from('eng\0', 'latin1');
/** Texts of ID3v1 have 30 bytes. */
const MOST_COPY_BYTES = 64;

/** Frames for a tag of v2.3 that is to be. */
export function copiesOf(texts: readonly OldText[]): Copies {
  return { items: new Set(texts.map(copyOf)) };
}

/** Those among the frames of a tag. */
export async function copiesIn(
  source: ByteSource,
  items: readonly Id3Item[],
  texts: readonly OldText[],
): Promise<Copies> {
  if (texts.length === 0) return noCopies;
  const copies = texts.map(copyOf);
  const found = new Set<Id3Item>();
  for (const item of items) {
    const { piece } = item;
    const length = pieceLength(piece);
    if (piece.from !== 'old' || length > MOST_COPY_BYTES) continue;
    const bytes = await readPart(source, piece.start, length, 'a frame of the ID3v2 tag');
    if (copies.some((copy) => sameBytes(copy.bytes, bytes))) found.add(item);
  }
  return { items: found };
}

/** With the copies in a tag that is new; without them where undo leaves nothing else in one. */
export function withCopies(
  before: readonly Id3Item[],
  after: readonly Id3Item[],
  edits: readonly FieldEdit[],
  copies: Copies,
): readonly Id3Item[] {
  if (before.length === 0 && after.length > 0) {
    const own = new Set(after.map(({ longKey }) => longKey));
    return [...[...copies.items].filter(({ longKey }) => !own.has(longKey)), ...after];
  }
  // A tag that held nothing else before stays: it was left so on purpose, and undo comes to it again.
  const isUndo =
    edits.every(({ kind }) => kind === 'restore') && before.some((item) => !copies.items.has(item));
  return isUndo && after.every((item) => copies.items.has(item)) ? [] : after;
}

/** In the letters of ID3v1, byte for byte: whatever they were, they are read as before. */
function copyOf({ id, text }: OldText): Id3Item {
  const content = Buffer.concat([Buffer.of(0), ...(id === 'COMM' ? [COMMENT_HEAD] : []), text]);
  const bytes = Buffer.alloc(ID3_HEADER_BYTES + content.length);
  bytes.write(id, 'latin1');
  bytes.writeUInt32BE(content.length, 4);
  bytes.set(content, ID3_HEADER_BYTES);
  return {
    ...{ key: id, longKey: id, field: fieldOfKey('id3v2', id) },
    values: id === 'TCON' ? parseGenreText(latin1(text), 3) : [latin1(text)],
    ...{ piece: newPiece(bytes), bytes, model: null, problem: null },
  };
}
