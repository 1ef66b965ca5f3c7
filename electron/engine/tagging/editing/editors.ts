/** Chooses the editor of a file by what is in it; its name only helps to say what it is. */
import { AppError } from '#shared/errors.ts';
import { openFlac } from './flac.ts';
import { audioStartOf } from './id3v2-header.ts';
import type { ByteSource, TagEditor } from './model.ts';
import { openOgg } from './ogg.ts';

/** What the file begins with, behind any ID3v2 tags that stand in front. */
export interface FileHead {
  /** Where `bytes` begin in the file: 0, or the end of the last ID3v2 tag in front. */
  readonly start: number;
  /** Up to 64 bytes. */
  readonly bytes: Uint8Array;
}

interface Format {
  /** For people. */
  readonly name: string;
  matches(head: FileHead): boolean;
  open(source: ByteSource, head: FileHead): Promise<TagEditor>;
}

const HEAD_BYTES = 64;

/** Whether the file has this text (Latin-1) at this place of its head. */
const has =
  (text: string, at = 0) =>
  ({ bytes }: FileHead): boolean =>
    Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text;

/** In the order in which they are tried. */
const formats: readonly Format[] = [
  { name: 'FLAC', matches: has('fLaC'), open: (source, { start }) => openFlac(source, start) },
  { name: 'Ogg', matches: has('OggS'), open: (source, { start }) => openOgg(source, start) },
];

/** Formats that are known, to be able to name them, and not written. */
const notWritten: readonly (Pick<Format, 'name' | 'matches'> & { readonly why?: string })[] = [
  { name: 'WMA (ASF)', matches: has('\x30\x26\xb2\x75\x8e\x66\xcf\x11') },
  { name: 'Musepack', matches: (head) => has('MPCK')(head) || has('MP+')(head) },
  { name: 'True Audio', matches: (head) => has('TTA1')(head) || has('TTA2')(head) },
  { name: 'DSF', matches: has('DSD ') },
  { name: 'DSDIFF', matches: has('FRM8') },
  { name: 'TAK', matches: has('tBaK') },
  { name: 'OptimFROG', matches: has('OFR ') },
  { name: 'Core Audio (CAF)', matches: has('caff') },
  { name: 'Sun audio (AU)', matches: has('.snd') },
  { name: 'Matroska or WebM', matches: has('\x1a\x45\xdf\xa3') },
  { name: 'AMR', matches: has('#!AMR') },
  // A sync word of twelve ones and layer 0: AAC as it is broadcast.
  { name: 'raw AAC (ADTS)', matches: ({ bytes }) => bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0 },
];

/**
 * The editor for this file. `extension` ("mp3", with or without its dot) is only used to name what is not known.
 * @throws AppError tags-unsupported, tags-damaged, and what the file system throws
 */
export async function openEditor(source: ByteSource, extension = ''): Promise<TagEditor> {
  const start = await audioStartOf(source);
  const head = { start, bytes: await source.read(start, HEAD_BYTES) };
  for (const format of formats) if (format.matches(head)) return await format.open(source, head);
  const known = notWritten.find((format) => format.matches(head));
  const suffix = extension.replace(/^\./, '');
  const name = known?.name ?? (suffix === '' ? 'a format that is not known' : `no known ${suffix} file`);
  throw new AppError(
    'tags-unsupported',
    known === undefined
      ? `By its content this is ${name}: its tags are not written.`
      : `Tags of ${name} files are read and not written: no way is known to do it without risk.`,
  );
}
