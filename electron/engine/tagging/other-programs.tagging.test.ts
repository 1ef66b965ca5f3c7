/**
 * What other programs say: files that they tagged are written and undone, and readers of their own find in our files
 * what we wrote and everything else as it was. Needs `npm run setup:system -- tagging` and `npm run setup:tag-samples`.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { tagSamplesFolder } from '#build/cache-folder.ts';
import { AppError } from '#shared/errors.ts';
import { openEditor } from './editing/editors.ts';
import { collect } from './editing/pieces.ts';
import { roundTrip, seeded, steps } from './round-trips.fixture.ts';
import { byteSource, testFiles } from './test-files.fixture.ts';

const run = promisify(execFile);

describe('files of other programs', () => {
  const samples = readdirSync(tagSamplesFolder())
    .filter((name) => !['.mid', '.jpg'].includes(extname(name)))
    .map((name) => [name, readFileSync(join(tagSamplesFolder(), name))] as const);

  /** 'written', or the code with which it was refused. */
  async function outcome(bytes: Uint8Array): Promise<string> {
    let written = 0;
    try {
      const property = fc.asyncProperty(steps, async (all) => {
        // A refusal is an answer, harm is none.
        written += await roundTrip(bytes, all);
      });
      const details = await fc.check(property, { ...seeded, numRuns: 10, endOnFailure: true });
      if (!details.failed) return written > 0 ? 'written' : 'tags-unsupported';
      if (details.errorInstance instanceof AppError && details.errorInstance.code !== 'tags-damaged')
        throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
      throw details.errorInstance;
    } catch (error) {
      if (error instanceof AppError && error.code === 'tags-damaged') return error.code;
      throw error;
    }
  }

  test.for(samples)('%s', async ([name, bytes]) => {
    const found = await outcome(bytes);
    if (name.endsWith('.wma')) expect(found).toBe('tags-unsupported');
    else if (/^(mac-39|silence-44-s\.(mp3|flac|wv)|has-tags\.m4a|with-id3\.aif|example\.opus)/.test(name))
      expect(found).toBe('written');
    else expect(['written', 'tags-unsupported', 'tags-damaged']).toContain(found);
  });

  test('there are enough of them', () => expect(samples.length).toBeGreaterThan(80));
});

describe('other readers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cratewise-readers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = 'Deep Techno';

  /** The lines that have nothing to do with the genre, or with the file's size and name. */
  function otherLines(output: string): readonly string[] {
    const passing =
      /genre|tcon|tco\b|©gen|File (Size|Name)|Directory|Date\/Time|Exif ?Tool|Padding|length: |^-+ \/|Media Data Offset|\] +Free /i;
    return output.split('\n').filter((line) => !passing.test(line) && !line.includes('House'));
  }

  async function say(program: string, options: readonly string[], file: string): Promise<string> {
    const { stdout } = await run(program, [...options, file], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  /** The sound's packets as FFmpeg finds them. */
  async function soundOf(file: string): Promise<string> {
    const { stdout } = await run('ffmpeg', [
      ...['-v', 'error', '-i', file, '-map', '0:a:0', '-c', 'copy', '-f', 'hash', '-'],
    ]);
    return stdout;
  }

  interface Program {
    readonly program: string;
    readonly options: readonly string[];
  }
  const mutagen: Program = { program: 'mutagen-inspect', options: [] };
  const ffprobe = {
    program: 'ffprobe',
    options: ['-v', 'error', '-show_entries', 'format_tags:stream_tags:chapters:stream_disposition'],
  };
  const exiftool = { program: 'exiftool', options: ['-a', '-u', '-G1'] };
  const metaflac = { program: 'metaflac', options: ['--export-tags-to=-', '--no-filename'] };

  const readers: readonly (readonly [string, readonly Program[]])[] = [
    ['mp3 id3v2.2 dj', [mutagen, ffprobe, exiftool]],
    ['mp3 id3v2.3 dj', [mutagen, ffprobe, exiftool]],
    ['mp3 id3v2.4 dj', [mutagen, ffprobe, exiftool]],
    ['mp3 id3v2.3 unsynchronised', [mutagen]],
    ['mp3 id3v2.3 extended header with checksum', [mutagen]],
    ['flac everything', [mutagen, metaflac, ffprobe, exiftool]],
    ['ogg vorbis, small pages', [mutagen, ffprobe, exiftool]],
    ['ogg opus, comments over several pages', [mutagen, ffprobe]],
    ['mp4 aac chapters, moov first', [mutagen, ffprobe, exiftool]],
    ['mp4 alac, 64-bit data and offsets', [mutagen, ffprobe, exiftool]],
    ['mp4 aac fragments', [ffprobe]],
    ['wav id3v2.3 dj', [mutagen, exiftool]],
    ['wav RF64', [ffprobe]],
    ['aiff id3v2.3 dj, odd chunks', [mutagen, ffprobe, exiftool]],
    ['wavpack apev2', [mutagen, ffprobe]],
    ['ape apev2', [mutagen]],
  ];

  test.for(readers)('%s', async ([name, programs]) => {
    const file = (await testFiles()).find((each) => each.name === name)!;
    const source = byteSource(file.bytes);
    const plan = await (
      await openEditor(source)
    ).plan([{ kind: 'set', field: 'genre', values: [written] }], {
      ...{ joinWith: null, separator: '/', secondaryTags: 'in-step' },
      ...{ keepModifiedTime: false, preferInPlace: true },
    });
    const [before, after] = ['before', 'after'].map((part) => join(folder, `${part}${file.ending}`));
    writeFileSync(before!, file.bytes);
    writeFileSync(after!, await collect(source, plan.pieces));
    for (const { program, options } of programs) {
      const [old, now] = [await say(program, options, before!), await say(program, options, after!)];
      expect([program, now.includes(written)]).toEqual([program, true]);
      expect([program, old.includes(written)]).toEqual([program, false]);
      expect([program, ...otherLines(now)]).toEqual([program, ...otherLines(old)]);
    }
    if (!name.startsWith('ape')) expect(await soundOf(after!)).toBe(await soundOf(before!));
  });
});
