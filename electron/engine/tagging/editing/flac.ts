/**
 * FLAC (RFC 9639, section 8): metadata blocks in front of the frames, one of them Vorbis comments. Only that block and
 * one of padding are written; ID3 tags around the stream are left alone.
 */
import type { WritePolicy } from '#shared/domain.ts';
import type { ByteSource, EditPlan, FieldEdit, Piece, TagEditor } from './model.ts';
import { newPiece, oldPiece, planOf, unchanged } from './pieces.ts';
import { damaged, latin1, readPart, sameBytes, unsupported } from './reading.ts';
import {
  editVorbisComments,
  emptyVorbisComments,
  keptComments,
  madeHere,
  parseVorbisComments,
  vorbisChanges,
  vorbisCommentBytes,
  vorbisFieldState,
  type VorbisComments,
} from './vorbis-comment.ts';
import { writableEdits } from './values.ts';

const MARKER_BYTES = 4;
const HEADER_BYTES = 4;
const LAST_BLOCK = 0x80;
const STREAMINFO = 0;
const STREAMINFO_BYTES = 34;
const PADDING = 1;
const VORBIS_COMMENT = 4;
const FORBIDDEN = 127;
const ID3V1_BYTES = 128;
/** A length has 24 bits. */
const MOST_BLOCK_BYTES = 0xffffff;
/** Files have a dozen; more than this is not music. */
const MOST_BLOCKS = 8192;
/**
 * When the comments outgrow the padding the file is written anew, with this much of it for the next times: half of
 * what `flac` leaves, room for some hundred values, less than a thousandth of a song.
 */
const NEW_PADDING_BYTES = 4096;

interface Block {
  readonly type: number;
  /** Of its header. */
  readonly start: number;
  /** Without its header. */
  readonly length: number;
}

interface Layout {
  /** Of the stream marker; what stands before is an ID3v2 tag. */
  readonly start: number;
  readonly blocks: readonly Block[];
  /** Where the frames begin. */
  readonly audioStart: number;
  readonly commentBlock: Block | null;
  readonly comments: VorbisComments;
}

/** A block of the new file. */
interface NewBlock {
  readonly type: number;
  readonly length: number;
  readonly content: readonly Piece[];
  /** Whose header can be kept when it says the same. */
  readonly old: Block | null;
}

/**
 * The editor of a FLAC stream that begins at `start` (behind an ID3v2 tag, or 0).
 * @throws AppError tags-damaged
 */
export async function openFlac(source: ByteSource, start: number): Promise<TagEditor> {
  const layout = await readLayout(source, start);
  return {
    format: start > 0 ? 'FLAC, Vorbis comments, ID3v2 in front' : 'FLAC, Vorbis comments',
    read: (fields) => Promise.resolve(fields.map((field) => vorbisFieldState(layout.comments, field, 0))),
    plan: (edits, policy, wantedSize) => plan(source, layout, edits, policy, wantedSize),
  };
}

async function readLayout(source: ByteSource, start: number): Promise<Layout> {
  const marker = await readPart(source, start, MARKER_BYTES, 'the FLAC marker');
  if (latin1(marker) !== 'fLaC') throw damaged('There is no FLAC stream where one should begin.');
  const blocks: Block[] = [];
  let at = start + MARKER_BYTES;
  for (let last = false; !last;) {
    const [flags = 0, high = 0, middle = 0, low = 0] = await readPart(
      source,
      at,
      HEADER_BYTES,
      'a FLAC block',
    );
    const block = { type: flags & 0x7f, start: at, length: (high << 16) | (middle << 8) | low };
    blocks.push(block);
    last = (flags & LAST_BLOCK) !== 0;
    at = endOf(block);
    if (block.type === FORBIDDEN || blocks.length > MOST_BLOCKS || at > source.size)
      throw damaged('The list of FLAC blocks is broken.');
  }
  const [first] = blocks;
  if (first?.type !== STREAMINFO || first.length !== STREAMINFO_BYTES)
    throw damaged('The FLAC stream does not begin with its description.');
  await requireFrame(source, at);
  const commentBlocks = blocks.filter(({ type }) => type === VORBIS_COMMENT);
  if (commentBlocks.length > 1)
    throw damaged(
      'The file has several blocks of Vorbis comments; only one is allowed, and programs differ in which they read.',
    );
  const commentBlock = commentBlocks[0] ?? null;
  const comments =
    commentBlock === null
      ? emptyVorbisComments()
      : parseVorbisComments(
          await readPart(
            source,
            commentBlock.start + HEADER_BYTES,
            commentBlock.length,
            'the Vorbis comments',
          ),
        );
  return { start, blocks, audioStart: at, commentBlock, comments };
}

/** A wrong length (some programs wrote pictures over 16 MB) shows here: no frame begins where the blocks end. */
async function requireFrame(source: ByteSource, at: number): Promise<void> {
  if (at === source.size) return;
  const [first = 0, second = 0] = await readPart(source, at, 2, 'the first FLAC frame');
  if (first !== 0xff || (second & 0xfc) !== 0xf8)
    throw damaged('No FLAC frame begins where the metadata blocks end: a length among them is wrong.');
}

async function plan(
  source: ByteSource,
  layout: Layout,
  edits: readonly FieldEdit[],
  policy: WritePolicy,
  wantedSize: number | undefined,
): Promise<EditPlan> {
  const { comments: before, blocks, audioStart } = layout;
  const after = editVorbisComments(before, writableEdits(edits, policy), 0);
  const fields = edits.map(({ field }) => field);
  const others = blocks.filter(({ type }) => type !== VORBIS_COMMENT && type !== PADDING).length;
  const keptItems = others + keptComments(before, after);
  const audioBytes = source.size - audioStart - (await id3v1Bytes(source, audioStart));
  if (sameBytes(vorbisCommentBytes(before), vorbisCommentBytes(after)))
    return unchanged(source, keptItems, audioBytes);
  return planOf(source, await newPieces(source, layout, after, { edits, wantedSize }), {
    changes: vorbisChanges(before, after, fields),
    keptItems,
    audioBytes,
  });
}

async function newPieces(
  source: ByteSource,
  layout: Layout,
  after: VorbisComments,
  { edits, wantedSize }: { readonly edits: readonly FieldEdit[]; readonly wantedSize: number | undefined },
): Promise<readonly Piece[]> {
  const { start, blocks, audioStart, commentBlock } = layout;
  const content = vorbisCommentBytes(after);
  if (content.length > MOST_BLOCK_BYTES)
    throw unsupported('The comments would be longer than the 16 MB that a FLAC block can hold.');
  // The block that an earlier edit added goes again with its last comment, so that an undo leaves nothing behind.
  const dropped = after.comments.length === 0 && madeHere(after);
  const comment: NewBlock | null = dropped
    ? null
    : {
        type: VORBIS_COMMENT,
        length: content.length,
        content: [newPiece(content)],
        old: commentBlock,
      };
  const padding = await paddingToUse(source, blocks, commentBlock);
  const list: NewBlock[] = [];
  for (const block of blocks) {
    if (commentBlock === null && block.type === PADDING && comment !== null && !list.includes(comment))
      list.push(comment);
    if (block === commentBlock) list.push(...(comment === null ? [] : [comment]));
    else if (block !== padding) list.push(keptBlock(block));
    else list.push({ type: PADDING, length: 0, content: [], old: block });
  }
  if (comment !== null && !list.includes(comment)) list.push(comment);

  const fixed = list
    .filter(({ old }) => padding === null || old !== padding)
    .reduce((total, { length }) => total + HEADER_BYTES + length, 0);
  const room = paddingRoom(audioStart - start - MARKER_BYTES - fixed, source.size, {
    wantedSize,
    // Undo puts padding at the end; only one that stood there may go with the edit.
    mayGo: padding === null || padding === blocks.at(-1) || edits.every(({ kind }) => kind === 'restore'),
  });
  return [
    oldPiece(0, start + MARKER_BYTES),
    ...blockPieces(withPadding(list, padding, room)),
    oldPiece(audioStart, source.size),
  ];
}

function keptBlock(block: Block): NewBlock {
  const content = oldPiece(block.start + HEADER_BYTES, endOf(block));
  return { type: block.type, length: block.length, content: [content], old: block };
}

/** The bytes that padding takes in the new file, its header included; 0 for none. `room` keeps the file's length. */
function paddingRoom(
  room: number,
  size: number,
  { wantedSize, mayGo }: { readonly wantedSize: number | undefined; readonly mayGo: boolean },
): number {
  const possible = (bytes: number): boolean =>
    bytes === 0 || (bytes >= HEADER_BYTES && bytes <= HEADER_BYTES + MOST_BLOCK_BYTES);
  const wanted = wantedSize === undefined ? -1 : room + wantedSize - size;
  if (possible(wanted)) return wanted;
  return possible(room) && (mayGo || room > 0) ? room : HEADER_BYTES + NEW_PADDING_BYTES;
}

/** `room` for padding: the block that is there takes it, or a new one at the end. */
function withPadding(list: readonly NewBlock[], padding: Block | null, room: number): readonly NewBlock[] {
  if (room === 0) return list.filter(({ old }) => padding === null || old !== padding);
  const length = room - HEADER_BYTES;
  // The end of the old zeros is kept where it lies: in place, only what really changes is written.
  const kept = padding === null ? 0 : Math.min(padding.length, length);
  const content = [newPiece(new Uint8Array(length - kept))];
  if (padding !== null) content.push(oldPiece(endOf(padding) - kept, endOf(padding)));
  const block: NewBlock = { type: PADDING, length, content, old: padding };
  return padding === null ? [...list, block] : list.map((each) => (each.old === padding ? block : each));
}

function blockPieces(list: readonly NewBlock[]): readonly Piece[] {
  return list.flatMap(({ type, length, content }, index) => {
    const flags = type | (index === list.length - 1 ? LAST_BLOCK : 0);
    const header = new Uint8Array([flags, length >>> 16, (length >>> 8) & 0xff, length & 0xff]);
    return [newPiece(header), ...content];
  });
}

/**
 * The padding behind the comments, or else the last: which one does not depend on its size, so an undo finds the same.
 * Padding that is not all zeros holds something that is not ours to write over.
 */
async function paddingToUse(
  source: ByteSource,
  blocks: readonly Block[],
  commentBlock: Block | null,
): Promise<Block | null> {
  const paddings = blocks.filter(({ type }) => type === PADDING);
  const behind = paddings.filter(({ start }) => commentBlock === null || start > commentBlock.start);
  const before = paddings.filter((block) => !behind.includes(block)).reverse();
  for (const block of [...behind, ...before]) {
    const content = await readPart(source, block.start + HEADER_BYTES, block.length, 'the padding');
    if (content.every((byte) => byte === 0)) return block;
  }
  return null;
}

async function id3v1Bytes(source: ByteSource, audioStart: number): Promise<number> {
  if (source.size - audioStart < ID3V1_BYTES) return 0;
  const mark = await readPart(source, source.size - ID3V1_BYTES, 3, 'the end');
  return latin1(mark) === 'TAG' ? ID3V1_BYTES : 0;
}

function endOf(block: Block): number {
  return block.start + HEADER_BYTES + block.length;
}
