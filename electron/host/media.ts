/** Bytes of library tracks and covers as web answers, for media:// of the desktop app and /media/ of the web host. */
import { open } from 'node:fs/promises';
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import type { ErrorCode } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { parseByteRange } from './byte-range.ts';
import { streamOfFile } from './file-stream.ts';

/** A library track by id: where its bytes lie the engine says, no path ever comes from a page. */
export interface MediaRequest {
  readonly kind: 'track' | 'cover';
  readonly trackId: number;
  readonly method: string;
  /** The Range header, null without one. */
  readonly range: string | null;
}

/** "track/17" or "cover/17", and nothing that merely looks like it. */
export function parseMediaPath(path: string): { kind: 'track' | 'cover'; trackId: number } | null {
  const found = /^(track|cover)\/([1-9][0-9]{0,14})$/.exec(path);
  return found === null ? null : { kind: found[1] as 'track' | 'cover', trackId: Number(found[2]) };
}

/** Pictures that a page may show; SVG is a document and stays out. */
const coverTypes: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
]);

const commonHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cache-Control': 'no-store',
};

const statusOfCode: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'file-not-found': 404,
  'file-not-readable': 403,
  'folder-offline': 503,
};

/** Never throws: what fails is a status. The caller has to read or cancel the body. */
export async function answerMedia(
  client: Pick<EngineClient, 'request'>,
  asked: MediaRequest,
  log: Logger,
): Promise<Response> {
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return refuseMedia(405);
  try {
    return asked.kind === 'cover'
      ? await answerCover(client, asked.trackId)
      : await answerTrack(client, asked, log);
  } catch (error) {
    log.warn(
      { kind: asked.kind, trackId: asked.trackId, error: String(error) },
      'A track or cover could not be served',
    );
    return refuseMedia(statusOf(error));
  }
}

export function refuseMedia(status: number): Response {
  return new Response(null, { status, headers: commonHeaders });
}

async function answerCover(client: Pick<EngineClient, 'request'>, trackId: number): Promise<Response> {
  const cover = await client.request('tracks.cover', { trackId });
  if (cover === null) return refuseMedia(404);
  const type = cover.mimeType.toLowerCase() === 'image/jpg' ? 'image/jpeg' : cover.mimeType.toLowerCase();
  if (!coverTypes.has(type)) return refuseMedia(415);
  return new Response(Buffer.from(cover.base64, 'base64'), {
    headers: { ...commonHeaders, 'Content-Type': type, 'Cache-Control': 'private, max-age=60' },
  });
}

async function answerTrack(
  client: Pick<EngineClient, 'request'>,
  { trackId, method, range: header }: MediaRequest,
  log: Logger,
): Promise<Response> {
  const { path, mimeType } = await client.request('tracks.file', { trackId });
  const file = await open(path);
  let handedOn = false;
  try {
    // The size now, not when it was scanned: a file may have been replaced.
    const size = (await file.stat()).size;
    const range = parseByteRange(header, size);
    const headers: Record<string, string> = {
      ...commonHeaders,
      'Content-Type': mimeType,
      'Accept-Ranges': 'bytes',
    };
    if (range === 'unsatisfiable') {
      return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}` } });
    }
    const bytes = range === 'whole' ? { start: 0, end: size - 1 } : range;
    headers['Content-Length'] = String(bytes.end - bytes.start + 1);
    if (range !== 'whole') headers['Content-Range'] = `bytes ${bytes.start}-${bytes.end}/${size}`;
    const status = range === 'whole' ? 200 : 206;
    if (method === 'HEAD' || size === 0) return new Response(null, { status, headers });
    handedOn = true;
    const stream = streamOfFile(file, bytes, (error) =>
      log.warn({ trackId, path, error: String(error) }, 'Reading a track for playing failed'),
    );
    return new Response(stream as unknown as ConstructorParameters<typeof Response>[0], { status, headers });
  } finally {
    if (!handedOn) await file.close();
  }
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return statusOfCode[error.code] ?? 500;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 404;
  return code === 'EACCES' || code === 'EPERM' ? 403 : 500;
}
