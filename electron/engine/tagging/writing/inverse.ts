/**
 * The old file as pieces of the new one and the bytes that only the old one had. With it an undo gives back every byte,
 * padding and odd order included, as long as nothing else changed the file.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import type { StoredInverse } from '#engine/storage/library/tag-journal.ts';
import type { ByteSource, Piece } from '../editing/model.ts';
import { joinPieces, newPiece, oldPiece, pieceLength, readExactly } from '../editing/pieces.ts';

/** What only the old file had, raw: more than any text; a replaced tag full of pictures is put back by its items. */
const MOST_BYTES = 256 * 1024;

/** [start, end] of the new file, or a number of kept bytes. */
type StoredPiece = readonly [start: number, end: number] | number;

/** Null where too much of the old file would have to be kept. */
export async function inverseOf(old: ByteSource, pieces: readonly Piece[]): Promise<StoredInverse | null> {
  const kept: { readonly start: number; readonly end: number; readonly at: number }[] = [];
  let at = 0;
  for (const piece of pieces) {
    if (piece.from === 'old') kept.push({ start: piece.start, end: piece.end, at });
    at += pieceLength(piece);
  }
  kept.sort((a, b) => a.start - b.start || b.end - a.end);
  const stored: StoredPiece[] = [];
  const bytes: Uint8Array[] = [];
  let total = 0;
  let done = 0;

  async function keepUpTo(end: number): Promise<boolean> {
    if (end <= done) return true;
    total += end - done;
    if (total > MOST_BYTES) return false;
    bytes.push(await readExactly(old, done, end - done));
    stored.push(end - done);
    done = end;
    return true;
  }

  for (const stretch of kept) {
    if (stretch.end <= done) continue;
    if (!(await keepUpTo(stretch.start))) return null;
    const skipped = done - stretch.start;
    stored.push([stretch.at + skipped, stretch.at + stretch.end - stretch.start]);
    done = stretch.end;
  }
  if (!(await keepUpTo(old.size))) return null;
  return { pieces: JSON.stringify(stored), bytes: deflateSync(Buffer.concat(bytes)) };
}

/** The pieces that make the old file of the one that was written then. */
export function piecesOfInverse(inverse: StoredInverse): readonly Piece[] {
  const bytes = inflateSync(inverse.bytes, { maxOutputLength: MOST_BYTES });
  let at = 0;
  const pieces = (JSON.parse(inverse.pieces) as StoredPiece[]).map((piece) => {
    if (typeof piece !== 'number') return oldPiece(piece[0], piece[1]);
    at += piece;
    return newPiece(bytes.subarray(at - piece, at));
  });
  return joinPieces(pieces);
}

/** A test for pieces that came from the journal: all of them inside the file. */
export function fitInto(pieces: readonly Piece[], size: number): boolean {
  return pieces.every((piece) => piece.from !== 'old' || piece.end <= size);
}
