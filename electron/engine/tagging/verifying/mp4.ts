/** Reads MP4 for the verifier (ISO 14496-12, QuickTime's metadata): atoms in order, places in the file told relative to the sound. */
import { ValueCollector } from './field-names.ts';
import { readItem } from './mp4-items.ts';
import { notVerified, type Layout, type Part } from './parts.ts';
import type { Reader } from './reader.ts';

interface Atom {
  readonly name: string;
  /** Where its content begins and ends. */
  readonly start: number;
  readonly end: number;
  /** Where its header begins. */
  readonly from: number;
}

/** What is looked into; everything else is compared as it is. */
const containers: Readonly<Record<string, readonly string[]>> = {
  '': ['moov', 'moof', 'mfra'],
  moov: ['trak', 'udta'],
  'moov/trak': ['mdia'],
  'moov/trak/mdia': ['minf'],
  'moov/trak/mdia/minf': ['stbl'],
  'moov/udta': ['meta'],
  'moov/udta/meta': ['ilst'],
  moof: ['traf'],
};
/** Room for growing: may change its size, come and go. */
const padding = new Set(['free', 'skip']);
/** Atoms that are only there for the tag: they come and go with it. */
const scaffolds: Readonly<Record<string, string>> = {
  'moov/udta': 'mp4 udta',
  'moov/udta/meta': 'mp4 meta',
  'moov/udta/meta/hdlr': 'mp4 meta',
  'moov/udta/meta/ilst': 'mp4 ilst',
};
/** The list of items: what is in it is looked at one by one. */
const LIST = 'moov/udta/meta/ilst';
const MOST_ATOMS = 100_000;

async function atomsIn(reader: Reader, start: number, end: number): Promise<readonly Atom[]> {
  const atoms: Atom[] = [];
  for (let at = start; at < end;) {
    if (end - at < 8) {
      // `udta` may end with a zero of 32 bits (QuickTime).
      if (end - at === 4 && (await reader.bytes(at, 4)).readUInt32BE(0) === 0) break;
      notVerified('There is something behind the atoms of the file.');
    }
    const header = await reader.bytes(at, Math.min(16, end - at));
    const short = header.readUInt32BE(0);
    const wide = short === 1;
    if (wide && header.length < 16) notVerified('An atom of the file is longer than its place.');
    const size = wide ? Number(header.readBigUInt64BE(8)) : short === 0 && start === 0 ? end - at : short;
    const head = wide ? 16 : 8;
    const name = header.toString('latin1', 4, 8);
    if (size < head || at + size > end) notVerified(`The atom ${name} is longer than its place.`);
    atoms.push({ name, from: at, start: at + head, end: at + size });
    if (atoms.length > MOST_ATOMS) notVerified('The file has more atoms than it can have.');
    at += size;
  }
  return atoms;
}

class Walk {
  readonly parts: Part[] = [];
  readonly collector = new ValueCollector('mp4');
  hasList = false;
  readonly #reader: Reader;
  /** Of the file, without padding: places are told by number and distance. */
  readonly #landmarks: readonly Atom[];

  constructor(reader: Reader, top: readonly Atom[]) {
    this.#reader = reader;
    this.#landmarks = top.filter((atom) => !padding.has(atom.name));
  }

  async atoms(atoms: readonly Atom[], path: string): Promise<void> {
    for (const atom of atoms) {
      if (padding.has(atom.name)) continue;
      const own = path === '' ? atom.name : `${path}/${atom.name}`;
      if (path === LIST) await this.#item(atom);
      else if (containers[path]?.includes(atom.name) === true) await this.#container(atom, own);
      else this.parts.push(...(await this.#leaf(atom, own)));
    }
  }

  async #item(atom: Atom): Promise<void> {
    const bytes = await this.#reader.bytes(atom.from, atom.end - atom.from);
    const { key, values } = readItem(bytes, atom.name);
    this.collector.add(key, values);
    this.parts.push({ scope: 'MP4 items', key, tag: 'mp4', content: Buffer.from(bytes) });
  }

  async #container(atom: Atom, path: string): Promise<void> {
    const holds = scaffolds[path];
    const mark = (key: string, content: Buffer): Part => ({
      ...{ scope: `MP4 ${path}`, key, tag: null, content },
      ...(holds === undefined ? {} : { holds }),
    });
    // MP4 begins `meta` with version and flags, QuickTime does not.
    const version = atom.name === 'meta' && (await this.#reader.text(atom.start + 4, 4)) !== 'hdlr' ? 4 : 0;
    if (path === LIST) this.hasList = true;
    this.parts.push(mark('begins', Buffer.from(await this.#reader.bytes(atom.start, version))));
    await this.atoms(await atomsIn(this.#reader, atom.start + version, atom.end), path);
    this.parts.push(mark('ends', Buffer.alloc(0)));
  }

  async #leaf(atom: Atom, path: string): Promise<readonly Part[]> {
    const holds = scaffolds[path];
    const part = (key: string, content: Part['content']): Part => ({
      ...{ scope: `MP4 ${path}`, key, tag: null, content },
      ...(holds === undefined ? {} : { holds }),
    });
    const content = { start: atom.start, end: atom.end };
    switch (atom.name) {
      case 'stco':
      case 'co64':
        return [part('chunk offsets', this.#chunkOffsets(await this.#all(atom), atom.name === 'co64'))];
      case 'tfhd':
        return [part(atom.name, this.#fragmentHeader(await this.#all(atom)))];
      case 'tfra':
        return [part(atom.name, this.#fragmentIndex(await this.#all(atom)))];
      case 'saio':
      case 'iloc': {
        // They tell places in the file in ways that are not looked into: then nothing may have moved.
        const places = this.#landmarks.map((each) => each.from).join(' ');
        return [part(atom.name, content), part('places', Buffer.from(places))];
      }
      default:
        return [part(atom.name === 'mdat' ? 'audio' : atom.name, content)];
    }
  }

  async #all(atom: Atom): Promise<Buffer> {
    return await this.#reader.bytes(atom.start, atom.end - atom.start);
  }

  /** A place in the file as the number of the atom it lies in and the distance from its content. */
  #place(offset: number): Buffer {
    const place = Buffer.alloc(12);
    const index = this.#landmarks.findIndex((atom) => offset >= atom.from && offset < atom.end);
    place.writeInt32BE(index);
    place.writeBigInt64BE(BigInt(index < 0 ? offset : offset - this.#landmarks[index]!.start), 4);
    return place;
  }

  #chunkOffsets(bytes: Buffer, wide: boolean): Buffer {
    const width = wide ? 8 : 4;
    const count = bytes.length < 8 ? -1 : bytes.readUInt32BE(4);
    if (count < 0 || 8 + count * width > bytes.length)
      notVerified('A table of the sound is longer than its atom.');
    const offsets = Array.from({ length: count }, (_, index) => {
      const at = 8 + index * width;
      return this.#place(wide ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at));
    });
    return Buffer.concat([bytes.subarray(0, 8), ...offsets, bytes.subarray(8 + count * width)]);
  }

  #fragmentHeader(bytes: Buffer): Buffer {
    if (bytes.length < 16 || (bytes[3]! & 1) === 0) return bytes;
    return Buffer.concat([
      bytes.subarray(0, 8),
      this.#place(Number(bytes.readBigUInt64BE(8))),
      bytes.subarray(16),
    ]);
  }

  #fragmentIndex(bytes: Buffer): Buffer {
    if (bytes.length < 16) notVerified('The index of fragments is not complete.');
    const wide = bytes[0] === 1;
    const lengths = bytes[11]!;
    const rest = (lengths & 3) + ((lengths >> 2) & 3) + ((lengths >> 4) & 3) + 3;
    const time = wide ? 8 : 4;
    const count = bytes.readUInt32BE(12);
    if (16 + count * (time * 2 + rest) > bytes.length)
      notVerified('The index of fragments is longer than its atom.');
    const parts = [bytes.subarray(0, 16)];
    let at = 16;
    for (let index = 0; index < count; index++) {
      const offset = wide ? Number(bytes.readBigUInt64BE(at + 8)) : bytes.readUInt32BE(at + 4);
      const end = at + time * 2 + rest;
      parts.push(bytes.subarray(at, at + time), this.#place(offset), bytes.subarray(at + time * 2, end));
      at = end;
    }
    return Buffer.concat([...parts, bytes.subarray(at)]);
  }
}

export async function readMp4(reader: Reader): Promise<Layout> {
  const top = await atomsIn(reader, 0, reader.size);
  const walk = new Walk(reader, top);
  await walk.atoms(top, '');
  return {
    parts: walk.parts,
    tags: walk.hasList ? [walk.collector.values()] : [],
    beyondOtherReader: false,
  };
}
