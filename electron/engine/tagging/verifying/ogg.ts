/** Reads Ogg Vorbis, Opus and FLAC for the verifier, chained too: pages with their checksums, packets, sound as a hash. */
import { createHash, type Hash } from 'node:crypto';
import { oggChecksum } from './ogg-crc.ts';
import { notVerified, type Layout, type Part, type TagValues } from './parts.ts';
import type { Reader } from './reader.ts';
import { readVorbisComment } from './vorbis-comment.ts';

interface Page {
  readonly header: Buffer;
  readonly lacing: Buffer;
  readonly body: Buffer;
  readonly length: number;
}

type Kind = 'vorbis' | 'opus' | 'flac';

const CONTINUED = 1;
const FIRST = 2;
const LAST = 4;

async function readPage(reader: Reader, at: number): Promise<Page> {
  const header = await reader.bytes(at, 27);
  if (header.toString('latin1', 0, 4) !== 'OggS' || header[4] !== 0)
    notVerified('There is something between the pages of the Ogg file.');
  const lacing = await reader.bytes(at + 27, header[26]!);
  const size = lacing.reduce((sum, each) => sum + each, 0);
  const whole = await reader.bytes(at, 27 + lacing.length + size);
  const stored = whole.readUInt32LE(22);
  const blank = Buffer.from(whole.subarray(0, 27));
  blank.fill(0, 22, 26);
  if (oggChecksum(whole.subarray(27), oggChecksum(blank)) !== stored)
    notVerified('The checksum of a page of the Ogg file is wrong.');
  return {
    header: whole.subarray(0, 27),
    lacing: whole.subarray(27, 27 + lacing.length),
    body: whole.subarray(27 + lacing.length),
    length: whole.length,
  };
}

/** One stream of a chain, while its pages are read. */
class Link {
  readonly parts: Part[] = [];
  tag: TagValues | null = null;
  #kind: Kind | null = null;
  readonly #serial: number;
  readonly #index: number;
  readonly #packets: Buffer[] = [];
  #open: Buffer[] = [];
  #openBytes = 0;
  readonly #sound: Hash = createHash('sha256');
  /** Number of the first page of sound; the others are told relative to it. */
  #firstSound = -1;
  #next: number;
  #ended = false;

  constructor(first: Page, index: number) {
    this.#serial = first.header.readUInt32LE(14);
    this.#next = first.header.readUInt32LE(18);
    this.#index = index;
  }

  get #scope(): string {
    return `Ogg stream ${this.#index + 1}`;
  }

  add(page: Page, first: boolean): void {
    const flags = page.header[5]!;
    if (page.header.readUInt32LE(14) !== this.#serial)
      notVerified('Streams of the Ogg file lie side by side.');
    if (this.#ended) notVerified('A stream of the Ogg file goes on behind its end.');
    if (((flags & FIRST) !== 0) !== first) notVerified('A stream of the Ogg file begins where none may.');
    this.#ended = (flags & LAST) !== 0;
    const sequence = page.header.readUInt32LE(18);
    if (this.#firstSound < 0 && !this.#hasHeaders) {
      if (sequence !== this.#next++)
        notVerified('The header pages of the Ogg file are not numbered one after another.');
      this.#addHeader(page, flags, first);
      return;
    }
    if (this.#firstSound < 0) {
      this.#firstSound = sequence;
      // Numbers of header pages changed when there are more or fewer; those of the sound follow.
      if (sequence !== this.#next)
        this.parts.push(this.#part('gap', Buffer.from(String(sequence - this.#next))));
    }
    const relative = Buffer.alloc(4);
    relative.writeUInt32LE((sequence - this.#firstSound) >>> 0);
    // Flags, granule position, serial number; then the rest of the page but its checksum.
    this.#sound.update(page.header.subarray(4, 18)).update(relative).update(page.lacing).update(page.body);
  }

  get isFlac(): boolean {
    return this.#kind === 'flac';
  }

  get #hasHeaders(): boolean {
    if (this.#kind === 'vorbis') return this.#packets.length === 3;
    if (this.#kind === 'opus') return this.#packets.length === 2;
    // FLAC: a packet for each block, the last one says so.
    return this.#packets.length > 1 && (this.#packets.at(-1)![0]! & 0x80) !== 0;
  }

  #addHeader(page: Page, flags: number, first: boolean): void {
    if (((flags & CONTINUED) !== 0) !== this.#open.length > 0)
      notVerified('A page of the Ogg file does not say rightly that it continues a packet.');
    let at = 0;
    let ends = 0;
    let segments = 0;
    for (const size of page.lacing) {
      if (this.#hasHeaders) break;
      segments++;
      this.#open.push(page.body.subarray(at, at + size));
      this.#openBytes += size;
      if (this.#openBytes > 128 * 1024 * 1024) notVerified('The comments of the Ogg file are too large.');
      at += size;
      if (size === 255) continue;
      this.#packets.push(Buffer.concat(this.#open));
      this.#open = [];
      this.#openBytes = 0;
      ends++;
      if (this.#packets.length === 1) this.#kind = kindOf(this.#packets[0]!);
    }
    if (first && (this.#packets.length !== 1 || this.#open.length > 0))
      notVerified('The first page of the Ogg file holds more than the first packet.');
    const sound = { lacing: page.lacing.subarray(segments), body: page.body.subarray(at) };
    if (sound.lacing.length > 0) {
      // Against the specification of Vorbis, but some encoders begin the sound on the last page of the headers.
      this.#sound.update(Buffer.of(flags & LAST)).update(page.header.subarray(6, 14));
      this.#sound.update(sound.lacing).update(sound.body);
      return;
    }
    const granule = page.header.readBigInt64LE(6);
    // No sound has been played where the headers end.
    if (granule !== 0n && !(ends === 0 && granule === -1n))
      notVerified('A header page of the Ogg file has a position within the sound.');
  }

  #part(key: string, content: Buffer, holds?: string): Part {
    return { scope: this.#scope, key, tag: null, content, ...(holds === undefined ? {} : { holds }) };
  }

  finish(): void {
    if (!this.#hasHeaders) notVerified('The headers of the Ogg file are not complete.');
    const [first, comments, ...others] = this.#packets as [Buffer, Buffer, ...Buffer[]];
    const serial = Buffer.alloc(4);
    serial.writeUInt32LE(this.#serial);
    const own = [this.#part('serial number', serial), this.#part('first header', first)];
    const name = { vorbis: '\x03vorbis', opus: 'OpusTags', flac: '' }[this.#kind!];
    if (comments.toString('latin1', 0, name.length) !== name)
      notVerified('The comments of the Ogg file have no name.');
    if (this.#kind === 'flac') this.#checkBlock(comments);
    const start = this.#kind === 'flac' ? 4 : name.length;
    const scope = `Vorbis comment of stream ${this.#index + 1}`;
    const reading = readVorbisComment(comments.subarray(start), scope, `vorbis ${this.#index}`);
    this.tag = reading.values;
    own.push(...reading.parts, this.#part('behind the comments', this.#rest(reading.rest)));
    for (const other of others) {
      // Whether it is the last block is checked by counting; padding may change its size.
      if (this.#kind === 'flac' && (other[0]! & 0x7f) === 1) continue;
      own.push(this.#part('header', this.#kind === 'flac' ? withoutLastFlag(other) : other));
    }
    own.push(this.#part('audio', this.#sound.digest()));
    this.parts.unshift(...own);
  }

  #checkBlock(comments: Buffer): void {
    if ((comments[0]! & 0x7f) !== 4 || comments.readUIntBE(1, 3) !== comments.length - 4)
      notVerified('The comments of the Ogg file do not follow its first header.');
  }

  /** Vorbis: the bit that ends the comments. Opus: padding may go, what is no padding may not (RFC 7845, 5.2). */
  #rest(rest: Buffer): Buffer {
    if (this.#kind === 'opus') return rest.length > 0 && (rest[0]! & 1) === 1 ? rest : Buffer.alloc(0);
    if (this.#kind === 'flac') return rest;
    if (rest.length === 0 || (rest[0]! & 1) === 0)
      notVerified('The comments of the Ogg file are not closed.');
    return Buffer.from(rest.toString('latin1').replace(/\0+$/, ''), 'latin1');
  }
}

function withoutLastFlag(block: Buffer): Buffer {
  const same = Buffer.from(block);
  same[0] = same[0]! & 0x7f;
  return same;
}

function kindOf(packet: Buffer): Kind {
  if (packet.toString('latin1', 0, 7) === '\x01vorbis') return 'vorbis';
  if (packet.toString('latin1', 0, 8) === 'OpusHead') return 'opus';
  if (packet.toString('latin1', 0, 5) === '\x7fFLAC') return 'flac';
  return notVerified('The Ogg file holds something other than Vorbis, Opus or FLAC.');
}

export async function readOgg(reader: Reader): Promise<Layout> {
  const parts: Part[] = [];
  const tags: TagValues[] = [];
  let link: Link | null = null;
  let count = 0;
  // music-metadata does not read the comments of FLAC in Ogg.
  let hasFlac = false;
  const finish = (): void => {
    if (link === null) return;
    link.finish();
    hasFlac ||= link.isFlac;
    parts.push(...link.parts);
    if (link.tag !== null) tags.push(link.tag);
  };
  for (let at = 0; at < reader.size;) {
    const page = await readPage(reader, at);
    const isNew: boolean = link === null || (page.header[5]! & FIRST) !== 0;
    if (isNew) {
      finish();
      link = new Link(page, count++);
    }
    link!.add(page, isNew);
    at += page.length;
  }
  finish();
  return { parts, tags, beyondOtherReader: hasFlac };
}
