/** What the file system says, as a sentence that a person can act on. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#shared/errors.ts';

/** 'EACCES', or '' when the error is none of the system's. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Locks are told by other codes on Windows. */
const inUse = new Set(['EBUSY', 'ETXTBSY', 'EAGAIN', 'EDEADLK']);
const readOnly = new Set(['EACCES', 'EPERM', 'EROFS']);
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const away = new Set(['ENODEV', 'ENXIO', 'ESTALE', 'ENOTCONN', 'EHOSTDOWN', 'ETIMEDOUT']);

/** An AppError stays what it is, and so does an error that is not about files. `root`: the library's folder. */
export async function explainFileError(error: unknown, path: string, root: string): Promise<unknown> {
  if (error instanceof AppError) return error;
  const code = systemCode(error);
  const told = (as: ConstructorParameters<typeof AppError>[0], detail: string): AppError =>
    new AppError(as, detail, { cause: error });
  if (code === 'ENOENT' || code === 'ENOTDIR' || away.has(code) || code === 'EIO') {
    const isThere = await stat(root).then(
      () => true,
      () => false,
    );
    if (!isThere)
      return told('folder-offline', `${path} is on a drive that is away. Connect it and try again.`);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return told('file-not-found', `${path} is not there any more. Scan the folder again.`);
    return told('file-not-readable', `${path} cannot be read or written (${code}). Check its drive.`);
  }
  if (full.has(code)) {
    return told(
      'disk-full',
      `There is no room for the new file beside ${path}. It is as it was; free some space and continue.`,
    );
  }
  if (inUse.has(code) || (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES')))
    return told('file-in-use', `Another program holds ${path} open. Close it and try again.`);
  if (readOnly.has(code)) {
    return told(
      'file-read-only',
      `${path}, or its folder ${dirname(path)}, may not be changed (${code}). Allow it and try again.`,
    );
  }
  if (code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM' || code === 'ELOOP')
    return told('file-not-readable', `${path} cannot be opened now (${code}). Try again later.`);
  return error;
}
