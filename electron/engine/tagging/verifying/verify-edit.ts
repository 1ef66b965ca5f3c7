/**
 * Proves that an edited file differs from the one before in nothing but what was approved. Nothing here comes from
 * the editors: containers are read by parsers of their own, the sound is compared byte by byte, and the new values
 * are read by music-metadata as well.
 */
import type { TagField, TagItemChange } from '#shared/domain.ts';
import type { ByteSource, TagKind } from '../editing/model.ts';
import { comparableKey, fieldOf } from './field-names.ts';
import { copiedKeys, isCopied } from './copied.ts';
import { readFlac } from './flac.ts';
import { readMp4 } from './mp4.ts';
import { readOgg } from './ogg.ts';
import { readWithOtherReader } from './other-reader.ts';
import { notVerified, type Layout, type Part, type Stretch, type TagValues } from './parts.ts';
import { PatchedSource } from './patched-source.ts';
import { readPlain } from './plain.ts';
import { Reader } from './reader.ts';
import { readRiff } from './riff.ts';
import { isNumbered, saysExactly, saysRoughly } from './values.ts';

/** Compared at once. */
const CHUNK_BYTES = 1 << 20;

/** What a field is meant to say in the new file. */
export interface ExpectedField {
  readonly field: TagField;
  readonly values: readonly string[];
}

/**
 * `approved`: the items that may differ, and only where they carry a field of `expected`; left out, all items of these
 * fields may. Both files are read once (where `after` is a PatchedSource of `before`, what is not patched is not read
 * again); memory stays constant.
 * @throws AppError tags-not-verified with what differs, and what the file system throws
 */
export async function verifyEdit(
  before: ByteSource,
  after: ByteSource,
  expected: readonly ExpectedField[],
  approved?: readonly TagItemChange[],
): Promise<void> {
  const [was, is] = [await readLayout(before), await readLayout(after)];
  const keys = approved === undefined ? null : approvedKeys(approved, expected);
  const mayDiffer = ({ tag, key }: Part): boolean => {
    if (tag === null) return false;
    if (keys !== null) return keys.has(comparableKey(tag, key));
    const field = fieldOf(tag, key);
    return expected.some((each) => each.field === field);
  };
  const kept = (layout: Layout, other: Layout): readonly Part[] =>
    layout.parts.filter((part) => !mayDiffer(part) && !isCopied(part, layout, other));
  await compareParts(before, after, kept(was, is), kept(is, was));
  for (const { field, values } of expected) {
    const leading = leadingValues(is.tags, field, values);
    const actual = leading?.values.get(field) ?? [[]];
    const says = (texts: readonly string[]): boolean =>
      saysExactly(texts, values) || (field === 'genre' && isNumbered(texts));
    // Synonyms say the same, or what they said before.
    if (!actual.some(says))
      notVerified(
        `Read back, ${field} is "${actual.flat().join('; ')}" where "${values.join('; ')}" was meant.`,
      );
  }
  await askOtherReader(before, after, is, expected);
}

/** The container is told by its content, behind any ID3v2 tags. */
async function readLayout(source: ByteSource): Promise<Layout> {
  const reader = new Reader(source);
  const head = await reader.text(0, 12);
  if (head.startsWith('OggS')) return await readOgg(reader);
  if (/^(RIFF|RF64)/.test(head) || /^FORM[^]{4}AIF[FC]/.test(head)) return await readRiff(reader);
  if (head.slice(4, 8) === 'ftyp') return await readMp4(reader);
  let at = 0;
  while ((await reader.text(at, 3)) === 'ID3' && at + 10 <= reader.size) {
    const header = await reader.bytes(at, 10);
    const size = header.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 127), 0);
    at += 10 + size + ((header[5]! & 0x10) !== 0 && header[3] === 4 ? 10 : 0);
  }
  return (await reader.text(at, 4)) === 'fLaC' ? await readFlac(reader) : await readPlain(reader);
}

function kindOf(tag: string): TagKind | null {
  const kinds: readonly (readonly [string, TagKind])[] = [
    ['id3v2', 'id3v2'],
    ['id3v1', 'id3v1'],
    ['ape', 'apev2'],
    ['vorbis', 'vorbis'],
    ['mp4', 'mp4'],
    ['riff', 'riff-info'],
  ];
  const name = tag.toLowerCase();
  return kinds.find(([start]) => name.startsWith(start))?.[1] ?? null;
}

/** An item is only let through when it carries a field that was to be written. */
function approvedKeys(
  approved: readonly TagItemChange[],
  expected: readonly ExpectedField[],
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { tag, key } of approved) {
    const kind = kindOf(tag);
    // What is said of the container (the numbers of Ogg pages) lets no item through.
    if (kind === null) continue;
    const field = fieldOf(kind, key);
    if (!expected.some((each) => each.field === field)) {
      // Of what a new tag repeats of ID3v1: `isCopied` looks at it.
      if (kind === 'id3v2' && copiedKeys.has(key)) continue;
      notVerified(
        `A change of ${key} in the ${tag} tag was approved, which holds no field that was to be written.`,
      );
    }
    keys.add(comparableKey(kind, key));
  }
  return keys;
}

async function compareParts(
  before: ByteSource,
  after: ByteSource,
  was: readonly Part[],
  is: readonly Part[],
): Promise<void> {
  const held = (parts: readonly Part[]): ReadonlySet<string> =>
    new Set(parts.flatMap((part) => (part.holds === undefined ? [] : [part.holds])));
  const [heldBefore, heldAfter] = [held(was), held(is)];
  // What holds a tag up comes and goes with it.
  const stays = (part: Part): boolean =>
    part.holds === undefined || (heldBefore.has(part.holds) && heldAfter.has(part.holds));
  const old = was.filter(stays);
  const now = is.filter(stays);
  for (let index = 0; index < Math.max(old.length, now.length); index++) {
    const [a, b] = [old[index], now[index]];
    if (a === undefined) notVerified(`${b!.key} (${b!.scope}) is new, which was not approved.`);
    if (b === undefined) notVerified(`${a.key} (${a.scope}) is gone, which was not approved.`);
    if (a.scope !== b.scope || a.key !== b.key || a.tag !== b.tag)
      notVerified(`Where ${a.key} (${a.scope}) was, ${b.key} (${b.scope}) is now, which was not approved.`);
    if (!(await sameContent(before, after, a.content, b.content)))
      notVerified(`${a.key} (${a.scope}) has changed, which was not approved.`);
  }
}

async function sameContent(
  before: ByteSource,
  after: ByteSource,
  a: Part['content'],
  b: Part['content'],
): Promise<boolean> {
  if (a instanceof Uint8Array || b instanceof Uint8Array)
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  return await sameStretch(before, after, a, b);
}

async function sameStretch(before: ByteSource, after: ByteSource, a: Stretch, b: Stretch): Promise<boolean> {
  const length = a.end - a.start;
  if (b.end - b.start !== length) return false;
  const shared = after instanceof PatchedSource && after.base === before && a.start === b.start;
  if (shared && after.keeps(a.start, a.end)) return true;
  const room = Math.min(CHUNK_BYTES, length);
  const memory = [Buffer.allocUnsafe(room), Buffer.allocUnsafe(room)] as const;
  for (let at = 0; at < length; at += CHUNK_BYTES) {
    const size = Math.min(CHUNK_BYTES, length - at);
    const [one, other] = await Promise.all([
      readChunk(before, memory[0], a.start + at, size),
      readChunk(after, memory[1], b.start + at, size),
    ]);
    if (one.length !== size || Buffer.compare(one, other) !== 0) return false;
  }
  return true;
}

/** Fewer bytes only at the end of the file. Where the source can, into the same memory again. */
async function readChunk(
  source: ByteSource,
  memory: Buffer,
  start: number,
  size: number,
): Promise<Uint8Array> {
  if (source.readInto === undefined) return await source.read(start, size);
  const part = memory.subarray(0, size);
  return part.subarray(0, await source.readInto(part, start));
}

/** The tag whose word counts for a field: the first that has it; for a field that is to be empty, the first at all. */
function leadingValues(
  tags: readonly TagValues[],
  field: TagField,
  values: readonly string[],
): TagValues | undefined {
  return values.length === 0 ? tags[0] : tags.find((tag) => (tag.values.get(field) ?? []).length > 0);
}

/** music-metadata has to agree, where it is able to read such a file at all. */
async function askOtherReader(
  before: ByteSource,
  after: ByteSource,
  is: Layout,
  expected: readonly ExpectedField[],
): Promise<void> {
  if (is.beyondOtherReader) return;
  const read = await readWithOtherReader(after);
  if (read === null) {
    // A file that it never could read is proven by the verifier's own parsers alone.
    if ((await readWithOtherReader(before)) === null) return;
    notVerified('Another reader of tags can read the old file and not the new one.');
  }
  for (const { field, values } of expected) {
    const kind = leadingValues(is.tags, field, values)?.tag;
    const actual = read.find((tag) => tag.tag === kind)?.values.get(field) ?? [[]];
    if (!actual.some((texts) => saysRoughly(texts, values)))
      notVerified(
        `Another reader reads ${field} as "${actual.flat().join('; ')}" where "${values.join('; ')}" was meant.`,
      );
  }
}
