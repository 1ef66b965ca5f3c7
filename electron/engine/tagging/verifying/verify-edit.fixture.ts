/** For tests of the verifier: files of every container as lists of things, made without the editors. */
import { apeItems, apeTag, type ApeItem } from '../fixtures/apev2.fixture.ts';
import { bytesOf, noise, u64be, zeros } from '../fixtures/bytes.fixture.ts';
import {
  djComments,
  flacBlocks,
  flacPicture,
  vorbisComment,
  type FlacBlock,
} from '../fixtures/flac.fixture.ts';
import {
  comment,
  djFrames,
  encryptedFrame,
  id3Tag,
  textFrame,
  unsynchronisedFrame,
  type Id3Options,
  type Id3Version,
} from '../fixtures/id3.fixture.ts';
import { djItems, item } from '../fixtures/mp4-atoms.fixture.ts';
import { mp4File, type MovieOptions } from '../fixtures/mp4.fixture.ts';
import { oggStream } from '../fixtures/ogg.fixture.ts';
import { iff, iffChunk, riff, riffChunk } from '../fixtures/riff.fixture.ts';
import { mpegFrames, sound, wavPackSound } from '../fixtures/sound.fixture.ts';

/** A file with one genre that becomes another. */
export interface EditCase {
  readonly name: string;
  /** The old file. */
  readonly before: Buffer;
  /** The new one, rightly edited. */
  readonly after: Buffer;
  /** The new one with this done to its things; the edited one is not among them. */
  readonly harmed: readonly { readonly what: string; readonly bytes: Buffer }[];
  /** Where bytes may be anything: padding, the edited item. */
  readonly harmless: readonly { readonly start: number; readonly end: number }[];
}

/** The genre in every `before`, and in every `after`. */
export const genreBefore = 'House';
export const genreAfter = 'Deep Techno';

interface Recipe<Thing> {
  readonly name: string;
  readonly things: readonly Thing[];
  /** The thing that says the genre. */
  readonly old: Thing;
  readonly edited: Thing;
  build(things: readonly Thing[]): Buffer | Promise<Buffer>;
  readonly harmless?: (after: Buffer) => EditCase['harmless'];
}

async function editCase<Thing>(recipe: Recipe<Thing>): Promise<EditCase> {
  const { name, things, old, edited, build } = recipe;
  // In the middle: there is something in front and behind.
  const middle = Math.floor(things.length / 2);
  const withGenre = (genre: Thing): Thing[] => [...things.slice(0, middle), genre, ...things.slice(middle)];
  const whole = withGenre(edited);
  const after = await build(whole);
  const harmed: { what: string; bytes: Buffer }[] = [];
  for (let index = 0; index < whole.length; index++) {
    if (index === middle) continue;
    const without = whole.toSpliced(index, 1);
    harmed.push({ what: `thing ${index} removed`, bytes: await build(without) });
    harmed.push({
      what: `thing ${index} doubled`,
      bytes: await build(whole.toSpliced(index, 0, whole[index]!)),
    });
    const to = (index + 1) % whole.length === middle ? index + 2 : index + 1;
    if (to < whole.length)
      harmed.push({
        what: `thing ${index} moved`,
        bytes: await build(without.toSpliced(to, 0, whole[index]!)),
      });
  }
  return {
    ...{ name, before: await build(withGenre(old)), after },
    harmed: harmed.filter(({ bytes }) => !bytes.equals(after)),
    harmless: recipe.harmless?.(after) ?? [],
  };
}

/** Where these bytes stand. */
function placeOf(file: Buffer, part: Uint8Array): { readonly start: number; readonly end: number } {
  const start = file.indexOf(part);
  if (start < 0) throw new Error('The edited item is not in the file.');
  return { start, end: start + part.length };
}

async function id3Case(
  name: string,
  version: Id3Version,
  options: Partial<Id3Options> = {},
): Promise<EditCase> {
  const audio = await mpegFrames();
  const edited = textFrame(version, 'TCON', genreAfter);
  return await editCase({
    name,
    things: [textFrame(version, 'TIT2', 'Title'), ...(options.frames ?? djFrames(version))],
    old: textFrame(version, 'TCON', genreBefore),
    edited,
    build: (frames) => bytesOf(id3Tag({ version, padding: 64, ...options, frames }), audio),
    harmless: (after) => [placeOf(after, edited)],
  });
}

async function apeCase(name: string, audio: Buffer): Promise<EditCase> {
  const genre = (value: string): ApeItem => ({ key: 'Genre', value });
  return await editCase({
    name,
    things: apeItems.filter(({ key }) => key !== 'Genre'),
    old: genre(genreBefore),
    edited: genre(genreAfter),
    build: (items) => bytesOf(audio, apeTag(items)),
    harmless: (after) => [placeOf(after, bytesOf('Genre\0', genreAfter))],
  });
}

const otherComments = djComments.filter((each) => !/^genre=/i.test(each));

async function flacParts(): Promise<{ readonly info: FlacBlock; readonly frames: Buffer }> {
  const file = await sound('.flac');
  const last = file.length - 900;
  // Any frames do: the verifier does not decode them. The first begins with its sync code.
  return {
    info: { type: 0, content: file.subarray(8, 42) },
    frames: bytesOf(0xff, 0xf8, file.subarray(last)),
  };
}

async function flacCases(): Promise<readonly EditCase[]> {
  const { info, frames } = await flacParts();
  const block = (genre: string, others: readonly string[] = otherComments): FlacBlock => ({
    type: 4,
    content: vorbisComment([...others.slice(0, 4), `GENRE=${genre}`, ...others.slice(4)]),
  });
  const padding = { type: 1, content: zeros(100) };
  const blocks: readonly FlacBlock[] = [
    { type: 2, content: bytesOf('riff', noise(30, 1)) },
    { type: 3, content: bytesOf(u64be(0), u64be(0), zeros(2)) },
    { type: 6, content: flacPicture(3, 300) },
    { type: 6, content: flacPicture(4, 200) },
    { type: 9, content: noise(20, 3) },
  ];
  return [
    await editCase({
      name: 'flac blocks',
      things: blocks,
      old: block(genreBefore),
      edited: block(genreAfter),
      build: (things) => bytesOf(flacBlocks([info, ...things, padding]), frames),
      harmless: (after) => {
        const start = after.indexOf(`GENRE=${genreAfter}`);
        const paddingEnd = after.length - frames.length;
        return [
          { start: start - 4, end: start + 17 },
          { start: paddingEnd - 100, end: paddingEnd },
        ];
      },
    }),
    await editCase({
      name: 'flac comments',
      things: otherComments,
      old: `GENRE=${genreBefore}`,
      edited: `GENRE=${genreAfter}`,
      build: (comments) => bytesOf(flacBlocks([info, { type: 4, content: vorbisComment(comments) }]), frames),
      harmless: (after) => [placeOf(after, Buffer.from(`GENRE=${genreAfter}`))],
    }),
  ];
}

async function oggCase(
  name: string,
  kind: 'vorbis' | 'opus',
  segments: number,
  layout: 'shared' | 'with-sound' = 'shared',
): Promise<EditCase> {
  return await editCase({
    name,
    things: otherComments,
    old: `GENRE=${genreBefore}`,
    edited: `GENRE=${genreAfter}`,
    build: (comments) => oggStream({ kind, comments, segments, layout }),
  });
}

async function mp4Case(name: string, options: MovieOptions): Promise<EditCase> {
  const edited = item('\u00a9gen', genreAfter);
  return await editCase({
    name,
    things: djItems.filter((each) => each.toString('latin1', 4, 8) !== '\u00a9gen'),
    old: item('\u00a9gen', genreBefore),
    edited,
    build: (items) => mp4File({ ...options, items }),
    harmless: (after) => {
      const free = after.indexOf('free');
      const length = free < 0 ? 0 : after.readUInt32BE(free - 4) - 8;
      return [placeOf(after, edited), { start: free + 4, end: free + 4 + length }];
    },
  });
}

async function chunkCases(): Promise<readonly EditCase[]> {
  const tag = (genre: string): Buffer =>
    id3Tag({ version: 3, frames: [comment(3, 'eng', '', '8A'), textFrame(3, 'TCON', genre)], padding: 20 });
  const chunks = (one: typeof riffChunk): readonly Buffer[] => [
    one('odd!', noise(33, 5)),
    one('even', noise(40, 6)),
    one('cue ', noise(28, 7)),
    one('abcd', noise(12, 8)),
  ];
  // The byte behind an odd chunk belongs to nobody.
  const fill = (after: Buffer): { start: number; end: number } => {
    const start = after.indexOf('odd!') + 8 + 33;
    return { start, end: start + 1 };
  };
  const info = (genre: string): Buffer =>
    riffChunk(
      'LIST',
      bytesOf('INFO', riffChunk('INAM', Buffer.from('Title')), riffChunk('IGNR', Buffer.from(genre))),
    );
  const genreAt = (after: Buffer): { start: number; end: number } => {
    const { start, end } = placeOf(after, Buffer.from(genreAfter));
    // With its frame header: flags of the frame are its own.
    return { start: start - 3, end };
  };
  const fillOfInfo = (after: Buffer): { start: number; end: number } => {
    const start = after.indexOf('INAM') + 8 + 5;
    return { start, end: start + 1 };
  };
  return [
    await editCase({
      ...{ name: 'wav with id3', things: chunks(riffChunk) },
      ...{ old: riffChunk('id3 ', tag(genreBefore)), edited: riffChunk('id3 ', tag(genreAfter)) },
      build: (things) => riff([...things, riffChunk('data', noise(2000, 9))]),
      harmless: (after) => [fill(after), genreAt(after)],
    }),
    await editCase({
      ...{
        name: 'wav with INFO',
        things: chunks(riffChunk),
        old: info(genreBefore),
        edited: info(genreAfter),
      },
      build: (things) => riff([...things, riffChunk('data', noise(2000, 9))]),
      harmless: (after) => [
        fill(after),
        fillOfInfo(after),
        {
          start: placeOf(after, Buffer.from(genreAfter)).start,
          end: placeOf(after, Buffer.from(genreAfter)).end + 1,
        },
      ],
    }),
    await editCase({
      ...{ name: 'aiff', things: chunks(iffChunk) },
      ...{ old: iffChunk('ID3 ', tag(genreBefore)), edited: iffChunk('ID3 ', tag(genreAfter)) },
      build: (things) => iff([...things, iffChunk('SSND', noise(2000, 9))]),
      harmless: (after) => [fill(after), genreAt(after)],
    }),
  ];
}

export async function editCases(): Promise<readonly EditCase[]> {
  const flagged = [encryptedFrame(4, 'PRIV'), unsynchronisedFrame('TPE1', bytesOf(0, 0xff, 0xe0, 0xff))];
  return [
    await id3Case('id3v2.2', 2),
    await id3Case('id3v2.3', 3),
    await id3Case('id3v2.3 unsynchronised', 3, { unsynchronised: true }),
    await id3Case('id3v2.3 with a checksum', 3, { extendedHeader: 'crc' }),
    await id3Case('id3v2.4', 4),
    await id3Case('id3v2.4 with a checksum', 4, { extendedHeader: 'crc' }),
    await id3Case('id3v2.4 with a footer', 4, { footer: true, padding: 0 }),
    await id3Case('id3v2.4 flagged frames', 4, { frames: flagged }),
    await apeCase('apev2 of an mp3', await mpegFrames()),
    await apeCase('apev2 of a wavpack file', await wavPackSound()),
    ...(await flacCases()),
    await oggCase('ogg vorbis', 'vorbis', 255),
    await oggCase('ogg vorbis, small pages', 'vorbis', 5),
    await oggCase('ogg vorbis, sound on the page of the headers', 'vorbis', 255, 'with-sound'),
    await oggCase('opus', 'opus', 255),
    await mp4Case('mp4, moov first', { moov: 'first', others: true, chapters: true }),
    await mp4Case('mp4, moov last, 64 bits', {
      moov: 'last',
      wideData: true,
      wideOffsets: true,
      freeInMeta: 60,
    }),
    ...(await chunkCases()),
  ];
}
