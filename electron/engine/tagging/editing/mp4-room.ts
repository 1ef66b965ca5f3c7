/** Room for tags in MP4 files: atoms named `free` or `skip`, which mean nothing. */
import type { ByteSource } from './model.ts';
import { childrenOf, type Atom, type ReadAtom } from './mp4-atoms.ts';

const HEADER_BYTES = 8;
/**
 * Left behind the tags when the file is written anew, so that the next values find room: some dozen of them, far less
 * than a second of sound.
 */
const NEW_ROOM_BYTES = 2048;
/** More is not looked through for zeros. */
const MOST_ZEROS = 16 << 20;

export interface FreeAtom {
  readonly atom: Atom;
  /** Whose sizes count it, outermost first. */
  readonly parents: readonly Atom[];
}

/** Atoms that may give room, beside and around the tags, and right behind the list of tracks. */
export function freeAtoms(
  atoms: readonly Atom[],
  moov: ReadAtom,
  udta: ReadAtom | null,
  meta: { readonly atom: ReadAtom; readonly children: readonly Atom[] } | null,
): readonly FreeAtom[] {
  const among = (children: readonly Atom[], ...parents: readonly Atom[]): readonly FreeAtom[] =>
    children
      .filter(({ name, sizeBytes }) => (name === 'free' || name === 'skip') && sizeBytes === 4)
      .map((atom) => ({ atom, parents }));
  return [
    ...(meta === null || udta === null ? [] : among(meta.children, moov, udta, meta.atom)),
    ...(udta === null ? [] : among(childrenOf(udta), moov, udta)),
    ...among(childrenOf(moov), moov),
    ...among(atoms.filter(({ start }) => start === moov.end)),
  ];
}

/** An atom of room, its header included; nothing for 0. */
export function freeBytes(length: number, name = 'free'): Uint8Array {
  const bytes = new Uint8Array(length);
  if (length === 0) return bytes;
  new DataView(bytes.buffer).setUint32(0, length);
  bytes.set(Buffer.from(name, 'latin1'), 4);
  return bytes;
}

export interface Room {
  /** Which atom gets another length; null: a new one, where `bytes` is not 0. */
  readonly free: FreeAtom | null;
  readonly bytes: number;
}

/**
 * How much room to leave when the tags become longer by `by` bytes: as much as keeps the length of the file (or gives
 * it the wanted one), else some for the next time. The largest atom gives it, as it has the best chance to last.
 * `mayAdd`: a new one may be made.
 */
export async function roomFor(
  source: ByteSource,
  frees: readonly FreeAtom[],
  by: number,
  mayAdd: boolean,
  wantedSize: number = source.size,
): Promise<Room> {
  const [free = null] = frees.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const size = free === null ? 0 : sizeOf(free);
  const possible = async (bytes: number): Promise<boolean> => {
    if (bytes !== 0 && bytes < HEADER_BYTES) return false;
    if (free === null) return bytes === 0 || mayAdd;
    return bytes >= size || (await startsWithZeros(source, free.atom, bytes));
  };
  for (const bytes of [size - by + wantedSize - source.size, size - by])
    if (await possible(bytes)) return { free, bytes };
  if (free === null) return { free, bytes: mayAdd ? HEADER_BYTES + NEW_ROOM_BYTES : 0 };
  return { free, bytes: Math.max(size, HEADER_BYTES + NEW_ROOM_BYTES) };
}

function sizeOf({ atom }: FreeAtom): number {
  return atom.end - atom.start;
}

/** Whether what would be lost is zeros: iTunes and others leave old tags there, which an undo could not bring back. */
async function startsWithZeros(source: ByteSource, atom: Atom, left: number): Promise<boolean> {
  const lost = Math.min(atom.end - atom.start - left, atom.end - atom.content);
  if (lost > MOST_ZEROS) return false;
  return (await source.read(atom.content, lost)).every((byte) => byte === 0);
}
