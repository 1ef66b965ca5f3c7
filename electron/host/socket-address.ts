/** Where the holder of a library listens for the other hosts of the same user. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';

/** The system's limit of a socket's path is 108 bytes (104 on macOS and BSD), the closing zero included. */
const LONGEST_PATH_BYTES = 103;

/**
 * The address for a library, the same each time. Unix: a socket in a folder that only the owner can enter
 * (made here); Windows: a named pipe.
 * @throws AppError internal: the folder belongs to somebody else
 */
export function socketAddressOf(libraryFile: string): string {
  const hash = createHash('sha256').update(libraryFile).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\cratewise-${hash}`;
  const owner = process.getuid?.() ?? 0;
  const bases = [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'];
  for (const base of bases) {
    if (base === undefined || base === '') continue;
    const folder = join(base, `cratewise-${owner}`);
    const socket = join(folder, `${hash}.sock`);
    if (Buffer.byteLength(socket) <= LONGEST_PATH_BYTES && makePrivateFolder(folder, owner)) return socket;
  }
  throw new AppError(
    'internal',
    `There is no folder of your own for the socket of the library (tried ${bases.filter(Boolean).join(', ')}). Set XDG_RUNTIME_DIR to a folder that only you can write.`,
  );
}

/** Makes the folder, 0700. False when it cannot be, or is not safely ours: in /tmp anybody may have made it first. */
function makePrivateFolder(folder: string, owner: number): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== owner) return false;
    if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return true;
  } catch {
    return false;
  }
}
