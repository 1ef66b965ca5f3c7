/**
 * Every failure that crosses a boundary is data with one of these codes; the renderer and the
 * command line choose the words (shared/error-text.ts), docs/errors.md has a row for each.
 */
export const errorCodes = [
  // requests
  'bad-request', // the payload does not fit the contract
  'unknown-request',
  'not-found', // a track, playlist, folder or genre that is not there
  'cancelled',
  'conflict', // a name that is taken, a state that does not allow it
  'query-invalid', // a search query with a mistake; detail says where
  'untrusted-sender',
  'internal', // a defect of ours
  // the library
  'library-held', // another host has this library open
  'database-newer', // written by a newer version of Cratewise
  'database-damaged',
  'folder-not-found',
  'folder-not-readable',
  'folder-nested', // inside, or around, a folder that is already in the library
  'folder-offline',
  'watch-limit', // the system's limit of watched folders is reached
  'disk-full',
  'export-failed',
  'import-failed', // a playlist or library of another program that cannot be read
  // files
  'file-not-found',
  'file-not-readable',
  'file-empty',
  'file-changing', // still being copied
  'file-name-not-utf8',
  'file-type-mismatch', // not audio although its name says so
  'file-encrypted',
  'file-no-audio', // a container without an audio stream
  'file-corrupt',
  'file-truncated',
  'file-unsupported', // a codec or layout that cannot be decoded
  'file-too-short', // less audio than one analysis window needs
  'file-changed', // since its tags were read or reviewed: not written
  'file-read-only',
  'file-in-use', // it plays, or another program holds it: not written now
  'tags-damaged', // cannot be parsed without doubt: not written
  'tags-unsupported', // a format, layout or value that is not written
  'tags-not-verified', // the new file was not what it should be: thrown away
  'tags-conflict', // undo: the file no longer holds what was written
  'analysis-crashed', // the decoder process died on this file
  'analysis-timeout',
  'analysis-out-of-memory',
  // the model
  'model-missing',
  'model-damaged', // checksum or version is wrong
  'model-incompatible',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error with a code that every host understands. `detail` is for people: what, which file, what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail = '', options?: ErrorOptions) {
    super(detail === '' ? code : `${code}: ${detail}`, options);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
  }
}

/** What of an error travels between processes and over HTTP. */
export interface WireError {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** Any thrown value as data. An error that is not an AppError is a defect of ours: 'internal'. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, detail: error.detail };
  if (error instanceof Error && error.name === 'AbortError') return { code: 'cancelled', detail: '' };
  return { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
}

/** The error that `toWire` made data of. An unknown code (a newer host) becomes 'internal'. */
export function fromWire(wire: WireError): AppError {
  const known = (errorCodes as readonly string[]).includes(wire.code);
  return new AppError(known ? wire.code : 'internal', wire.detail);
}
