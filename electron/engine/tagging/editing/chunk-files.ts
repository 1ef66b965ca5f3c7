/** What WAV and AIFF have in common: tags in chunks, and a file whose header tells its length. */
import { newId3Part, openId3Part } from './id3v2-part.ts';
import type { ByteOrder, Chunk, ChunkList } from './iff-chunks.ts';
import { chunkPieces, chunksAgain } from './iff-chunks.ts';
import type { ByteSource, Piece } from './model.ts';
import { lengthOf, newPiece, oldPiece } from './pieces.ts';
import type { Replacement, TagPart } from './tag-parts.ts';

/** A tag and the chunk it stands in; null for one that is to be added. */
export interface ChunkPart {
  readonly part: TagPart;
  readonly chunk: Chunk | null;
}

/** Every chunk named "ID3 " or "id3 ". */
export async function openId3Chunks(source: ByteSource, list: ChunkList): Promise<readonly ChunkPart[]> {
  const parts: ChunkPart[] = [];
  for (const chunk of list.chunks) {
    if (chunk.id !== 'ID3 ' && chunk.id !== 'id3 ') continue;
    const { part } = await openId3Part(inside(source, chunk), chunk.contentAt, {
      tagIndex: parts.length,
    });
    parts.push({ part, chunk });
  }
  return parts;
}

/** A tag that would stand in a new chunk behind the last one. */
export function newId3Chunk(source: ByteSource, list: ChunkList): ChunkPart {
  return { part: newId3Part(source, list.end), chunk: null };
}

/** The same file, ending where the chunk does: no tag may reach beyond it. */
function inside(source: ByteSource, chunk: Chunk): ByteSource {
  return { size: chunk.contentEnd, read: (start, length) => source.read(start, length) };
}

/** All chunks with the replaced tags in them. `newId` names the chunk of a tag that was not there. */
export function chunksWith(
  list: ChunkList,
  parts: readonly ChunkPart[],
  replacements: readonly Replacement[],
  newId: string,
  order: ByteOrder,
): readonly Piece[] {
  const changed = new Map<Chunk, readonly Piece[]>();
  const added: (readonly Piece[])[] = [];
  for (const { part, pieces } of replacements) {
    const chunk = parts.find((each) => each.part === part)?.chunk ?? null;
    // What stands in the chunk behind the tag stays there.
    const rest = chunk === null ? [] : [oldPiece(part.end, chunk.contentEnd)];
    const content = [...pieces, ...rest];
    const isGone = lengthOf(content) === 0;
    if (chunk !== null)
      changed.set(
        chunk,
        isGone ? [] : chunkPieces(chunk.id, content, order, oldPiece(chunk.contentEnd, chunk.end)),
      );
    else if (!isGone) added.push(chunkPieces(newId, content, order));
  }
  return chunksAgain(list, changed, added);
}

/** What stands behind the form, as it is. */
export function behind(source: ByteSource, list: ChunkList): Piece {
  return oldPiece(list.end, source.size);
}

/** The header of the form with another size; untouched where the length of what is in it did not change. */
export function formHeader(header: Uint8Array, size: Uint8Array): Piece {
  const bytes = Uint8Array.from(header);
  bytes.set(size, 4);
  return newPiece(bytes);
}
