/** Atoms (boxes) of MP4 files, ISO/IEC 14496-12 section 4.2: a size, a name, and content that may be atoms again. */
import type { ByteSource } from './model.ts';
import { damaged, joinBytes, latin1, readPart, unsupported, viewOf } from './reading.ts';

const HEADER_BYTES = 8;
const WIDE_HEADER_BYTES = 16;
/** Long recordings in fragments have some thousands. */
const MOST_ATOMS = 100_000;
/** Of one atom that is read as a whole: ten hours of audio book with pictures have 20 MB. */
const MOST_READ_BYTES = 256 << 20;

export interface Atom {
  readonly name: string;
  /** In the file, of the header. */
  readonly start: number;
  /** Where the content begins. */
  readonly content: number;
  readonly end: number;
  /** 0: the size stands as 0, to the end of the file; 4 or 8: bytes of the size. */
  readonly sizeBytes: 0 | 4 | 8;
}

/** An atom that was read, and its content. */
export interface ReadAtom extends Atom {
  readonly bytes: Uint8Array;
}

/**
 * The atoms of the file, from `start` on.
 * @throws AppError tags-damaged where they do not fill the file
 */
export async function topLevelAtoms(source: ByteSource, start: number): Promise<readonly Atom[]> {
  const atoms: Atom[] = [];
  for (let at = start; at < source.size;) {
    if (atoms.length === MOST_ATOMS)
      throw unsupported('The MP4 file has more parts than can be kept track of.');
    const header = await readPart(source, at, Math.min(WIDE_HEADER_BYTES, source.size - at), 'an MP4 atom');
    const atom = atomAt(header, at, source.size, true);
    atoms.push(atom);
    at = atom.end;
  }
  return atoms;
}

/** @throws AppError tags-damaged, tags-unsupported where it is too long to be read */
export async function readAtom(source: ByteSource, atom: Atom): Promise<ReadAtom> {
  if (atom.end - atom.content > MOST_READ_BYTES)
    throw unsupported(`The MP4 atom "${atom.name}" is too long to be read.`);
  return { ...atom, bytes: await readPart(source, atom.content, atom.end - atom.content, `"${atom.name}"`) };
}

/**
 * The atoms in the content of another, from `from` bytes of it on.
 * @throws AppError tags-damaged where they do not fill it; four zeros at the end are allowed (QuickTime's lists end so)
 */
export function childrenOf(parent: ReadAtom, from = 0): readonly ReadAtom[] {
  const atoms: ReadAtom[] = [];
  const end = parent.content + parent.bytes.length;
  for (let at = parent.content + from; at < end;) {
    if (atoms.length === MOST_ATOMS) throw damaged('An MP4 atom holds more parts than can be kept track of.');
    const rest = parent.bytes.subarray(at - parent.content);
    if (rest.length === 4 && rest.every((byte) => byte === 0)) break;
    const atom = atomAt(rest, at, end, false);
    atoms.push({
      ...atom,
      bytes: parent.bytes.subarray(atom.content - parent.content, atom.end - parent.content),
    });
    at = atom.end;
  }
  return atoms;
}

/** The first atom along a path of names, each a child of the one before; null when one is missing. */
export function descendant(parent: ReadAtom, ...path: readonly string[]): ReadAtom | null {
  let current: ReadAtom | undefined = parent;
  for (const name of path) {
    current = childrenOf(current).find((child) => child.name === name);
    if (current === undefined) return null;
  }
  return current;
}

function atomAt(bytes: Uint8Array, start: number, limit: number, topLevel: boolean): Atom {
  const broken = damaged('The MP4 atoms do not fit into each other.');
  if (bytes.length < HEADER_BYTES) throw broken;
  const view = viewOf(bytes);
  const name = latin1(bytes.subarray(4, HEADER_BYTES));
  const size = view.getUint32(0);
  if (size === 0 && topLevel) return { name, start, content: start + HEADER_BYTES, end: limit, sizeBytes: 0 };
  if (size === 1) {
    if (bytes.length < WIDE_HEADER_BYTES) throw broken;
    const end = start + Number(view.getBigUint64(HEADER_BYTES));
    const content = start + WIDE_HEADER_BYTES;
    if (end < content || end > limit) throw broken;
    return { name, start, content, end, sizeBytes: 8 };
  }
  const end = start + size;
  if (size < HEADER_BYTES || end > limit) throw broken;
  return { name, start, content: start + HEADER_BYTES, end, sizeBytes: 4 };
}

/** A new atom. @throws AppError tags-unsupported over 4 GiB */
export function atomBytes(name: string, ...content: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const size = content.reduce((total, part) => total + part.length, HEADER_BYTES);
  if (size > 0xffffffff) throw unsupported('An MP4 atom would become longer than 4 GB.');
  viewOf(header).setUint32(0, size);
  header.set(Buffer.from(name, 'latin1'), 4);
  return joinBytes([header, ...content]);
}

/** Other bytes for a stretch of the file. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** The size of an atom that becomes longer by so many bytes, where it stands. */
export function resized(atom: Atom, by: number): readonly Splice[] {
  if (by === 0 || atom.sizeBytes === 0) return [];
  const size = atom.end - atom.start + by;
  const bytes = new Uint8Array(atom.sizeBytes);
  if (atom.sizeBytes === 8) viewOf(bytes).setBigUint64(0, BigInt(size));
  else if (size > 0xffffffff) throw unsupported('An MP4 atom would become longer than 4 GB.');
  else viewOf(bytes).setUint32(0, size);
  const start = atom.sizeBytes === 8 ? atom.start + HEADER_BYTES : atom.start;
  return [{ start, end: start + bytes.length, bytes }];
}
