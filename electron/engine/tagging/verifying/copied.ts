/**
 * What an ID3v2 tag beside an ID3v1 tag repeats of it: where one of two files has no ID3v2 tag, that of the other may say
 * this, and no more, beside the fields that were to be written.
 */
import type { Layout, Part } from './parts.ts';

/** Where the texts of ID3v1 stand. The number of the track is told by itself. */
const places: Readonly<Record<string, readonly [start: number, end: number]>> = {
  ...{ TIT2: [3, 33], TPE1: [33, 63], TALB: [63, 93], TYER: [93, 97], COMM: [97, 127] },
};

/** Frames that may be copies. */
export const copiedKeys: ReadonlySet<string> = new Set([...Object.keys(places), 'TRCK', 'TCON']);

/** Whether a frame only says what ID3v1 says, in a file whose other version has no ID3v2 tag at all. */
export function isCopied({ tag, key, content }: Part, own: Layout, other: Layout): boolean {
  if (tag !== 'id3v2' || !copiedKeys.has(key) || !(content instanceof Uint8Array)) return false;
  if (other.tags.some((each) => each.tag === 'id3v2')) return false;
  const old = id3v1Of(own);
  // The number of the genre is a field of its own.
  if (old === null || id3v1Of(other)?.subarray(0, 127).equals(old.subarray(0, 127)) !== true) return false;
  const text = Buffer.from(content).toString('latin1', 10);
  if (!text.startsWith(key === 'COMM' ? '\0eng\0' : '\0')) return false;
  return text.slice(key === 'COMM' ? 5 : 1) === textOf(key, old);
}

/** Its texts, and the number of its genre. */
function id3v1Of(layout: Layout): Buffer | null {
  const own = layout.parts.filter(({ scope }) => scope === 'ID3v1').map(({ content }) => content);
  return own.every((content) => content instanceof Uint8Array) && own.length > 0 ? Buffer.concat(own) : null;
}

function textOf(key: string, old: Buffer): string {
  // ID3v1.1: a zero, and the track.
  const hasTrack = old[125] === 0 && old[126] !== 0;
  if (key === 'TRCK') return hasTrack ? String(old[126]) : '';
  if (key === 'TCON') return `(${old[127]})`;
  const [start, end] = places[key]!;
  const text = old.toString('latin1', start, key === 'COMM' && hasTrack ? 125 : end);
  return text.split('\0')[0]!.replace(/ +$/, '');
}
