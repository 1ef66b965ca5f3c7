/** New files out of pieces: joining them, streaming them, and finding what to overwrite where nothing moves. */
import type { TagItemChange } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { ByteSource, EditPlan, Piece } from './model.ts';

/** Bytes that are read at once: enough for a disk, little for memory. */
const CHUNK_BYTES = 1 << 20;
/** A patch is held in memory and in the journal; longer ones (a tag full of pictures moves) are written anew. */
const MOST_PATCH_BYTES = 16 << 20;

/** A stretch of the old file. */
export function oldPiece(start: number, end: number): Piece {
  return { from: 'old', start, end };
}

/** New bytes. */
export function newPiece(bytes: Uint8Array): Piece {
  return { from: 'new', bytes };
}

/** In bytes. */
export function pieceLength(piece: Piece): number {
  switch (piece.from) {
    case 'old':
      return piece.end - piece.start;
    case 'new':
      return piece.bytes.length;
    case 'made':
      return piece.length;
  }
}

/** All of them, in bytes. */
export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);
}

/** The same file in as few pieces as possible: empty ones go, neighbours become one. */
export function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  let fresh: Uint8Array[] = [];
  const flush = (): void => {
    if (fresh.length > 0) joined.push(newPiece(fresh.length === 1 ? fresh[0]! : Buffer.concat(fresh)));
    fresh = [];
  };
  for (const piece of pieces) {
    if (pieceLength(piece) === 0) continue;
    if (piece.from === 'new') {
      fresh.push(piece.bytes);
      continue;
    }
    flush();
    const last = joined.at(-1);
    if (piece.from === 'old' && last?.from === 'old' && last.end === piece.start)
      joined[joined.length - 1] = oldPiece(last.start, piece.end);
    else joined.push(piece);
  }
  flush();
  return joined;
}

/** Exactly these bytes. @throws AppError file-changed when the file has become shorter, and what the file system throws */
export async function readExactly(source: ByteSource, start: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(start, length);
  if (bytes.length !== length)
    throw new AppError('file-changed', 'The file became shorter while it was read. Read it again.');
  return bytes;
}

/** The bytes of the pieces in order, at most 1 MiB at a time of what comes from the old file. */
export async function* streamPieces(
  source: ByteSource,
  pieces: readonly Piece[],
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece.from === 'new') yield piece.bytes;
    else if (piece.from === 'made') yield* piece.make();
    else
      for (let start = piece.start; start < piece.end; start += CHUNK_BYTES)
        yield await readExactly(source, start, Math.min(CHUNK_BYTES, piece.end - start));
  }
}

/**
 * What to overwrite so that the old file becomes the new one: null where that cannot be (another length, stretches
 * too long to be held), empty where both are the same. What moves inside the file is read and becomes part of it.
 */
export async function patchesOf(source: ByteSource, pieces: readonly Piece[]): Promise<EditPlan['patches']> {
  if (lengthOf(pieces) !== source.size) return null;
  const runs: { start: number; parts: Piece[]; length: number }[] = [];
  let at = 0;
  let total = 0;
  for (const piece of pieces) {
    const length = pieceLength(piece);
    const stays = piece.from === 'old' && piece.start === at;
    if (!stays && length > 0) {
      total += length;
      if (total > MOST_PATCH_BYTES) return null;
      const last = runs.at(-1);
      if (last !== undefined && last.start + last.length === at) {
        last.parts.push(piece);
        last.length += length;
      } else runs.push({ start: at, parts: [piece], length });
    }
    at += length;
  }
  const patches: { start: number; bytes: Uint8Array }[] = [];
  for (const run of runs) {
    const wanted = await collect(source, run.parts);
    const patch = differing(await readExactly(source, run.start, run.length), wanted);
    if (patch !== null) patches.push({ start: run.start + patch.skip, bytes: patch.bytes });
  }
  return patches;
}

/** All bytes of the pieces: only for what is known to be short. */
export async function collect(source: ByteSource, pieces: readonly Piece[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of streamPieces(source, pieces)) parts.push(part);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** The new bytes without what is alike at both ends; null when all is alike. */
function differing(before: Uint8Array, after: Uint8Array): { skip: number; bytes: Uint8Array } | null {
  let skip = 0;
  let end = after.length;
  while (skip < end && before[skip] === after[skip]) skip++;
  if (skip === end) return null;
  while (before[end - 1] === after[end - 1]) end--;
  return { skip, bytes: after.slice(skip, end) };
}

/** The plan that changes nothing. */
export function unchanged(source: ByteSource, keptItems: number, audioBytes: number): EditPlan {
  return {
    pieces: [oldPiece(0, source.size)],
    patches: [],
    changes: [],
    keptItems,
    audioBytes,
    sizeAfter: source.size,
  };
}

/** The plan of a new file that is made of these pieces. */
export async function planOf(
  source: ByteSource,
  pieces: readonly Piece[],
  facts: {
    readonly changes: readonly TagItemChange[];
    readonly keptItems: number;
    readonly audioBytes: number;
  },
): Promise<EditPlan> {
  const joined = joinPieces(pieces);
  return {
    pieces: joined,
    patches: await patchesOf(source, joined),
    ...facts,
    sizeAfter: lengthOf(joined),
  };
}
