/** Chooses the editor of a file by what is in it; its name only helps to say what it is. */
import { AppError } from '#shared/errors.ts';
import { openAiff } from './aiff.ts';
import { openFlac } from './flac.ts';
import { audioStartOf } from './id3v2-header.ts';
import type { ByteSource, TagEditor } from './model.ts';
import { openApeFile, openMp3 } from './mp3.ts';
import { openMp4 } from './mp4.ts';
import { openOgg } from './ogg.ts';
import { openWav } from './riff.ts';

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

const isWav = (head: FileHead): boolean =>
  has('WAVE', 8)(head) && (has('RIFF')(head) || has('RF64')(head) || has('BW64')(head));
const isAiff = (head: FileHead): boolean =>
  has('FORM')(head) && (has('AIFF', 8)(head) || has('AIFC', 8)(head));

/** Of formats that keep ID3v2 in a chunk. */
function checkNothingInFront({ start }: FileHead): void {
  if (start > 0)
    throw new AppError(
      'tags-unsupported',
      'An ID3v2 tag stands in front of this file, where none belongs. Remove it with the program that wrote it.',
    );
}

/** In the order in which they are tried; what is none of them may be an MP3. */
const formats: readonly Format[] = [
  { name: 'FLAC', matches: has('fLaC'), open: (source, { start }) => openFlac(source, start) },
  { name: 'MP4', matches: has('ftyp', 4), open: (source, { start }) => openMp4(source, start) },
  {
    name: 'WAV',
    matches: isWav,
    open: async (source, head) => {
      checkNothingInFront(head);
      return await openWav(source);
    },
  },
  {
    name: 'AIFF',
    matches: isAiff,
    open: async (source, head) => {
      checkNothingInFront(head);
      return await openAiff(source);
    },
  },
  {
    name: 'WavPack',
    matches: has('wvpk'),
    open: (source, { start }) => openApeFile(source, start, 'WavPack'),
  },
  {
    name: 'Monkey’s Audio',
    matches: has('MAC '),
    open: (source, { start }) => openApeFile(source, start, 'Monkey’s Audio'),
  },
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
  const mp3 = known === undefined ? await openMp3(source, start) : null;
  if (mp3 !== null) return mp3;
  const suffix = extension.replace(/^\./, '');
  const name = known?.name ?? (suffix === '' ? 'a format that is not known' : `no known ${suffix} file`);
  throw new AppError(
    'tags-unsupported',
    known === undefined
      ? `By its content this is ${name}: its tags are not written.`
      : `Tags of ${name} files are read and not written: no way is known to do it without risk.`,
  );
}
