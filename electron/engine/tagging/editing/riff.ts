/** WAV: RIFF, and RF64 or BW64 for more than 4 GB (EBU Tech 3306): an ID3v2 tag in "id3 ", texts in LIST INFO. */
import { behind, chunksWith, formHeader, newId3Chunk, openId3Chunks } from './chunk-files.ts';
import type { ChunkPart } from './chunk-files.ts';
import { checkBehindForm, FORM_HEADER_BYTES, formEnd, listChunks, uint32 } from './iff-chunks.ts';
import type { ChunkList } from './iff-chunks.ts';
import type { ByteSource, Piece, TagEditor } from './model.ts';
import { lengthOf, newPiece, oldPiece } from './pieces.ts';
import { damaged, latin1, readPart, unsupported, viewOf } from './reading.ts';
import { openInfoPart } from './riff-info.ts';
import { editorOf, formatOf } from './tag-parts.ts';

/** A size that four bytes cannot tell; of a RIFF file that was never finished: not known. */
const NO_SIZE = 0xffffffff;
const DS64_AT = FORM_HEADER_BYTES;
/** Header of the chunk, size of the form, of the sound, number of samples, length of the table. */
const DS64_BYTES = 36;
const TABLE_ENTRY_BYTES = 12;
const MOST_TABLE_ENTRIES = 1000;

interface LongSizes {
  readonly form: number;
  /** By the id of the chunk, "data" included. */
  readonly chunks: ReadonlyMap<string, number>;
}

/** @throws AppError tags-damaged, tags-unsupported */
export async function openWav(source: ByteSource): Promise<TagEditor> {
  const header = await readPart(source, 0, FORM_HEADER_BYTES, 'the header of the WAV file');
  const name = latin1(header.subarray(0, 4));
  const long = name === 'RIFF' ? null : await readLongSizes(source);
  const inHeader = viewOf(header).getUint32(4, true);
  if (long === null && (inHeader === NO_SIZE || inHeader === 0))
    throw unsupported('This WAV file was recorded without its length: where its sound ends is not known.');
  const isLong = long !== null && inHeader === NO_SIZE;
  const declared = isLong ? long.form : inHeader;
  const end = formEnd(source, declared);
  const list = await listChunks(source, FORM_HEADER_BYTES, end, 'little-endian', (id, size) => {
    if (size !== NO_SIZE) return size;
    const known = long?.chunks.get(id);
    if (known === undefined) throw unsupported(`The chunk “${id}” has no size: where it ends is not known.`);
    return known;
  });
  await checkBehindForm(source, list.end);
  const sound = list.chunks.filter(({ id }) => id === 'data');
  if (sound.length !== 1) throw unsupported('The WAV file has no sound, or several.');
  const [data] = sound;
  // Recorders that never finished leave a zero, and the sound follows as if it were chunks.
  if (data!.contentEnd === data!.contentAt) throw unsupported('The WAV file says that it has no sound.');

  const id3 = await openId3Chunks(source, list);
  const info = await openInfos(source, list);
  // A genre stays in LIST INFO where it stands there; else ID3v2 gets it, which programs for DJs read in WAV files.
  const added = id3.length > 0 ? [] : [newId3Chunk(source, list)];
  const parts = [...id3, ...added, ...info];
  const tags = parts.map(({ part }) => part);
  return editorOf({
    source,
    format: formatOf(name === 'RIFF' ? 'WAV' : `WAV (${name})`, tags),
    parts: tags,
    otherItems: list.chunks.length - id3.length - info.length,
    audioBytes: data!.contentEnd - data!.contentAt,
    assemble(replacements) {
      const chunks = chunksWith(list, parts, replacements, 'id3 ', 'little-endian');
      const size = declared + lengthOf(chunks) - (list.end - FORM_HEADER_BYTES);
      if (!isLong && size >= NO_SIZE)
        throw unsupported('The WAV file would become longer than 4 GB, which RIFF cannot tell.');
      const head = formHeader(header, uint32(isLong ? NO_SIZE : size, 'little-endian'));
      return [head, ...(isLong ? withFormSize(chunks, size) : chunks), behind(source, list)];
    },
  });
}

async function openInfos(source: ByteSource, list: ChunkList): Promise<readonly ChunkPart[]> {
  const parts: ChunkPart[] = [];
  for (const chunk of list.chunks) {
    if (chunk.id !== 'LIST' || chunk.contentEnd - chunk.contentAt < 4) continue;
    if (latin1(await readPart(source, chunk.contentAt, 4, 'a list')) !== 'INFO') continue;
    parts.push({ part: await openInfoPart(source, chunk, parts.length), chunk });
  }
  return parts;
}

async function readLongSizes(source: ByteSource): Promise<LongSizes> {
  const bytes = await readPart(source, DS64_AT, DS64_BYTES, 'the ds64 chunk');
  const view = viewOf(bytes);
  if (latin1(bytes.subarray(0, 4)) !== 'ds64' || view.getUint32(4, true) < DS64_BYTES - 8)
    throw damaged('The RF64 file does not begin with its sizes (ds64).');
  const count = view.getUint32(32, true);
  if (count > MOST_TABLE_ENTRIES) throw damaged('The table of sizes of the RF64 file is damaged.');
  const table = await readPart(source, DS64_AT + DS64_BYTES, count * TABLE_ENTRY_BYTES, 'the ds64 chunk');
  const chunks = new Map([['data', toNumber(view.getBigUint64(16, true))]]);
  for (let at = 0; at < table.length; at += TABLE_ENTRY_BYTES)
    chunks.set(latin1(table.subarray(at, at + 4)), toNumber(viewOf(table).getBigUint64(at + 4, true)));
  return { form: toNumber(view.getBigUint64(8, true)), chunks };
}

function toNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('A size in the RF64 file cannot be true.');
  return Number(value);
}

/** The chunks, of which the first is ds64, with another size of the form in it. */
function withFormSize(chunks: readonly Piece[], size: number): readonly Piece[] {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, BigInt(size), true);
  const [first, ...rest] = chunks;
  if (first?.from !== 'old' || first.start !== DS64_AT) throw damaged('The ds64 chunk is not where it was.');
  const at = DS64_AT + 8;
  return [oldPiece(DS64_AT, at), newPiece(bytes), oldPiece(at + 8, first.end), ...rest];
}
