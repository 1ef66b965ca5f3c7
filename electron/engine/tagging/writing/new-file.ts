/** A new file that takes the place of an old one, or leaves no trace. */
import { randomBytes } from 'node:crypto';
import { lstat, open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { ByteSource, Piece } from '../editing/model.ts';
import { pieceLength, streamPieces } from '../editing/pieces.ts';
import { keepAttributes, keepModifiedTime } from './attributes.ts';
import { systemCode } from './file-errors.ts';
import type { FileIdentity } from './open-file.ts';

/** Begins with a dot and ends like no music: neither scans nor players see it. */
const temporaryName = /^\.cratewise-[0-9a-f]{16}\.tmp$/;
/** A file of ours that no journal knows (of a library that was lost) and that nobody has written to for so long. */
const ABANDONED_MS = 24 * 60 * 60_000;
/** Copied at once. */
const COPIED_BYTES = 1 << 20;
/** Scanners of viruses and indexers hold a file for moments; on Windows it cannot be renamed meanwhile. */
const RENAME_WAITS_MS = [50, 200, 800];

export interface NewFile {
  readonly path: string;
  readonly handle: FileHandle;
  close(): Promise<void>;
  /** Closes and removes it. Never throws. */
  discard(): Promise<void>;
}

/** A name that no file has, in the folder of another. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.cratewise-${randomBytes(8).toString('hex')}.tmp`);
}

/** Readable by its owner only, until it gets the mode of the old one. */
export async function createNewFile(path: string): Promise<NewFile> {
  const handle = await open(path, 'wx+', 0o600);
  let closed = false;
  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await handle.close();
  }
  async function discard(): Promise<void> {
    await close().catch(() => undefined);
    await rm(path, { force: true }).catch(() => undefined);
  }
  return { path, handle, close, discard };
}

/** Writes the pieces and everything that belongs to the old file, and waits until the disk has it. */
export async function fillNewFile(
  file: NewFile,
  old: { readonly path: string; readonly identity: FileIdentity; readonly source: ByteSource },
  pieces: readonly Piece[],
  keepTime: boolean,
): Promise<void> {
  let at = 0;
  for (const piece of pieces) {
    if (piece.from === 'old') await copyStretch(file.handle, old.source, piece, at);
    else {
      let to = at;
      for await (const bytes of streamPieces(old.source, [piece])) {
        await writeAll(file.handle, bytes, to);
        to += bytes.length;
      }
    }
    at += pieceLength(piece);
  }
  await keepAttributes(old, file);
  if (keepTime) await keepModifiedTime(file.handle, old.identity);
  await file.handle.sync();
}

/** Through one piece of memory: a new one for each mebibyte costs more than the copying. */
async function copyStretch(
  to: FileHandle,
  source: ByteSource,
  { start, end }: { readonly start: number; readonly end: number },
  at: number,
): Promise<void> {
  const memory = Buffer.allocUnsafe(Math.min(COPIED_BYTES, end - start));
  for (let done = 0; done < end - start;) {
    const wanted = Math.min(memory.length, end - start - done);
    const part = memory.subarray(0, wanted);
    const bytes =
      source.readInto === undefined
        ? await source.read(start + done, wanted)
        : part.subarray(0, await source.readInto(part, start + done));
    if (bytes.length !== wanted)
      throw new AppError('file-changed', 'The file became shorter while it was copied. Scan its folder.');
    await writeAll(to, bytes, at + done);
    done += wanted;
  }
}

/** One call may write less than it was given. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, start + done);
    done += bytesWritten;
  }
}

/** From here on the new file is the file. */
export async function takePlace(file: NewFile, of: string): Promise<void> {
  await file.close();
  for (const wait of [...RENAME_WAITS_MS, null]) {
    try {
      await rename(file.path, of);
      break;
    } catch (error) {
      const passing =
        process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error));
      if (!passing || wait === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** The name is on the disk, too. Some systems cannot do that for folders, and need not. */
export async function syncFolderOf(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(dirname(path), 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!['EINVAL', 'EISDIR', 'EACCES', 'EPERM', 'ENOTSUP', 'ENOSYS'].includes(systemCode(error)))
      throw error;
  }
}

export function isTemporaryName(name: string): boolean {
  return temporaryName.test(name);
}

/** Removes what another library of ours left in a folder long ago. Never throws. Returns the names. */
export async function removeAbandoned(
  folder: string,
  isInHand: (path: string) => boolean,
  now: number,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isTemporaryName(name)) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats === null || !stats.isFile() || isInHand(path)) continue;
    // Its time may be that of the music it was to replace: when it was made tells.
    if (now - Math.max(stats.ctimeMs, stats.mtimeMs) < ABANDONED_MS) continue;
    await rm(path, { force: true }).then(
      () => removed.push(basename(path)),
      () => undefined,
    );
  }
  return removed;
}
