/** Writes a file whole or not at all: a player never sees half a playlist, an existing file survives every failure. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors.ts';

/** Pieces are written together: others get a turn between, and no text of 200,000 tracks is ever whole in memory. */
const BYTES_AT_ONCE = 256 * 1024;

/**
 * @param pieces text (as UTF-8) or bytes
 * @throws AppError conflict (it exists and `overwrite` is false), disk-full, export-failed; what `signal` was aborted with
 */
export async function writeFileWhole(
  file: string,
  pieces: Iterable<string | Uint8Array>,
  overwrite: boolean,
  signal?: AbortSignal,
): Promise<void> {
  // Not made of the name, which may be as long as the file system allows.
  const temporary = join(dirname(file), `.cratewise-${randomBytes(8).toString('hex')}.part`);
  let reserved = false;
  try {
    if (!overwrite) {
      // Taking the name first leaves no moment in which another program's file could be replaced.
      await (await open(file, 'wx')).close();
      reserved = true;
    }
    const handle = await open(temporary, 'wx');
    try {
      for (const bytes of together(pieces)) {
        signal?.throwIfAborted();
        await handle.writeFile(bytes);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (reserved) await rm(file, { force: true }).catch(() => {});
    if (signal?.aborted === true) throw error;
    throw explainWriting(error, file);
  }
}

function* together(pieces: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    waiting.push(bytes);
    size += bytes.length;
    if (size < BYTES_AT_ONCE) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** What went wrong when a file was written, for people. */
export function explainWriting(error: unknown, file: string): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const options = { cause: error };
  if (code === 'EEXIST') {
    return new AppError(
      'conflict',
      `${file} exists already and was left as it is. Choose another name, or allow overwriting.`,
      options,
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'disk-full',
      `The disk that would hold ${file} is full. Nothing was written.`,
      options,
    );
  }
  if (code === 'ENOENT') {
    return new AppError(
      'export-failed',
      `The folder ${dirname(file)} does not exist. Create it, or choose another place.`,
      options,
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AppError(
      'export-failed',
      `${file} cannot be written: permission is denied there. Choose another place.`,
      options,
    );
  }
  return new AppError('export-failed', `${file} could not be written (${code || String(error)}).`, options);
}
