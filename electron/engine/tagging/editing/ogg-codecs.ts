/** How the streams that are written in Ogg files hold their comments. */
import { damaged, unsupported, viewOf } from './reading.ts';

const FLAC_HEADER_BYTES = 4;
const MOST_FLAC_BYTES = 0xffffff;
const VORBIS_COMMENT = 4;

export interface OggCodec {
  readonly name: string;
  /** How the first packet of a stream begins. */
  readonly head: string;
  /** How the packet of its comments begins. */
  readonly mark: string;
  /** How many bytes of the packet stand before the comments. @throws AppError tags-damaged */
  prefixBytes(packet: Uint8Array): number;
  /** They again, before comments of this length. @throws AppError tags-unsupported */
  prefixFor(prefix: Uint8Array, length: number): Uint8Array;
  /** How much of what stands behind the comments is no padding. @throws AppError tags-damaged */
  fixedTail(tail: Uint8Array): number;
  /** Padding is allowed, so it may take the room of comments that get shorter although there was none. */
  readonly mayPad: boolean;
}

const codecs: readonly OggCodec[] = [
  {
    name: 'Ogg Vorbis',
    head: '\x01vorbis',
    mark: '\x03vorbis',
    prefixBytes: () => 7,
    prefixFor: (prefix) => prefix,
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
    prefixBytes: () => 8,
    prefixFor: (prefix) => prefix,
    // RFC 7845, section 5.2: with this bit, what follows is data of other programs.
    fixedTail: (tail) => (((tail[0] ?? 0) & 1) === 1 ? tail.length : 0),
    mayPad: true,
  },
  {
    name: 'Ogg FLAC',
    head: '\x7fFLAC\x01',
    mark: '',
    // Its packets are metadata blocks as in a FLAC file, each with type and length.
    prefixBytes: (packet) => {
      const header = packet.length < FLAC_HEADER_BYTES ? 0 : viewOf(packet).getUint32(0);
      if (
        ((header >>> 24) & 0x7f) !== VORBIS_COMMENT ||
        (header & MOST_FLAC_BYTES) !== packet.length - FLAC_HEADER_BYTES
      )
        throw damaged('The second packet of the FLAC stream is not its comments.');
      return FLAC_HEADER_BYTES;
    },
    prefixFor: (prefix, length) => {
      if (length > MOST_FLAC_BYTES)
        throw unsupported('The comments would be longer than the 16 MB that a FLAC block can hold.');
      return Uint8Array.of(prefix[0]!, length >>> 16, (length >>> 8) & 0xff, length & 0xff);
    },
    fixedTail: (tail) => tail.length,
    mayPad: false,
  },
];

/** By the first bytes of the stream, as Latin-1. @throws AppError tags-unsupported for others */
export function oggCodec(head: string): OggCodec {
  const codec = codecs.find((each) => head.startsWith(each.head));
  if (codec !== undefined) return codec;
  if (head.startsWith('Speex'))
    throw unsupported('Ogg Speex is read and not written: no program that plays music makes it today.');
  if (head.startsWith('\x80theora') || head.startsWith('fishead'))
    throw unsupported('This Ogg file holds video, or streams side by side: its tags are not written.');
  throw unsupported('This Ogg file holds a codec that is not known: its tags are not written.');
}
