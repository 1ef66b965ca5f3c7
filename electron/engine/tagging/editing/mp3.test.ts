import { parseBuffer } from 'music-metadata';
import { describe, expect, it } from 'vitest';
import { apeItems, apeTag, id3v1, lyrics3 } from '../fixtures/apev2.fixture.ts';
import { bytesOf, zeros } from '../fixtures/bytes.fixture.ts';
import { frame, id3Tag, textFrame } from '../fixtures/id3.fixture.ts';
import { mpegFrames } from '../fixtures/sound.fixture.ts';
import { verifyEdit } from '../verifying/verify-edit.ts';
import { edited, plainPolicy, restoring, setTo, sourceOf, valuesOf } from './editors.fixture.ts';
import { openEditor } from './editors.ts';

const audio = await mpegFrames();
const tag = id3Tag({ version: 3, frames: [textFrame(3, 'TCON', 'House')], padding: 300 });
const leave = { ...plainPolicy, secondaryTags: 'leave' } as const;

describe('tags beside ID3v2', () => {
  it('are kept in step', async () => {
    const file = bytesOf(tag, audio, apeTag(apeItems), lyrics3(), id3v1(35));
    const { bytes, plan } = await edited(openEditor, file, [setTo('genre', 'Own', 'Techno')]);
    expect(plan.changes).toEqual([
      { tag: 'ID3v2.3', key: 'TCON', change: 'changed', before: 'House', after: 'Own/Techno' },
      { tag: 'APEv2', key: 'Genre', change: 'changed', before: 'House', after: 'Own; Techno' },
      // The first of the values that has a number.
      { tag: 'ID3v1', key: 'genre', change: 'changed', before: 'House', after: 'Techno' },
    ]);
    expect(bytes.at(-1)).toBe(18);
    expect(bytes.includes(lyrics3())).toBe(true);
    // Eight items of the APE tag, the Lyrics3 tag, six fields of ID3v1.
    expect(plan.keptItems).toBe(8 + 1 + 6);
    expect(plan.audioBytes).toBe(audio.length);
  });

  it('are left alone where the policy says so', async () => {
    const behind = bytesOf(audio, apeTag(apeItems), id3v1(35));
    const { bytes, plan } = await edited(openEditor, bytesOf(tag, behind), [setTo('genre', 'Dub')], leave);
    expect(bytes.subarray(tag.length).equals(behind)).toBe(true);
    expect(plan.changes.map((change) => change.tag)).toEqual(['ID3v2.3']);
  });

  it('say “none” in ID3v1 where its list has no such genre, and undo gives the number back', async () => {
    const file = bytesOf(tag, audio, id3v1(35));
    const { bytes } = await edited(openEditor, file, [setTo('genre', 'Own')]);
    expect(bytes.at(-1)).toBe(255);
    const undo = await restoring(openEditor, file, ['genre']);
    expect((await edited(openEditor, bytes, undo, leave)).bytes.equals(file)).toBe(true);
  });

  it('get no item that they did not have', async () => {
    const gain = apeTag([{ key: 'MP3GAIN_MINMAX', value: '1,2' }]);
    const { bytes } = await edited(openEditor, bytesOf(tag, audio, gain), [setTo('genre', 'Dub')]);
    expect(bytes.subarray(-gain.length).equals(gain)).toBe(true);
  });

  it('are told from a name that contains TAG at their distance', async () => {
    // "APETAGEX" of the header 131 bytes before the end: the "TAG" in it stands where that of ID3v1 would.
    const ape = apeTag([{ key: 'Genre', value: 'x'.repeat(131 - 64 - 8 - 6) }]);
    expect(ape.length).toBe(131);
    const editor = await openEditor(sourceOf(bytesOf(audio, ape)));
    expect(editor.format).toBe('MP3, APEv2');
  });
});

describe('an MP3', () => {
  it('without ID3v2 keeps to its APE tag', async () => {
    const { plan } = await edited(openEditor, bytesOf(audio, apeTag(apeItems)), [setTo('genre', 'Dub')]);
    expect(plan.changes).toEqual([
      { tag: 'APEv2', key: 'Genre', change: 'changed', before: 'House', after: 'Dub' },
    ]);
  });

  it('without any tag gets ID3v2.3, which undo takes away again', async () => {
    const { bytes } = await edited(openEditor, audio, [setTo('genre', 'Dub')]);
    expect(bytes.subarray(0, 5).equals(bytesOf('ID3', 3, 0))).toBe(true);
    const undo = await restoring(openEditor, audio, ['genre']);
    expect((await edited(openEditor, bytes, undo)).bytes.equals(audio)).toBe(true);
  });

  it('with two ID3v2 tags says the same in both', async () => {
    const second = id3Tag({ version: 4, frames: [textFrame(4, 'TCON', 'Old')], padding: 50 });
    const { bytes, plan } = await edited(
      openEditor,
      bytesOf(tag, second, audio),
      [setTo('genre', 'Dub')],
      leave,
    );
    expect(plan.changes.map((change) => change.tag)).toEqual(['ID3v2.3', 'ID3v2.4']);
    expect(await valuesOf(openEditor, bytes.subarray(tag.length), 'genre')).toEqual(['Dub']);
  });

  it('keeps what a SEEK frame points over in its place', async () => {
    const first = id3Tag({ version: 4, frames: [frame(4, 'SEEK', bytesOf(0, 0, 0, 40))] });
    const second = id3Tag({ version: 4, frames: [textFrame(4, 'TCON', 'House')] });
    const file = bytesOf(first, second, audio);
    await expect(edited(openEditor, file, [setTo('genre', 'Something longer')])).rejects.toMatchObject({
      code: 'tags-unsupported',
    });
    expect((await edited(openEditor, file, [setTo('genre', 'Disco')])).plan.sizeAfter).toBe(file.length);
  });

  it('is refused where a tag stands out of its place before the audio', async () => {
    const file = bytesOf(tag, zeros(100), tag, audio);
    await expect(openEditor(sourceOf(file))).rejects.toMatchObject({ code: 'tags-damaged' });
  });
});

it.each([
  ['WMA', Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex'), 'WMA'],
  ['raw AAC', Buffer.from('fff15080043ffcde', 'hex'), 'AAC'],
  ['Musepack', Buffer.from('MPCKSH'), 'Musepack'],
  ['text', Buffer.from('no music at all'), 'no known mp3 file'],
  ['nothing', Buffer.alloc(0), 'no known mp3 file'],
])('names %s, which is not written', async (_, bytes, name) => {
  const opened = openEditor(sourceOf(bytes), '.mp3');
  await expect(opened).rejects.toMatchObject({
    code: 'tags-unsupported',
    detail: expect.stringContaining(name) as string,
  });
});

describe('an MP3 that has only ID3v1', () => {
  const file = bytesOf(audio, id3v1(17));

  it('gets all that it says into its first ID3v2 tag, which the preview shows', async () => {
    const { bytes, plan } = await edited(openEditor, file, [setTo('mood', 'Dark')]);
    const added = plan.changes.map(({ key, change, after }) => `${change} ${key}: ${after}`);
    expect(added).toContain('added TMOO: Dark');
    expect(added).toContain('added TCON: Rock');
    const { common, native } = await parseBuffer(bytes, { mimeType: 'audio/mpeg' });
    const old = (await parseBuffer(file, { mimeType: 'audio/mpeg' })).common;
    expect(native['ID3v2.3']?.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['TIT2', 'TPE1', 'TALB', 'TYER', 'TCON', 'COMM']),
    );
    expect([common.title, common.artist, common.album, common.year, common.track.no]).toEqual([
      ...[old.title, old.artist, old.album, old.year, old.track.no],
    ]);
    await verifyEdit(sourceOf(file), sourceOf(bytes), [{ field: 'mood', values: ['Dark'] }], plan.changes);
  });

  it('loses the tag with the last field that goes back, in any order', async () => {
    const both = [setTo('genre', 'House'), setTo('mood', 'Dark')];
    const undo = await restoring(openEditor, file, ['genre', 'mood']);
    for (const order of [undo, undo.toReversed(), [undo]]) {
      let { bytes } = await edited(openEditor, file, both);
      for (const edits of order) ({ bytes } = await edited(openEditor, bytes, [edits].flat()));
      expect(bytes.equals(file)).toBe(true);
    }
  });

  it('keeps a title that another program has put into it since', async () => {
    const { bytes } = await edited(openEditor, file, [setTo('mood', 'Dark')]);
    const at = bytes.indexOf('TIT2') + 11;
    const retitled = Buffer.from(bytes);
    retitled[at] = 0x5a;
    const undone = await edited(openEditor, retitled, await restoring(openEditor, file, ['mood']));
    expect(undone.bytes.includes(retitled.subarray(at - 11, at + 5))).toBe(true);
  });
});
