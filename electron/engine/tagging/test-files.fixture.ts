/**
 * For tests: files of every format that can be written, with what DJ programs, players and tag editors leave in
 * them. The sound is real where Cratewise has an encoder for it; everything around it is made by own code.
 */
import type { ByteSource } from './editing/model.ts';
import { apeItems, apeTag, id3v1, monkeysAudio } from './fixtures/apev2.fixture.ts';
import { bytesOf } from './fixtures/bytes.fixture.ts';
import { flacFiles } from './fixtures/flac.fixture.ts';
import { mp3Files } from './fixtures/mp3.fixture.ts';
import { mp4Files } from './fixtures/mp4.fixture.ts';
import { oggFiles } from './fixtures/ogg.fixture.ts';
import { aiffFiles, wavFiles } from './fixtures/riff.fixture.ts';
import { wavPackSound } from './fixtures/sound.fixture.ts';
import type { TestFile } from './fixtures/test-file.fixture.ts';

export { hugeTagFile } from './fixtures/mp3.fixture.ts';
export type { TestFile } from './fixtures/test-file.fixture.ts';

async function wavPackAndApeFiles(): Promise<readonly TestFile[]> {
  const wavPack = await wavPackSound();
  const ape = monkeysAudio();
  const file = (name: string, ending: string, ...parts: readonly Uint8Array[]): TestFile => ({
    name,
    ending,
    bytes: bytesOf(...parts),
  });
  return [
    file('wavpack without tags', '.wv', wavPack),
    file('wavpack apev2', '.wv', wavPack, apeTag(apeItems)),
    file('wavpack apev2 without its header', '.wv', wavPack, apeTag(apeItems, { header: false })),
    file('wavpack apev2 and id3v1', '.wv', wavPack, apeTag(apeItems), id3v1(35)),
    file('ape without tags', '.ape', ape),
    file('ape apev2', '.ape', ape, apeTag(apeItems)),
    file('ape apev1', '.ape', ape, apeTag([{ key: 'Genre', value: 'House' }], { version: 1000 })),
    {
      ...file('ape item longer than its tag', '.ape', ape, brokenApeTag()),
      refused: 'tags-damaged',
    },
  ];
}

function brokenApeTag(): Buffer {
  const tag = apeTag([{ key: 'Genre', value: 'House' }]);
  tag.writeUInt32LE(5_000_000, 32);
  return tag;
}

let made: Promise<readonly TestFile[]> | undefined;

async function makeAll(): Promise<readonly TestFile[]> {
  const encoded = await Promise.all([mp3Files(), flacFiles(), oggFiles(), mp4Files(), wavPackAndApeFiles()]);
  return [...encoded.flat(), ...wavFiles(), ...aiffFiles()];
}

/** All of them, with names that tell what is special. Made once a process; do not change their bytes. */
export function testFiles(): Promise<readonly TestFile[]> {
  return (made ??= makeAll());
}

/** The one of this name. */
export async function testFile(name: string): Promise<TestFile> {
  const file = (await testFiles()).find((each) => each.name === name);
  if (file === undefined) throw new Error(`No test file is called "${name}".`);
  return file;
}

/** Bytes in memory as an editor and the verifier read them. */
export function byteSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    // A copy, as a disk gives it (a Buffer's slice would share its memory).
    read: (start, length) => Promise.resolve(Uint8Array.from(bytes.subarray(start, start + length))),
  };
}
