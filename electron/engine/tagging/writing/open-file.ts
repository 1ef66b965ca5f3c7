/** Files as editors and the verifier read them. */
import type { BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { FileStamp } from '#engine/storage/library/tracks.ts';
import type { ByteSource } from '../editing/model.ts';

/** All that tells that a file is the one it was; the time of its last change of any kind included. */
export interface FileIdentity {
  /** As the library keeps it. */
  readonly stamp: FileStamp;
  /** "device:inode", always exact. */
  readonly node: string;
  readonly modifiedNs: bigint;
  readonly accessedNs: bigint;
  /** Contents, mode, owner, links: cannot be set by a program. */
  readonly changedNs: bigint;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly isFile: boolean;
}

export interface OpenFile {
  readonly source: ByteSource;
  readonly identity: FileIdentity;
  readonly handle: FileHandle;
  close(): Promise<void>;
}

/** For reading, or for writing in place as well. Rejects with what the file system throws. */
export async function openFile(path: string, flags: 'r' | 'r+' = 'r'): Promise<OpenFile> {
  const handle = await open(path, flags);
  try {
    const identity = identityOf(await handle.stat({ bigint: true }));
    return {
      handle,
      identity,
      source: sourceOf(handle, identity.stamp.sizeBytes),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export function sourceOf(handle: FileHandle, size: number): ByteSource {
  async function readInto(into: Uint8Array, start: number): Promise<number> {
    const wanted = Math.max(0, Math.min(into.length, size - start));
    let at = 0;
    while (at < wanted) {
      const { bytesRead } = await handle.read(into, at, wanted - at, start + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return at;
  }

  return {
    size,
    async read(start, length) {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - start)));
      return bytes.subarray(0, await readInto(bytes, start));
    },
    readInto,
  };
}

/** Larger numbers are not exact where the library looks at files. */
const MOST_INODE = BigInt(Number.MAX_SAFE_INTEGER);

export function identityOf(stats: BigIntStats): FileIdentity {
  return {
    stamp: {
      sizeBytes: Number(stats.size),
      modifiedAt: millisecondsOf(stats.mtimeNs),
      inode: stats.ino > 0n && stats.ino <= MOST_INODE ? `${stats.dev}:${stats.ino}` : null,
    },
    node: `${stats.dev}:${stats.ino}`,
    modifiedNs: stats.mtimeNs,
    accessedNs: stats.atimeNs,
    changedNs: stats.ctimeNs,
    mode: Number(stats.mode),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    links: Number(stats.nlink),
    isFile: stats.isFile(),
  };
}

/** As fs.Stats give them: mtimeMs is made of whole seconds and the nanoseconds beyond, in this order. */
function millisecondsOf(nanoseconds: bigint): number {
  const seconds = nanoseconds / 1_000_000_000n;
  const rest = nanoseconds - seconds * 1_000_000_000n;
  return Number(seconds) * 1000 + Number(rest) / 1_000_000;
}

export function isSameIdentity(one: FileIdentity, other: FileIdentity): boolean {
  return isSameStamp(one.stamp, other.stamp) && one.node === other.node && one.changedNs === other.changedNs;
}

/** Size and time. */
export function isSameStamp(one: FileStamp, other: FileStamp): boolean {
  return one.sizeBytes === other.sizeBytes && one.modifiedAt === other.modifiedAt;
}
