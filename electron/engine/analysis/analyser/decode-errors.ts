/** From what the operating system and FFmpeg report to a code and a sentence for people. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import {
  AVERROR_DECODER_NOT_FOUND,
  AVERROR_EACCES,
  AVERROR_EIO,
  AVERROR_EMFILE,
  AVERROR_ENOENT,
  AVERROR_ENOMEM,
  AVERROR_EPERM,
  AVERROR_PATCHWELCOME,
} from 'node-av/constants';
import { FFmpegError } from 'node-av/lib';
import { AppError } from '#shared/errors.ts';
import { fileKind, HEAD_BYTES } from './file-kind.ts';
import type { FileKind } from './file-kind.ts';

/** What could be told of a file before it was given to the decoder. */
export interface Inspected {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly kind: FileKind;
  /** How long a RIFF file (WAV, AVI) says it is; null for others, and where a recorder left it open. */
  readonly declaredBytes: number | null;
}

/** Looks at a file without decoding: is it there, is it empty, what is it? */
export function inspectFile(path: string): Inspected {
  const name = basename(path);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw fromSystem(error, name);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new AppError('file-not-readable', `“${name}” is not a file.`);
    if (stat.size === 0) {
      throw new AppError('file-empty', `“${name}” is empty (0 bytes). Copy or download it again.`);
    }
    const head = Buffer.alloc(Math.min(HEAD_BYTES, stat.size));
    const read = readSync(file, head, 0, head.length, 0);
    return {
      path,
      name,
      sizeBytes: stat.size,
      kind: fileKind(head.subarray(0, read)),
      declaredBytes: riffBytes(head.subarray(0, read)),
    };
  } catch (error) {
    throw fromSystem(error, name);
  } finally {
    closeSync(file);
  }
}

function riffBytes(head: Buffer): number | null {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF') return null;
  const size = head.readUInt32LE(4);
  return size === 0 || size >= 0xffff_fff0 ? null : size + 8;
}

function fromSystem(error: unknown, name: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('file-not-found', `“${name}” is no longer there.`);
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('file-not-readable', `You may not read “${name}”. Change its permissions.`);
  }
  if (code === undefined) return error;
  return new AppError('file-not-readable', `“${name}” could not be read: ${error.message}`, { cause: error });
}

/** An error code of FFmpeg that speaks of the machine, not of the audio; null otherwise. */
export function systemError(code: number, file: Inspected): AppError | null {
  const name = `“${file.name}”`;
  switch (code) {
    case AVERROR_ENOENT:
      return new AppError('file-not-found', `${name} is no longer there.`);
    case AVERROR_EACCES:
    case AVERROR_EPERM:
      return new AppError('file-not-readable', `You may not read ${name}. Change its permissions.`);
    case AVERROR_EIO:
      // Demuxers also say so of a file that makes no sense.
      if (canBeRead(file.path)) return null;
      return new AppError(
        'file-not-readable',
        `The drive reported an error while reading ${name}. Check the drive.`,
      );
    case AVERROR_EMFILE:
      return new AppError(
        'file-not-readable',
        `Too many files are open; ${name} could not be opened. Try it again.`,
      );
    case AVERROR_ENOMEM:
      return new AppError('analysis-out-of-memory', `There was not enough memory to decode ${name}.`);
    default:
      return null;
  }
}

/** The file could not be opened as audio: why, judged by its first bytes and FFmpeg's code. */
export function openError(code: number, file: Inspected): AppError {
  const name = `“${file.name}”`;
  const { kind } = file;
  const system = systemError(code, file);
  if (system) return system;
  if (kind.kind === 'text') {
    return new AppError(
      'file-type-mismatch',
      `${name} is a text file, not audio, although its name says so.`,
    );
  }
  if (kind.kind === 'other') {
    return new AppError(
      'file-type-mismatch',
      `${name} is a ${kind.name}, not audio, although its name says so.`,
    );
  }
  if (kind.kind === 'zeros') {
    return new AppError(
      'file-corrupt',
      `${name} begins with nothing but zeros: an unfinished download or a damaged drive. Copy or download it again.`,
    );
  }
  if (kind.kind === 'audio' && kind.name === 'MP4') {
    return new AppError(
      'file-truncated',
      `${name} has no index (moov), which such files often keep at their end: it is probably cut off. Copy or download it again.`,
    );
  }
  if (kind.kind === 'audio') {
    return new AppError(
      'file-corrupt',
      `${name} begins like ${kind.name}, but cannot be read (${FFmpegError.strerror(code)}). Copy or download it again.`,
    );
  }
  return new AppError('file-type-mismatch', `${name} is not audio in any format that Cratewise reads.`);
}

/** There is an audio stream, but nothing here decodes it. */
export function codecError(code: number, codec: string, file: Inspected): AppError {
  const system = systemError(code, file);
  if (system) return system;
  const unknown = code === AVERROR_DECODER_NOT_FOUND || code === AVERROR_PATCHWELCOME;
  return new AppError(
    'file-unsupported',
    unknown
      ? `“${file.name}” holds audio of a kind that cannot be decoded (${codec}). Convert it to another format.`
      : `The audio of “${file.name}” (${codec}) cannot be decoded: ${FFmpegError.strerror(code)}.`,
  );
}

/** Reads a file to its end: does the drive give all of it? */
function canBeRead(path: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const part = Buffer.alloc(1 << 20);
    while (readSync(file, part) > 0);
    return true;
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
