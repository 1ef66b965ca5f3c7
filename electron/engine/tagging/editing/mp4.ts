/**
 * MP4 and M4A: iTunes' list of tags in `moov/udta/meta/ilst`. It is replaced as a whole, its unchanged items byte for
 * byte; room is taken from, or left to, a `free` atom, and where that is not enough, everything behind the tags moves
 * and the numbers that say where the sound lies follow.
 */
import type { WritePolicy } from '#shared/domain.ts';
import type { ByteSource, EditPlan, FieldEdit, Piece, TagEditor } from './model.ts';
import {
  atomBytes,
  childrenOf,
  descendant,
  readAtom,
  resized,
  topLevelAtoms,
  type Atom,
  type ReadAtom,
  type Splice,
} from './mp4-atoms.ts';
import { editMp4Items, listBytes, mp4Changes, mp4FieldState, parseItems, type Mp4Item } from './mp4-items.ts';
import { shiftedOffsets } from './mp4-offsets.ts';
import { freeAtoms, freeBytes, roomFor, type FreeAtom } from './mp4-room.ts';
import { newPiece, oldPiece, planOf, unchanged } from './pieces.ts';
import { damaged, joinBytes, latin1, sameBytes, unsupported } from './reading.ts';
import { writableEdits } from './values.ts';

const FULL_BYTES = 4;
/** Marks a `meta` that was added here, so that it goes again when an undo leaves it empty. */
const OUR_NAME = 'Cratewise\0';
/** In front of the name in `hdlr`: version, flags, nothing, type, maker, nothing. */
const HANDLER_TYPE_AT = 8;
const HANDLER_NAME_AT = 24;

export interface Mp4Layout {
  readonly atoms: readonly Atom[];
  readonly moov: ReadAtom;
  readonly udta: ReadAtom | null;
  readonly meta: Meta | null;
  readonly items: readonly Mp4Item[];
}

interface Meta {
  readonly atom: ReadAtom;
  readonly children: readonly ReadAtom[];
  readonly list: ReadAtom | null;
  /** It was made by this program. */
  readonly ours: boolean;
}

/**
 * The editor of an MP4 file that begins at `start`.
 * @throws AppError tags-damaged, tags-unsupported
 */
export async function openMp4(source: ByteSource, start: number): Promise<TagEditor> {
  const layout = await readLayout(source, start);
  return {
    format: `MP4${codecOf(layout.moov)}, iTunes tags`,
    read: (fields) => Promise.resolve().then(() => fields.map((field) => mp4FieldState(layout.items, field))),
    plan: (edits, policy, wantedSize) => plan(source, layout, edits, policy, wantedSize),
  };
}

async function readLayout(source: ByteSource, start: number): Promise<Mp4Layout> {
  const atoms = await topLevelAtoms(source, start);
  const [movie, another] = atoms.filter(({ name }) => name === 'moov');
  if (movie === undefined)
    throw damaged('The MP4 file says nothing about its tracks: its "moov" is missing.');
  if (another !== undefined) throw damaged('The MP4 file has two lists of tracks ("moov").');
  const moov = await readAtom(source, movie);
  const children = childrenOf(moov);
  if (children.some(({ name }) => name === 'cmov'))
    throw unsupported('The list of tracks of this MP4 file is compressed: it is not written.');
  const holders = children.filter(({ name }) => name === 'udta');
  const found = holders.flatMap((udta) =>
    childrenOf(udta)
      .filter(({ name }) => name === 'meta')
      .map((atom) => ({ udta, meta: metaOf(atom) })),
  );
  if (found.length > 1)
    throw damaged('The MP4 file has several lists of tags, and programs differ in which they read.');
  const meta = found[0]?.meta ?? null;
  const items = meta?.list == null ? [] : parseItems(meta.list);
  return { atoms, moov, udta: found[0]?.udta ?? holders[0] ?? null, meta, items };
}

/** QuickTime's `meta` has no version and flags: then its first atom stands where they would be. */
function metaOf(atom: ReadAtom): Meta {
  const bare = latin1(atom.bytes.subarray(4, 8)) === 'hdlr';
  const children = childrenOf(atom, bare ? 0 : FULL_BYTES);
  const handler = children.find(({ name }) => name === 'hdlr');
  const type =
    handler === undefined ? '' : latin1(handler.bytes.subarray(HANDLER_TYPE_AT, HANDLER_TYPE_AT + 4));
  if (handler === undefined || type !== 'mdir')
    throw unsupported(
      'The tags of this MP4 file are not those of iTunes but of another kind: they are not written.',
    );
  const [list, another] = children.filter(({ name }) => name === 'ilst');
  if (another !== undefined) throw damaged('The MP4 file has several lists of tags.');
  return {
    atom,
    children,
    list: list ?? null,
    ours: latin1(handler.bytes.subarray(HANDLER_NAME_AT)) === OUR_NAME,
  };
}

/** ", ALAC": what the first track of sound is made of. */
function codecOf(moov: ReadAtom): string {
  const names: Readonly<Record<string, string>> = { mp4a: 'AAC', alac: 'ALAC', drms: 'protected AAC' };
  for (const track of childrenOf(moov).filter(({ name }) => name === 'trak')) {
    const description = descendant(track, 'mdia', 'minf', 'stbl', 'stsd');
    const codec = description === null ? '' : latin1(description.bytes.subarray(12, 16));
    if (names[codec] !== undefined) return `, ${names[codec]}`;
  }
  return '';
}

async function plan(
  source: ByteSource,
  layout: Mp4Layout,
  edits: readonly FieldEdit[],
  policy: WritePolicy,
  wantedSize: number | undefined,
): Promise<EditPlan> {
  const { items: before, atoms } = layout;
  const after = editMp4Items(before, writableEdits(edits, policy));
  const kept = before.filter((item) => after.includes(item)).length;
  const others =
    layout.udta === null ? 0 : childrenOf(layout.udta).filter(({ name }) => name !== 'meta').length;
  const keptItems = kept + others;
  const audioBytes = atoms
    .filter(({ name }) => name === 'mdat')
    .reduce((total, { content, end }) => total + end - content, 0);
  if (sameBytes(listBytes(before), listBytes(after))) return unchanged(source, keptItems, audioBytes);
  const splices = await newTags(source, layout, after, wantedSize);
  return planOf(source, spliced(source, splices), {
    changes: mp4Changes(
      before,
      after,
      edits.map(({ field }) => field),
    ),
    keptItems,
    audioBytes,
  });
}

/** Everything of the file that is replaced. */
async function newTags(
  source: ByteSource,
  layout: Mp4Layout,
  items: readonly Mp4Item[],
  wantedSize: number | undefined,
): Promise<readonly Splice[]> {
  const { moov, atoms } = layout;
  const { start, end, bytes, parents, mayAdd } = tagSplice(layout, items);
  const none = new Uint8Array(0);
  const by = bytes(none).length - (end - start);
  const frees = freeAtoms(atoms, moov, layout.udta, layout.meta).filter(
    ({ atom }) => atom.start >= end || atom.end <= start,
  );
  const room = await roomFor(source, frees, by, mayAdd, wantedSize);
  const main = { start, end, bytes: bytes(room.free === null ? freeBytes(room.bytes) : none) };
  const change = main.bytes.length - (end - start);
  const growth = new Map<Atom, number>();
  const grow = (list: readonly Atom[], bytes: number): void => {
    for (const atom of list) growth.set(atom, (growth.get(atom) ?? 0) + bytes);
  };
  grow(parents, change);
  const splices: Splice[] = [main];
  let total = change;
  if (room.free !== null) {
    const { atom } = room.free;
    const freed = room.bytes - (atom.end - atom.start);
    grow(room.free.parents, freed);
    total += freed;
    splices.push(...resizedFree(room.free, room.bytes));
  }
  for (const [atom, bytes] of growth) splices.push(...resized(atom, bytes));
  splices.push(...(await shiftedOffsets(source, atoms, moov, total)));
  return splices;
}

/** Its front is taken, or gets more: the rest of it lies where it lay. */
function resizedFree({ atom }: FreeAtom, length: number): readonly Splice[] {
  const size = atom.end - atom.start;
  if (length === size) return [];
  const fresh = length === 0 ? new Uint8Array(0) : freeBytes(length, atom.name);
  const kept = Math.max(0, Math.min(size, length) - 8);
  return [{ start: atom.start, end: atom.end - kept, bytes: fresh.subarray(0, fresh.length - kept) }];
}

interface TagSplice {
  readonly start: number;
  readonly end: number;
  /** What stands there then, with this room behind the list of tags. */
  readonly bytes: (room: Uint8Array) => Uint8Array;
  /** Whose sizes count it. */
  readonly parents: readonly Atom[];
  readonly mayAdd: boolean;
}

/** Where the new list of tags goes. */
function tagSplice({ moov, udta, meta }: Mp4Layout, items: readonly Mp4Item[]): TagSplice {
  const list = listBytes(items);
  if (meta === null || udta === null) return newMeta(moov, udta, list);
  if (items.length === 0 && meta.ours) {
    const alone = udta.bytes.length === meta.atom.end - meta.atom.start;
    const { start, end } = alone ? udta : meta.atom;
    const parents = alone ? [moov] : [moov, udta];
    return { start, end, bytes: () => new Uint8Array(0), parents, mayAdd: false };
  }
  const handlerEnd = meta.children.find(({ name }) => name === 'hdlr')?.end ?? meta.atom.end;
  const { start, end } = meta.list ?? { start: handlerEnd, end: handlerEnd };
  const parents = [moov, udta, meta.atom];
  return { start, end, bytes: (room) => joinBytes([list, room]), parents, mayAdd: true };
}

function newMeta(moov: ReadAtom, udta: ReadAtom | null, list: Uint8Array): TagSplice {
  const handler = atomBytes(
    'hdlr',
    new Uint8Array(HANDLER_TYPE_AT),
    Buffer.from('mdirappl'),
    new Uint8Array(HANDLER_NAME_AT - HANDLER_TYPE_AT - 8),
    Buffer.from(OUR_NAME),
  );
  const meta = (room: Uint8Array): Uint8Array =>
    atomBytes('meta', new Uint8Array(FULL_BYTES), handler, list, room);
  const parent = udta ?? moov;
  // Behind the last atom: QuickTime's four zeros stay the end of the list.
  const at = childrenOf(parent).at(-1)?.end ?? parent.content;
  const bytes = udta === null ? (room: Uint8Array) => atomBytes('udta', meta(room)) : meta;
  return { start: at, end: at, bytes, parents: udta === null ? [moov] : [moov, udta], mayAdd: true };
}

/** The file with the splices; they do not overlap. */
function spliced(source: ByteSource, splices: readonly Splice[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, bytes } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) throw damaged('The MP4 atoms overlap.');
    pieces.push(oldPiece(at, start), newPiece(bytes));
    at = end;
  }
  return [...pieces, oldPiece(at, source.size)];
}
