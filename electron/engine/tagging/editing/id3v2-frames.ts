/** Finds the frames of an ID3v2 tag, whatever is in them, and says which ones carry our fields. */
import type { Id3Body } from './id3v2-body.ts';
import { zerosFrom } from './id3v2-body.ts';
import { syncsafe } from './id3v2-header.ts';
import { damaged, latin1, viewOf } from './reading.ts';

/** Real tags have tens of frames, with chapters hundreds. */
const MOST_FRAMES = 20_000;

export interface FrameForm {
  readonly version: 2 | 3 | 4;
  /** v2.4 as old iTunes wrote it: sizes of frames of eight bits a byte. */
  readonly plainSizes: boolean;
  /** The flag of the tag's header: up to v2.3 the body as a whole, in v2.4 each frame by itself. */
  readonly unsynchronised: boolean;
}

/** One frame and where it stands in the body. */
export interface FramePlace {
  readonly id: string;
  readonly at: number;
  /** Behind its header. */
  readonly contentAt: number;
  readonly end: number;
  /** v2.3 and v2.4: both bytes; v2.2 has none. */
  readonly flags: number;
}

export interface FrameList {
  readonly form: FrameForm;
  readonly places: readonly FramePlace[];
  /** Where the frames end. */
  readonly end: number;
  /** Zero bytes behind them. */
  readonly padding: number;
}

export function frameHeaderBytes(version: 2 | 3 | 4): 6 | 10 {
  return version === 2 ? 6 : 10;
}

/** What a frame's header says; null where it is none. `at` is its place. */
export function frameAt(bytes: Uint8Array, at: number, form: FrameForm): FramePlace | null {
  const length = frameHeaderBytes(form.version);
  if (bytes.length < length) return null;
  const id = latin1(bytes.subarray(0, form.version === 2 ? 3 : 4));
  // iTunes has put frames of v2.2 into tags of v2.3: three letters and a zero or a space.
  if (!(form.version === 2 ? /^[A-Z0-9]{3}$/ : /^[A-Z0-9]{3}[A-Z0-9 \0]$/).test(id)) return null;
  const view = viewOf(bytes);
  const size =
    form.version === 2
      ? (view.getUint16(3) << 8) | view.getUint8(5)
      : form.version === 3 || form.plainSizes
        ? view.getUint32(4)
        : syncsafe(bytes, 4);
  if (size === null) return null;
  const contentAt = at + length;
  return { id, at, contentAt, end: contentAt + size, flags: form.version === 2 ? 0 : view.getUint16(8) };
}

/**
 * The frames from `at` on.
 * @throws AppError tags-damaged where something is neither a frame nor padding, or may be read in two ways
 */
export async function listFrames(
  body: Id3Body,
  at: number,
  version: 2 | 3 | 4,
  unsynchronised: boolean,
): Promise<FrameList> {
  const list = await walk(body, at, { version, plainSizes: false, unsynchronised });
  if (version < 4) {
    if (typeof list === 'string') throw damaged(list);
    return list;
  }
  const plain = await walk(body, at, { version, plainSizes: true, unsynchronised });
  if (typeof list === 'string') {
    // By the specification it cannot be read; as old iTunes wrote it, it can.
    if (typeof plain === 'string') throw damaged(list);
    return plain;
  }
  // Frames up to 127 bytes look the same in both; where nothing is left over, the specification is right.
  if (typeof plain === 'string' || plain.end === list.end || list.end + list.padding === body.length)
    return list;
  throw damaged('The sizes of the ID3v2.4 frames can be read in two ways.');
}

/** A sentence where the frames cannot be followed to their end. */
async function walk(body: Id3Body, start: number, form: FrameForm): Promise<FrameList | string> {
  const headerLength = frameHeaderBytes(form.version);
  const places: FramePlace[] = [];
  let at = start;
  while (at < body.length) {
    const bytes = await body.read(at, Math.min(headerLength, body.length - at));
    if (bytes[0] === 0) break;
    const place = frameAt(bytes, at, form);
    if (place === null) return `Byte ${at} of the ID3v2 tag is neither the beginning of a frame nor padding.`;
    if (place.end > body.length) return `The ID3v2 frame ${printable(place.id)} is longer than its tag.`;
    if (places.length === MOST_FRAMES) return `The ID3v2 tag has more than ${MOST_FRAMES} frames.`;
    places.push(place);
    at = place.end;
  }
  const padding = await zerosFrom(body, at);
  // Readers stop at a frame without a name; what stands behind so few zeros could be one.
  if (at + padding < body.length && padding < headerLength)
    return 'Bytes that are no frame stand behind the frames of the ID3v2 tag.';
  return { form, places, end: at, padding };
}

function printable(id: string): string {
  return id.replaceAll(/[^A-Z0-9]/g, '');
}
