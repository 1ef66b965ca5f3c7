/** Chunks of RIFF (little-endian) and IFF (big-endian) files: their list, and the file anew with other contents. */
import type { ByteSource, Piece } from './model.ts';
import { lengthOf, newPiece, oldPiece, pieceLength } from './pieces.ts';
import { damaged, joinBytes, latin1, readPart, unsupported, viewOf } from './reading.ts';

export const CHUNK_HEADER_BYTES = 8;
/** The form's header: id, size, type. */
export const FORM_HEADER_BYTES = 12;
const MOST_CHUNKS = 10_000;
const MOST_SIZE = 0xffffffff;

export interface Chunk {
  readonly id: string;
  readonly start: number;
  readonly contentAt: number;
  readonly contentEnd: number;
  /** With the byte that makes it even, where there is one. */
  readonly end: number;
}

export interface ChunkList {
  readonly chunks: readonly Chunk[];
  /** Where the last one ends; what stands behind is no part of the form. */
  readonly end: number;
}

export type ByteOrder = 'little-endian' | 'big-endian';

/** A number of four bytes. */
export function uint32(value: number, order: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, order === 'little-endian');
  return bytes;
}

/**
 * The chunks between `start` and `end`. `longSize` knows sizes that four bytes cannot tell (RF64).
 * @throws AppError tags-damaged where a chunk does not fit
 */
export async function listChunks(
  source: ByteSource,
  start: number,
  end: number,
  order: ByteOrder,
  longSize: (id: string, size: number) => number = (_, size) => size,
): Promise<ChunkList> {
  const chunks: Chunk[] = [];
  let at = start;
  while (at < end) {
    if (end - at < CHUNK_HEADER_BYTES) throw damaged(`${end - at} bytes behind the last chunk are no chunk.`);
    const header = await readPart(source, at, CHUNK_HEADER_BYTES, 'the header of a chunk');
    const id = latin1(header.subarray(0, 4));
    if (!isChunkId(id)) throw damaged(`At byte ${at} a chunk should begin, and none does.`);
    const size = longSize(id, viewOf(header).getUint32(4, order === 'little-endian'));
    const contentAt = at + CHUNK_HEADER_BYTES;
    const contentEnd = contentAt + size;
    if (contentEnd > end)
      throw damaged(`The chunk “${id}” is longer than the file, or than what it stands in.`);
    if (chunks.length === MOST_CHUNKS) throw damaged(`The file has more than ${MOST_CHUNKS} chunks.`);
    // The last one may lack its byte of padding: nothing stands behind it that could be misread.
    const chunkEnd = Math.min(contentEnd + (size % 2), end);
    chunks.push({ id, start: at, contentAt, contentEnd, end: chunkEnd });
    at = chunkEnd;
  }
  return { chunks, end: at };
}

function isChunkId(id: string): boolean {
  return /^[\u0020-\u007e]{4}$/.test(id) || id === '\0\0\0\0';
}

/**
 * Where the form ends that says it has `size` bytes behind its first eight. A last chunk may lack its byte of padding
 * although the size counts it.
 * @throws AppError tags-damaged
 */
export function formEnd(source: ByteSource, size: number): number {
  const end = CHUNK_HEADER_BYTES + size;
  if (end > source.size + 1 || end < FORM_HEADER_BYTES)
    throw damaged('The file is shorter than its header says.');
  return Math.min(end, source.size);
}

/** Chunks that programs left behind the end of the form: readers disagree whether they count. */
export async function checkBehindForm(source: ByteSource, end: number): Promise<void> {
  const id = latin1(await source.read(end + (end % 2), 4));
  if (/^(LIST|id3 |ID3 |data|fmt |SSND|COMM)$/.test(id))
    throw damaged(`The chunk “${id}” stands behind the end that the file declares.`);
}

/** A chunk anew: its header, what is in it, and where its size is odd one more byte: a zero, or what stood there. */
export function chunkPieces(
  id: string,
  content: readonly Piece[],
  order: ByteOrder,
  oldPadding: Piece = oldPiece(0, 0),
): readonly Piece[] {
  const size = lengthOf(content);
  if (size > MOST_SIZE) throw unsupported(`The chunk “${id}” would become longer than 4 GB.`);
  const header = joinBytes([Buffer.from(id, 'latin1'), uint32(size, order)]);
  if (size % 2 === 0) return [newPiece(header), ...content];
  return [
    newPiece(header),
    ...content,
    pieceLength(oldPadding) > 0 ? oldPadding : newPiece(new Uint8Array(1)),
  ];
}

/**
 * The chunks again, some with new pieces (none: the chunk goes), and new ones behind the last. A last chunk of odd
 * size that lacked its byte of padding gets it when another one follows.
 */
export function chunksAgain(
  list: ChunkList,
  changed: ReadonlyMap<Chunk, readonly Piece[]>,
  added: readonly (readonly Piece[])[],
): readonly Piece[] {
  const pieces = list.chunks.flatMap((chunk) => changed.get(chunk) ?? [oldPiece(chunk.start, chunk.end)]);
  const isOdd = lengthOf(pieces) % 2 === 1;
  return added.length === 0
    ? pieces
    : [...pieces, ...(isOdd ? [newPiece(new Uint8Array(1))] : []), ...added.flat()];
}
