/**
 * Where an MP4 file says at which byte its sound lies. When the tags in front of the sound change their length, each of
 * these numbers has to follow.
 */
import type { ByteSource } from './model.ts';
import { childrenOf, descendant, readAtom, type Atom, type ReadAtom, type Splice } from './mp4-atoms.ts';
import { damaged, unsupported, viewOf } from './reading.ts';

/** Version and flags of an atom that has them. */
const FULL_BYTES = 4;
const BASE_OFFSET_FLAG = 1;
const SELF_CONTAINED_FLAG = 1;

/** Everything from `from` on moves by so many bytes; what lies before stays. */
interface Shift {
  readonly from: number;
  readonly by: number;
}

/**
 * The numbers that have to change, in the whole file.
 * @throws AppError tags-damaged, tags-unsupported where a number cannot follow
 */
export async function shiftedOffsets(
  source: ByteSource,
  atoms: readonly Atom[],
  moov: ReadAtom,
  by: number,
): Promise<readonly Splice[]> {
  const shift = { from: moov.end, by };
  if (by === 0 || atoms.every(({ start }) => start < moov.end)) return [];
  const splices = childrenOf(moov)
    .filter(({ name }) => name === 'trak')
    .flatMap((track) => chunkOffsets(track, moov, shift));
  for (const atom of atoms) {
    if (atom.name === 'moof') splices.push(...fragmentOffsets(await readAtom(source, atom), shift));
    else if (atom.name === 'mfra') splices.push(...fragmentIndex(await readAtom(source, atom), shift));
    else if (atom.name === 'sidx' && atom.start < moov.start)
      throw unsupported('The MP4 file has its index of segments in front of its tags: it is not written.');
    else if (atom.name === 'meta')
      throw unsupported(
        'The MP4 file holds pictures or data of its own kind beside the sound: it is not written.',
      );
  }
  return splices;
}

/** `stco` and `co64`: a number for each chunk of a track. */
function chunkOffsets(track: ReadAtom, moov: ReadAtom, shift: Shift): readonly Splice[] {
  const information = descendant(track, 'mdia', 'minf');
  const table = information === null ? null : descendant(information, 'stbl');
  if (information === null || table === null || !inThisFile(information)) return [];
  return childrenOf(table).flatMap((atom) => {
    if (atom.name === 'saio')
      throw unsupported('The sound of this MP4 file is encrypted in a way that ties it to its place.');
    if (atom.name !== 'stco' && atom.name !== 'co64') return [];
    const width = atom.name === 'stco' ? 4 : 8;
    const bytes = Uint8Array.from(atom.bytes);
    const count = countAt(bytes, FULL_BYTES);
    const view = viewOf(bytes);
    const first = FULL_BYTES + 4;
    if (first + count * width > bytes.length) throw damaged('A table of chunks of the MP4 file is cut off.');
    for (let at = first; at < first + count * width; at += width) {
      const offset = width === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
      if (offset > moov.start && offset < moov.end)
        throw damaged('A track of the MP4 file says that its sound lies among the tags.');
      const moved = offset < shift.from ? offset : offset + shift.by;
      setOffset(view, at, width, moved);
    }
    return [{ start: atom.content, end: atom.end, bytes }];
  });
}

/** Whether the track's sound lies in this file; it may be told to lie in another. */
function inThisFile(information: ReadAtom): boolean {
  const references = descendant(information, 'dinf', 'dref');
  if (references === null) return true;
  const flags = childrenOf(references, FULL_BYTES + 4).map(
    ({ bytes }) => countAt(bytes, 0) & SELF_CONTAINED_FLAG,
  );
  if (flags.every((flag) => flag === SELF_CONTAINED_FLAG)) return true;
  if (flags.includes(SELF_CONTAINED_FLAG))
    throw unsupported('A track of the MP4 file lies partly in another file: it is not written.');
  return false;
}

/** `tfhd` of each track fragment that counts from the start of the file. */
function fragmentOffsets(fragment: ReadAtom, shift: Shift): readonly Splice[] {
  return childrenOf(fragment)
    .filter(({ name }) => name === 'traf')
    .flatMap((track) => {
      const header = descendant(track, 'tfhd');
      if (header === null) throw damaged('A fragment of the MP4 file has no header.');
      if ((countAt(header.bytes, 0) & BASE_OFFSET_FLAG) === 0) return [];
      const at = FULL_BYTES + 4;
      return [movedNumber(header, at, 8, shift)];
    });
}

/** `tfra`: for each entry the time, the place of the fragment, and three numbers of one to four bytes. */
function fragmentIndex(index: ReadAtom, shift: Shift): readonly Splice[] {
  return childrenOf(index)
    .filter(({ name }) => name === 'tfra')
    .flatMap((table) => {
      const wide = table.bytes[0] === 1;
      const width = wide ? 8 : 4;
      const lengths = countAt(table.bytes, 8);
      const rest = [lengths >> 4, lengths >> 2, lengths].reduce((total, bits) => total + (bits & 3) + 1, 0);
      const count = countAt(table.bytes, 12);
      const entry = 2 * width + rest;
      if (16 + count * entry > table.bytes.length) throw damaged('The index of fragments is cut off.');
      return Array.from({ length: count }, (_, place) =>
        movedNumber(table, 16 + place * entry + width, width, shift),
      );
    });
}

function movedNumber(atom: ReadAtom, at: number, width: 4 | 8, shift: Shift): Splice {
  if (at + width > atom.bytes.length) throw damaged(`The MP4 atom "${atom.name}" is cut off.`);
  const view = viewOf(atom.bytes);
  const offset = width === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
  const bytes = new Uint8Array(width);
  setOffset(viewOf(bytes), 0, width, offset < shift.from ? offset : offset + shift.by);
  return { start: atom.content + at, end: atom.content + at + width, bytes };
}

function setOffset(view: DataView, at: number, width: number, offset: number): void {
  if (width === 8) view.setBigUint64(at, BigInt(offset));
  else if (offset > 0xffffffff)
    throw unsupported('With these tags the sound would lie beyond the 4 GB that this MP4 file can count to.');
  else view.setUint32(at, offset);
}

function countAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw damaged('A table of the MP4 file is cut off.');
  return viewOf(bytes).getUint32(at);
}
