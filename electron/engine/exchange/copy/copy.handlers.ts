/** The files of a list, copied or converted into a folder: for a USB stick and players that know no library. */
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { EventName, Events, Handlers } from '#shared/contract.ts';
import type { CopiedList, CopyConversion, Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { readTracks } from '#engine/storage/library/track-rows.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { safeName } from '../file-names.ts';
import { formatM3u8 } from '../formats/m3u8.ts';
import { createListReader, rowsOf } from '../lists-for-export.ts';
import { explainWriting, writeFileWhole } from '../write-file.ts';
import { openManifest } from './manifest.ts';
import type { CopyManifest } from './manifest.ts';
import { OLD_PLAYERS, planCopies } from './plan-copy.ts';
import type { PlannedCopy } from './plan-copy.ts';

const ROWS_A_SLICE = 500;
const PROGRESS_MS = 250;
/** Named in the answer. */
const MOST_FAILED = 200;
/** File systems need some for themselves. */
const SPARE_BYTES = 16 * 1024 * 1024;
const PART = /^\.cratewise-[0-9a-f]{16}\.part(?:\.[a-z0-9]+)?$/;

export interface ConversionOrder {
  readonly format: CopyConversion;
  /** Faster recordings are made slower; null: any. */
  readonly mostSampleRateHz: number | null;
  /** Deeper ones are made of so many bits; null: as deep as they are. */
  readonly mostBits: 16 | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Decodes a file and writes it in another format; in a process of its own. @throws AppError with a file-* code */
export type Convert = (
  source: string,
  target: string,
  order: ConversionOrder,
  signal: AbortSignal,
) => Promise<void>;

export interface CopyOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  readonly convert: Convert;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
}

interface Tally {
  copied: number;
  converted: number;
  kept: number;
  bytes: number;
  failedCount: number;
  readonly failed: { trackId: TrackId; path: string; reason: string }[];
}

export function createCopyToFolder(options: CopyOptions): Pick<Handlers, 'playlists.copyToFolder'> {
  const { database } = options.storage;
  const reader = createListReader(database, options.compile);
  /** Two at once in one folder would take each other's halves away. */
  const busy = new Set<string>();

  return {
    async 'playlists.copyToFolder'(input, { signal }) {
      const { playlistId, folder, numbered = true, convertTo = null, forOldPlayers = false } = input;
      if (!isAbsolute(folder)) throw new AppError('bad-request', `“${folder}” is no absolute path.`);
      if (busy.has(folder)) throw new AppError('conflict', `Files are being copied to ${folder} already.`);
      const list = reader.one(playlistId);
      const tracks: Track[] = [];
      const ids = rowsOf(list);
      for (let start = 0; start < ids.length; start += ROWS_A_SLICE)
        tracks.push(...readTracks(database, ids.slice(start, start + ROWS_A_SLICE)));
      const plan = planCopies(tracks, { numbered, convertTo, forOldPlayers });
      busy.add(folder);
      try {
        await prepareFolder(folder);
        const manifest = await openManifest(folder);
        const kept = new Set<PlannedCopy>();
        for (const copy of plan) if (await manifest.holds(copy)) kept.add(copy);
        const left = plan.filter((copy) => !kept.has(copy));
        await refuseFullDisk(folder, left);
        const work = { folder, plan, kept, manifest, forOldPlayers, signal };
        const done = await copyAll(work, options);
        if (input.playlistFile ?? true) await writeList(folder, list.name, done.there, signal);
        return { folder, ...done.tally };
      } finally {
        busy.delete(folder);
      }
    },
  };
}

interface Work {
  readonly folder: string;
  readonly plan: readonly PlannedCopy[];
  readonly kept: ReadonlySet<PlannedCopy>;
  readonly manifest: CopyManifest;
  readonly forOldPlayers: boolean;
  readonly signal: AbortSignal;
}

async function copyAll(
  work: Work,
  { convert, publish }: CopyOptions,
): Promise<{ readonly tally: Omit<CopiedList, 'folder'>; readonly there: readonly PlannedCopy[] }> {
  const { folder, plan, kept, manifest, signal } = work;
  const tally: Tally = { copied: 0, converted: 0, kept: 0, bytes: 0, failedCount: 0, failed: [] };
  const there: PlannedCopy[] = [];
  const bytesTotal = plan.reduce((sum, { bytes }) => sum + bytes, 0);
  let bytesDone = 0;
  let told = 0;
  const tell = (done: number, name: string, extra = 0): void => {
    if (done < plan.length && performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    const progress = { folder, done, total: plan.length, name, bytesTotal };
    publish('copy.progress', { ...progress, bytesDone: Math.min(bytesTotal, bytesDone + extra) });
  };
  for (const [index, copy] of plan.entries()) {
    signal.throwIfAborted();
    tell(index, copy.name);
    if (kept.has(copy)) {
      tally.kept += 1;
      there.push(copy);
    } else {
      try {
        const bytes = await copyOne(copy, work, convert, (extra) => tell(index, copy.name, extra));
        await manifest.add(copy, bytes);
        tally.bytes += bytes;
        if (copy.convertTo === null) tally.copied += 1;
        else tally.converted += 1;
        there.push(copy);
      } catch (error) {
        if (signal.aborted) throw error;
        const reason = reasonOf(error, copy, folder);
        // Every other file would fail as this one did.
        if (reason.code === 'disk-full') throw reason;
        tally.failedCount += 1;
        const { id: trackId, path } = copy.track;
        if (tally.failed.length < MOST_FAILED) tally.failed.push({ trackId, path, reason: reason.detail });
      }
    }
    bytesDone += copy.bytes;
  }
  tell(plan.length, '');
  return { tally, there };
}

/** Under another name first: what bears its name is whole. Returns its size. */
async function copyOne(
  copy: PlannedCopy,
  { folder, manifest, forOldPlayers, signal }: Work,
  convert: Convert,
  tell: (bytes: number) => void,
): Promise<number> {
  const { track, name, convertTo } = copy;
  const target = join(folder, name);
  if (!manifest.isOurs(name) && (await stat(target).catch(() => null)) !== null)
    throw new AppError('conflict', `a file called “${name}” is there already, and was left as it is`);
  const source = await stat(track.path);
  if (!source.isFile()) throw new AppError('file-not-readable', 'it is no file');
  const ending = convertTo === null ? '' : `.${convertTo}`;
  const temporary = join(folder, `.cratewise-${randomBytes(8).toString('hex')}.part${ending}`);
  try {
    if (convertTo === null) {
      let bytes = 0;
      const reading = createReadStream(track.path, { highWaterMark: 1024 * 1024 });
      reading.on('data', (chunk) => {
        bytes += chunk.length;
        tell(bytes);
      });
      await pipeline(reading, createWriteStream(temporary, { flags: 'wx', flush: true }), { signal });
      await utimes(temporary, source.atime, source.mtime);
    } else {
      const order = {
        format: convertTo,
        mostSampleRateHz: forOldPlayers ? OLD_PLAYERS.sampleRateHz : null,
        mostBits: forOldPlayers ? OLD_PLAYERS.bitsPerSample : null,
        tags: tagsOf(track),
      };
      await convert(track.path, temporary, order, signal);
      await flush(temporary);
    }
    const { size } = await stat(temporary);
    await rename(temporary, target);
    return size;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a converted file says of itself, in FFmpeg's names. */
function tagsOf(track: Track): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, string | null>> = {
    title: track.title,
    artist: track.artist,
    album: track.album,
    album_artist: track.albumArtist,
    genre: track.genreTags.length > 0 ? track.genreTags.join('; ') : null,
    date: track.year === null ? null : String(track.year),
    track: track.trackNumber === null ? null : String(track.trackNumber),
    disc: track.discNumber === null ? null : String(track.discNumber),
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ''),
  );
}

/** Made if need be; halves of an earlier copying that was killed go. */
async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) if (PART.test(name)) await rm(join(folder, name));
  } catch (error) {
    throw explainWriting(error, folder);
  }
}

async function refuseFullDisk(folder: string, left: readonly PlannedCopy[]): Promise<void> {
  const needed = left.reduce((sum, { bytes }) => sum + bytes, 0);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (needed === 0 || needed + SPARE_BYTES <= free) return;
  throw new AppError(
    'disk-full',
    `${folder} has room for ${megabytes(free)} MB, and the files take up to ${megabytes(needed)} MB. Nothing was copied. Make room there, or choose a smaller list or another format.`,
  );
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1_000_000).toLocaleString('en');
}

function reasonOf(error: unknown, { name, track }: PlannedCopy, folder: string): AppError {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('disk-full', `There is no more room in ${folder}. What was copied stays.`);
  if (code === 'ENOENT' && (error as NodeJS.ErrnoException).path === track.path)
    return new AppError('file-not-found', 'the file is not there');
  if (code === 'EFBIG')
    return new AppError('export-failed', `“${name}” is larger than files can be on this disk (FAT: 4 GB)`);
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('file-not-readable', `permission is denied (${basename(name)})`);
  return new AppError('export-failed', `it could not be copied (${code || String(error)})`);
}

/** Replaces the one of an earlier copying; another's stays. */
async function writeList(
  folder: string,
  name: string,
  copies: readonly PlannedCopy[],
  signal: AbortSignal,
): Promise<void> {
  const tracks = copies.map(({ track, name: file }) => ({ ...track, path: join(folder, file) }));
  const file = join(folder, `${safeName(name)}.m3u8`);
  await writeFileWhole(file, [formatM3u8(tracks, folder)], true, signal);
}
