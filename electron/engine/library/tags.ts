/** Reads what a file's tags say. Damage is no error here: the analysis judges the audio, the list shows the name. */
import type { IAudioMetadata } from 'music-metadata';
import { fromFile } from 'strtok3';
import type { TrackFailure } from '#engine/storage/library/errors.ts';
import { emptyTags } from '#engine/storage/library/tracks.ts';
import type { TrackTags } from '#engine/storage/library/tracks.ts';
import { correctFields } from '#engine/tagging/read-fields.ts';
import { fileFailure, systemCode } from './discover.ts';
import { readOggDuration } from './ogg-duration.ts';
import { readReplayGain } from './replay-gain.ts';
import { readField } from './field-tags.ts';

/** Raise it when tags would be read differently: files are then read again, their analysis is kept. */
export const TAG_READER_VERSION = 3;

/** A parser looking for sound in gigabytes of junk is stopped; real headers take milliseconds (a slow drive: a second). */
const TAG_TIMEOUT_MS = 15_000;
/** Longer texts are no titles but damage or attacks. */
const MAXIMUM_TEXT = 2000;
const MAXIMUM_VALUES = 50;

export interface TagReading {
  readonly tags: TrackTags;
  /** Only when the file itself cannot be read. */
  readonly failure: TrackFailure | null;
}

/** Never throws. `path` is absolute. */
export async function readTags(path: string, timeoutMs = TAG_TIMEOUT_MS): Promise<TagReading> {
  try {
    const byName = await parse(path, true, timeoutMs);
    // A FLAC named .mp3: the parser of the name finds nothing, the content tells which one to take.
    const metadata =
      byName?.format.codec === undefined ? ((await parse(path, false, timeoutMs)) ?? byName) : byName;
    return { tags: await completed(path, metadata === null ? emptyTags : toTags(metadata)), failure: null };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const detail = `${path} went away while it was being read. Scan again when it is back.`;
      return { tags: emptyTags, failure: { stage: 'tags', code: 'file-not-found', detail } };
    }
    const detail = fileFailure(path, error);
    return { tags: emptyTags, failure: { stage: 'tags', code: 'file-not-readable', detail } };
  }
}

/** With what the parser of music files leaves out or mistakes. */
async function completed(path: string, tags: TrackTags): Promise<TrackTags> {
  const found = { genre: tags.genreTags, mood: tags.moodTags, grouping: tags.groupingTags };
  const { genre, mood, grouping } = await correctFields(path, found);
  return {
    ...tags,
    genreTags: texts(genre),
    moodTags: texts(mood),
    groupingTags: texts(grouping),
    durationSeconds: await durationOf(path, tags),
  };
}

/** As the file claims; the analysis finds out. */
async function durationOf(path: string, tags: TrackTags): Promise<number | null> {
  const { durationSeconds, container, codec, sampleRateHz } = tags;
  if (durationSeconds !== null || container?.toLowerCase() !== 'ogg' || sampleRateHz === null)
    return durationSeconds;
  return positive(await readOggDuration(path, codec?.startsWith('Opus') === true ? 48_000 : sampleRateHz));
}

/** What a file's tags hold, covers included; null when no parser can read it. Throws what the file system throws. */
export async function parse(
  path: string,
  byName: boolean,
  timeoutMs = TAG_TIMEOUT_MS,
): Promise<IAudioMetadata | null> {
  // Loaded when first needed: a start has no use for it, and it takes longer than opening the library.
  const { parseFromTokenizer } = await import('music-metadata');
  const tokenizer = await fromFile(path);
  // The parser is chosen by the name of the file, if there is one.
  if (!byName) tokenizer.fileInfo = { size: tokenizer.fileInfo.size };
  // With the file closed the parser's next read fails, and it ends.
  const timer = setTimeout(() => void tokenizer.close().catch(() => undefined), timeoutMs);
  try {
    return await parseFromTokenizer(tokenizer, { duration: false });
  } catch (error) {
    // EBADF: our own time-out. Other codes of the system are about the file (EACCES, EIO), the rest is about its content.
    const code = systemCode(error);
    if (/^E[A-Z]+$/.test(code) && code !== 'EBADF') throw error;
    return null;
  } finally {
    clearTimeout(timer);
    await tokenizer.close().catch(() => undefined);
  }
}

function toTags(metadata: IAudioMetadata): TrackTags {
  const { common, format } = metadata;
  return {
    title: text(common.title),
    artist: text(common.artist),
    album: text(common.album),
    albumArtist: text(common.albumartist),
    comment: text(common.comment?.find((comment) => text(comment.text) !== null)?.text),
    year: whole(
      common.year ??
        yearOf(common.date) ??
        yearOf(common.originaldate) ??
        yearOf(readField(metadata, 'date')[0]),
      1000,
      9999,
    ),
    trackNumber: whole(common.track.no, 1, 100_000),
    discNumber: whole(common.disk.no, 1, 10_000),
    genreTags: texts(common.genre ?? []),
    moodTags: texts(readField(metadata, 'mood')),
    groupingTags: texts(readField(metadata, 'grouping')),
    durationSeconds: positive(format.duration),
    container: text(format.container),
    codec: text(format.codec),
    bitrateKbps: positive(format.bitrate === undefined ? undefined : Math.round(format.bitrate / 100) / 10),
    sampleRateHz: whole(format.sampleRate, 1, 10_000_000),
    channels: whole(format.numberOfChannels, 1, 1000),
    hasCover: (common.picture ?? []).length > 0,
    replayGain: readReplayGain(metadata),
  };
}

/** Tidied, or null when nothing is left. Lone surrogates would not survive the database. */
function text(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  // Padding and junk of broken tag writers; line ends are kept.
  const tidy = value.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ').trim();
  return tidy === '' ? null : tidy.slice(0, MAXIMUM_TEXT).toWellFormed();
}

function texts(values: readonly string[]): readonly string[] {
  return [...new Set(values.map(text))].filter((value) => value !== null).slice(0, MAXIMUM_VALUES);
}

function yearOf(date: unknown): number | undefined {
  const digits = typeof date === 'string' ? /\b(\d{4})\b/.exec(date)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function whole(value: unknown, minimum: number, maximum: number): number | null {
  return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum
    ? (value as number)
    : null;
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
