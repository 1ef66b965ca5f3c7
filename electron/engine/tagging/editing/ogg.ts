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
import { lengthOf, newPiece, oldPiece, planOf, unchanged } from './pieces.ts';
import { damaged, joinBytes, latin1, sameBytes, unsupported, viewOf } from './reading.ts';
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

interface Codec {
  readonly name: string;
  /** How the stream's first packet begins. */
  readonly head: string;
  /** How its comments begin. */
  readonly mark: string;
  /** The packet's first bytes before the comments; checks them. */
  readonly prefix: (packet: Uint8Array) => number;
  /** How much of what stands behind the comments is no padding. @throws AppError tags-damaged */
  readonly fixedTail: (tail: Uint8Array) => number;
  /** Where the comments get shorter, padding may take the room although there is none yet. */
  readonly mayPad: boolean;
}

const FLAC_HEADER_BYTES = 4;

const codecs: readonly Codec[] = [
  {
    name: 'Ogg Vorbis',
    head: '\x01vorbis',
    mark: '\x03vorbis',
    prefix: () => 7,
    // The framing bit. Zeros behind it are not in the specification; mutagen leaves them and decoders skip them.
    fixedTail: (tail) => {
      if (((tail[0] ?? 0) & 1) === 0) throw damaged('The Vorbis comments do not end as they have to.');
      return 1;
    },
    mayPad: false,
  },
  {
    name: 'Ogg Opus',
    head: 'OpusHead',
    mark: 'OpusTags',
    prefix: () => 8,
    // RFC 7845, section 5.2: with this bit, what follows is data of other programs.
    fixedTail: (tail) => (((tail[0] ?? 0) & 1) === 1 ? tail.length : 0),
    mayPad: true,
  },
  {
    name: 'Ogg FLAC',
    head: '\x7fFLAC\x01',
    mark: '',
    prefix: (packet) => {
      if (
        packet.length < FLAC_HEADER_BYTES ||
        (packet[0]! & 0x7f) !== 4 ||
        flacLength(packet) !== packet.length - FLAC_HEADER_BYTES
      )
        throw damaged('The second packet of the FLAC stream is not its comments.');
      return FLAC_HEADER_BYTES;
    },
    fixedTail: (tail) => tail.length,
    mayPad: false,
  },
];

interface Layout {
  readonly codec: Codec;
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
  const head = latin1(first.body.subarray(0, 8));
  const codec = codecs.find((each) => head.startsWith(each.head));
  if (codec === undefined) throw unsupported(notWritten(head));
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
  const prefixBytes = codec.prefix(packet);
  const comments = parseVorbisComments(packet.subarray(prefixBytes));
  codec.fixedTail(comments.tail);
  const following = { lacing: last.lacing.subarray(segments), body: last.body.subarray(lengthOnLast) };
  return { codec, pages, packet, prefixBytes, comments, following };
}

function notWritten(head: string): string {
  if (head.startsWith('Speex')) return 'Ogg Speex is read and not written: nothing makes or plays it today.';
  if (head.startsWith('\x80theora') || head.startsWith('fishead'))
    return 'This Ogg file holds video, or streams side by side: its tags are not written.';
  return 'This Ogg file holds a codec that is not known: its tags are not written.';
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

function flacLength(packet: Uint8Array): number {
  return viewOf(packet).getUint32(0) & 0xffffff;
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

/** With padding that keeps the packet's length, if there may be; but as it comes where that gives the wanted size. */
async function chosenPacket(
  source: ByteSource,
  layout: Layout,
  after: VorbisComments,
  wantedSize: number = source.size,
): Promise<NewFile> {
  const padded = samePacketLength(layout, after);
  if (padded === null || wantedSize !== source.size) {
    const exact = await withPacket(source, layout, packetOf(layout, after));
    if (padded === null || lengthOf(exact.pieces) === wantedSize) return exact;
  }
  return await withPacket(source, layout, packetOf(layout, padded));
}

function packetOf({ codec, packet, prefixBytes }: Layout, comments: VorbisComments): Uint8Array {
  const content = vorbisCommentBytes(comments);
  const prefix = packet.slice(0, prefixBytes);
  if (codec.name === 'Ogg FLAC') {
    if (content.length > 0xffffff)
      throw unsupported('The comments would be longer than the 16 MB that a FLAC block can hold.');
    viewOf(prefix).setUint32(0, ((prefix[0]! << 24) | content.length) >>> 0);
  }
  if (content.length > MOST_COMMENT_BYTES) throw unsupported('The comments would be too long.');
  return joinBytes([prefix, content]);
}

/** The comments with as much padding behind them that the packet keeps its length; null where that cannot be. */
function samePacketLength({ codec, comments }: Layout, after: VorbisComments): VorbisComments | null {
  const fixed = codec.fixedTail(comments.tail);
  const padding = comments.tail.subarray(fixed);
  if (padding.some((byte) => byte !== 0)) return null;
  if (padding.length === 0 && (!codec.mayPad || fixed > 0)) return null;
  const room =
    vorbisCommentBytes(comments).length -
    vorbisCommentBytes({ ...after, tail: comments.tail.subarray(0, fixed) }).length;
  if (room < 0) return null;
  return { ...after, tail: joinBytes([comments.tail.subarray(0, fixed), new Uint8Array(room)]) };
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
