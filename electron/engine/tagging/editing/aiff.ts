/** AIFF and AIFC: big-endian chunks in a FORM, an ID3v2 tag in the chunk "ID3 ". */
import { behind, chunksWith, formHeader, newId3Chunk, openId3Chunks } from './chunk-files.ts';
import { checkBehindForm, FORM_HEADER_BYTES, formEnd, listChunks, uint32 } from './iff-chunks.ts';
import type { ByteSource, TagEditor } from './model.ts';
import { lengthOf } from './pieces.ts';
import { latin1, readPart, unsupported, viewOf } from './reading.ts';
import { editorOf, formatOf } from './tag-parts.ts';

/** @throws AppError tags-damaged, tags-unsupported */
export async function openAiff(source: ByteSource): Promise<TagEditor> {
  const header = await readPart(source, 0, FORM_HEADER_BYTES, 'the header of the AIFF file');
  const declared = viewOf(header).getUint32(4);
  const end = formEnd(source, declared);
  const list = await listChunks(source, FORM_HEADER_BYTES, end, 'big-endian');
  await checkBehindForm(source, list.end);
  const found = await openId3Chunks(source, list);
  const parts = found.length > 0 ? found : [newId3Chunk(source, list)];
  const tags = parts.map(({ part }) => part);
  const sound = list.chunks.filter(({ id }) => id === 'SSND');
  if (sound.length !== 1) throw unsupported('The AIFF file has no sound, or several.');
  return editorOf({
    source,
    format: formatOf(latin1(header.subarray(8, 12)), tags),
    parts: tags,
    otherItems: list.chunks.length - found.length,
    audioBytes: sound[0]!.contentEnd - sound[0]!.contentAt,
    assemble(replacements) {
      const chunks = chunksWith(list, parts, replacements, 'ID3 ', 'big-endian');
      const size = declared + lengthOf(chunks) - (list.end - FORM_HEADER_BYTES);
      if (size > 0xffffffff) throw unsupported('The AIFF file would become longer than 4 GB.');
      return [formHeader(header, uint32(size, 'big-endian')), ...chunks, behind(source, list)];
    },
  });
}
