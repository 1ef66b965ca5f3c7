/** What belongs to a file beside its bytes: a new file that takes its place gets all of it. */
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '#shared/errors.ts';
import { systemCode } from './file-errors.ts';
import type { FileIdentity } from './open-file.ts';

/** Permissions, without the kind of file. */
const MODE_BITS = 0o7777;
/** Bits that mean something on a program only, and that systems take away when a file is written. */
const SET_ID_BITS = 0o6000;

/**
 * Mode, owner and extended attributes (access lists of Linux and macOS' tags among them).
 * @throws AppError file-read-only where the owner cannot be kept
 */
export async function keepAttributes(
  from: { readonly path: string; readonly identity: FileIdentity },
  to: { readonly path: string; readonly handle: FileHandle },
): Promise<void> {
  const { identity } = from;
  const own = await to.handle.stat();
  if (own.uid !== identity.uid || own.gid !== identity.gid) {
    try {
      await to.handle.chown(identity.uid, identity.gid);
    } catch (error) {
      throw new AppError(
        'file-read-only',
        `${from.path} belongs to another user or group, and a new file in its place would not (${systemCode(error)}). Write as its owner, or give it to the one you write as.`,
        { cause: error },
      );
    }
  }
  await copyExtendedAttributes(from.path, to.path);
  const mode = identity.mode & MODE_BITS & ~SET_ID_BITS;
  if ((own.mode & MODE_BITS) !== mode) await changeMode(to.handle, mode);
}

async function changeMode(handle: FileHandle, mode: number): Promise<void> {
  try {
    await handle.chmod(mode);
  } catch (error) {
    // FAT and some network drives have one mode for all.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL'].includes(systemCode(error))) throw error;
  }
}

interface ExtendedAttributes {
  list(path: string): Promise<readonly string[]>;
  get(path: string, name: string): Promise<Uint8Array | null>;
  set(path: string, name: string, value: Buffer): Promise<void>;
}

let loaded: Promise<ExtendedAttributes | null> | undefined;

/** Null on Windows, which has none, and where the package brings nothing for this machine. */
function extendedAttributes(): Promise<ExtendedAttributes | null> {
  return (loaded ??=
    process.platform === 'win32'
      ? Promise.resolve(null)
      : import('@napi-rs/xattr').then(
          ({ listAttributes, getAttribute, setAttribute }) => ({
            list: listAttributes,
            get: getAttribute,
            set: setAttribute,
          }),
          () => null,
        ));
}

async function copyExtendedAttributes(from: string, to: string): Promise<void> {
  const attributes = await extendedAttributes();
  if (attributes === null) return;
  // A file system without them says so, and then there are none.
  const names = await attributes.list(from).catch(() => []);
  for (const name of names) {
    const value = await attributes.get(from, name);
    if (value === null) continue;
    try {
      await attributes.set(to, name, Buffer.from(value));
    } catch (error) {
      // Labels that the system gives and takes itself.
      if (/^(security|trusted|system\.(?!posix_acl))/.test(name) || name === 'com.apple.provenance') continue;
      throw new AppError(
        'file-read-only',
        `${from} has an attribute (${name}) that a new file in its place cannot be given. It was left as it is.`,
        { cause: error },
      );
    }
  }
}

/** As exact as the system lets a program set it: a millionth of a second. */
export async function keepModifiedTime(handle: FileHandle, identity: FileIdentity): Promise<void> {
  await handle.utimes(secondsOf(identity.accessedNs), secondsOf(identity.modifiedNs));
}

function secondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
