/**
 * Ogg Vorbis, Opus (RFC 7845) and Ogg FLAC: the comments are the stream's second packet, from its second page on, and
 * may share their last page with what follows. The pages are cut as they were; only where the comments no longer fit
 * into as many pages are there more of them, and all later pages of the stream get new numbers and checksums.
 *
 * In a chained file the first stream is written, as it is the one whose comments players show for the file.
 */
import type { TagItemChange, WritePolicy } from '#shared/domain.ts';
import type { ByteSource, EditPlan, FieldEdit, Piece, TagEditor } from './model.ts';
import {
  CONTINUED,
  endOfStream,
  FIRST_PAGE,
  FULL_SEGMENT,
  LAST_PAGE,
  MOST_SEGMENTS,
  pageLike,
  readPage,
  renumbered,
  type OggPage,
} from './ogg-pages.ts';
import { oggCodec, type OggCodec } from './ogg-codecs.ts';
import { lengthOf, newPiece, oldPiece, planOf, unchanged } from './pieces.ts';
import { damaged, joinBytes, latin1, sameBytes, unsupported } from './reading.ts';
import { writableEdits } from './values.ts';
import {
  editVorbisComments,
  keptComments,
  parseVorbisComments,
  vorbisChanges,
  vorbisCommentBytes,
  vorbisFieldState,
  type VorbisComments,
} from './vorbis-comment.ts';

/** Comments with pictures have some megabytes. */
const MOST_COMMENT_BYTES = 64 << 20;

interface Layout {
  readonly codec: OggCodec;
  /** The pages on which the comments lie; the last may hold more packets. */
  readonly pages: readonly OggPage[];
  /** The comments' packet, and where what follows it on the last page begins there. */
  readonly packet: Uint8Array;
  readonly prefixBytes: number;
  readonly comments: VorbisComments;
  /** Segments of other packets on the last page. */
  readonly following: { readonly lacing: Uint8Array; readonly body: Uint8Array };
}

/**
 * The editor of an Ogg file.
 * @throws AppError tags-damaged, tags-unsupported for other codecs and several streams side by side
 */
export async function openOgg(source: ByteSource, start: number): Promise<TagEditor> {
  const layout = await readLayout(source, start);
  return {
    format: layout.codec.name,
    read: (fields) => Promise.resolve(fields.map((field) => vorbisFieldState(layout.comments, field, 0))),
    plan: (edits, policy, wantedSize) => plan(source, layout, edits, policy, wantedSize),
  };
}

async function readLayout(source: ByteSource, start: number): Promise<Layout> {
  const first = await readPage(source, start);
  if ((first.flags & FIRST_PAGE) === 0) throw damaged('The Ogg file begins in the middle of a stream.');
  const codec = oggCodec(latin1(first.body.subarray(0, 8)));
  const ends = packetEnds(first.lacing);
  if (ends.length !== 1 || ends[0] !== first.lacing.length)
    throw damaged('The first Ogg page has to hold one packet and nothing else.');
  const { pages, segments } = await commentPages(source, first);
  const last = pages.at(-1)!;
  const lengthOnLast = last.lacing.subarray(0, segments).reduce((total, size) => total + size, 0);
  const packet = joinBytes([
    ...pages.slice(0, -1).map(({ body }) => body),
    last.body.subarray(0, lengthOnLast),
  ]);
  if (latin1(packet.subarray(0, codec.mark.length)) !== codec.mark)
    throw damaged(`The second packet of the ${codec.name} stream is not its comments.`);
  const prefixBytes = codec.prefixBytes(packet);
  const comments = parseVorbisComments(packet.subarray(prefixBytes));
  codec.fixedTail(comments.tail);
  const following = { lacing: last.lacing.subarray(segments), body: last.body.subarray(lengthOnLast) };
  return { codec, pages, packet, prefixBytes, comments, following };
}

/** The pages of the second packet, and how many segments of the last of them are its own. */
async function commentPages(
  source: ByteSource,
  first: OggPage,
): Promise<{ readonly pages: readonly OggPage[]; readonly segments: number }> {
  const pages: OggPage[] = [];
  let total = 0;
  for (let at = first.end; ; at = pages.at(-1)!.end) {
    const page = await readPage(source, at);
    if ((page.flags & FIRST_PAGE) !== 0)
      throw unsupported(
        'This Ogg file holds several streams side by side (video?): its tags are not written.',
      );
    if (page.serial !== first.serial || page.sequence !== (first.sequence + pages.length + 1) >>> 0)
      throw damaged('Pages are missing in front of, or among, the comments of the Ogg stream.');
    if (((page.flags & CONTINUED) !== 0) !== pages.length > 0)
      throw damaged('The pages of the comments do not follow each other.');
    pages.push(page);
    total += page.body.length;
    const [end] = packetEnds(page.lacing);
    if (end !== undefined) return { pages, segments: end };
    if (total > MOST_COMMENT_BYTES || page.lacing.length === 0)
      throw damaged('The comments of the Ogg stream have no end.');
  }
}

/** For each packet that ends on a page with this lacing, the number of segments up to its end. */
function packetEnds(lacing: Uint8Array): readonly number[] {
  return [...lacing].flatMap((size, index) => (size < FULL_SEGMENT ? [index + 1] : []));
}

async function plan(
  source: ByteSource,
  layout: Layout,
  edits: readonly FieldEdit[],
  policy: WritePolicy,
  wantedSize: number | undefined,
): Promise<EditPlan> {
  const { comments: before, pages } = layout;
  const after = editVorbisComments(before, writableEdits(edits, policy), 0);
  const keptItems = keptComments(before, after);
  const audioBytes = source.size - pages.at(-1)!.end;
  if (sameBytes(vorbisCommentBytes(before), vorbisCommentBytes(after)))
    return unchanged(source, keptItems, audioBytes);
  const fields = edits.map(({ field }) => field);
  const chosen = await chosenPacket(source, layout, after, wantedSize);
  return planOf(source, chosen.pieces, {
    changes: [...vorbisChanges(before, after, fields), ...chosen.changes],
    keptItems,
    audioBytes,
  });
}

interface NewFile {
  readonly pieces: readonly Piece[];
  readonly changes: readonly TagItemChange[];
}

/** With padding that gives the wanted size or keeps the packet's length, if there may be; else as it comes. */
async function chosenPacket(
  source: ByteSource,
  layout: Layout,
  after: VorbisComments,
  wantedSize: number = source.size,
): Promise<NewFile> {
  const { fixed, mayPad } = paddingOf(layout);
  const before = layout.comments;
  const file = (padding: number): Promise<NewFile> => {
    const tail = joinBytes([fixed, new Uint8Array(padding)]);
    return withPacket(source, layout, packetOf(layout, { ...after, tail }));
  };
  if (!mayPad) return await withPacket(source, layout, packetOf(layout, after));
  if (wantedSize !== source.size) {
    // Each 255 bytes of padding take a byte more in the page's table, so the first guess is a little too much.
    for (
      let padding = wantedSize - lengthOf((await file(0)).pieces), tries = 0;
      padding >= 0 && tries < 4;
      tries++
    ) {
      const guess = await file(padding);
      const excess = lengthOf(guess.pieces) - wantedSize;
      if (excess === 0) return guess;
      padding -= excess;
    }
  }
  const room = vorbisCommentBytes(before).length - vorbisCommentBytes({ ...after, tail: fixed }).length;
  return room >= 0 ? await file(room) : await withPacket(source, layout, packetOf(layout, after));
}

/** What stands behind the comments and is no padding, and whether padding may follow it. */
function paddingOf({ codec, comments: { tail } }: Layout): {
  readonly fixed: Uint8Array;
  readonly mayPad: boolean;
} {
  const fixed = tail.subarray(0, codec.fixedTail(tail));
  const padding = tail.subarray(fixed.length);
  const allowed = padding.length > 0 || (codec.mayPad && fixed.length === 0);
  return { fixed, mayPad: allowed && padding.every((byte) => byte === 0) };
}

function packetOf({ codec, packet, prefixBytes }: Layout, comments: VorbisComments): Uint8Array {
  const content = vorbisCommentBytes(comments);
  if (content.length > MOST_COMMENT_BYTES) throw unsupported('The comments would be too long.');
  return joinBytes([codec.prefixFor(packet.subarray(0, prefixBytes), content.length), content]);
}

/** The file with another packet of comments. */
async function withPacket(
  source: ByteSource,
  { pages, following }: Layout,
  packet: Uint8Array,
): Promise<NewFile> {
  const segments = Math.floor(packet.length / FULL_SEGMENT) + 1;
  const counts = segmentsByPage(
    pages.map(({ lacing }) => lacing.length),
    following.lacing.length,
    segments,
  );
  const first = pages[0]!;
  const last = pages.at(-1)!;
  const bytes: Uint8Array[] = [];
  let segment = 0;
  counts.forEach((count, index) => {
    const isLast = index === counts.length - 1;
    const end = segment + count;
    const lacing = new Uint8Array(count).fill(FULL_SEGMENT);
    if (isLast) lacing[count - 1] = packet.length % FULL_SEGMENT;
    const body = packet.subarray(segment * FULL_SEGMENT, isLast ? packet.length : end * FULL_SEGMENT);
    const own = index < pages.length - 1;
    const model = isLast ? last : own ? pages[index]! : first;
    bytes.push(
      pageLike(model, {
        lacing: isLast ? joinBytes([lacing, following.lacing]) : lacing,
        body: isLast ? joinBytes([body, following.body]) : body,
        flags: (isLast ? model.flags & LAST_PAGE : 0) | (index > 0 ? CONTINUED : 0),
        sequence: first.sequence + index,
        endless: !isLast && !own,
      }),
    );
    segment = end;
  });
  const front: Piece[] = [oldPiece(0, first.start), ...bytes.map(newPiece)];
  const by = counts.length - pages.length;
  if (by === 0) return { pieces: [...front, oldPiece(last.end, source.size)], changes: [] };
  const end = await endOfStream(source, last.end, first.serial);
  return {
    pieces: [
      ...front,
      {
        from: 'made',
        length: end - last.end,
        make: () => renumbered(source, last.end, end, by),
      },
      oldPiece(end, source.size),
    ],
    changes: [
      {
        tag: 'Ogg',
        key: 'page numbers',
        change: 'changed',
        before: `from ${last.sequence + 1}`,
        after: `from ${last.sequence + 1 + by}`,
      },
    ],
  };
}

/**
 * How many segments of the comments go on each page. The last page takes what is more or less, so that taking the
 * change back gives the same pages; what it cannot take goes to the pages before it, and pages are added or go only
 * where there is no other way.
 */
function segmentsByPage(old: readonly number[], following: number, segments: number): readonly number[] {
  const most = MOST_SEGMENTS - following;
  const before = old.slice(0, -1);
  let onLast = segments - before.reduce((total, count) => total + count, 0);
  for (let index = before.length - 1; index >= 0 && (onLast > most || onLast < 1); index--) {
    const count = before[index]!;
    const moved =
      onLast > most ? Math.min(onLast - most, MOST_SEGMENTS - count) : Math.max(onLast - 1, 1 - count);
    before[index] = count + moved;
    onLast -= moved;
  }
  while (onLast > most) {
    const count = Math.min(MOST_SEGMENTS, onLast - 1);
    before.push(count);
    onLast -= count;
  }
  while (onLast < 1) onLast += before.pop()!;
  return [...before, onLast];
}
