/**
 * media://track/<id> and media://cover/<id>: library tracks by id only. Where their bytes lie the engine
 * says; no path ever comes from a page.
 */
import { open } from 'node:fs/promises';
import type { EngineClient } from '#shared/contract.ts';
import { mediaScheme } from '#shared/bridge.ts';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { parseByteRange } from './byte-range.ts';
import { streamOfFile } from './file-stream.ts';

/** What an address asks for, or null when it is not one of the two. */
export function parseMediaAddress(address: string): { kind: 'track' | 'cover'; trackId: number } | null {
  const found = new RegExp(`^${mediaScheme}://(track|cover)/([1-9][0-9]{0,14})$`).exec(address);
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

/** Answers requests of media://. `client` is asked at each request: the engine may have been restarted. */
export function createMediaHandler(
  client: () => EngineClient,
  log: Logger,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const asked = parseMediaAddress(request.url);
    if (asked === null) return refuse(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    try {
      return asked.kind === 'cover'
        ? await answerCover(client(), asked.trackId)
        : await answerTrack(client(), asked.trackId, request, log);
    } catch (error) {
      log.warn({ url: request.url, error: String(error) }, 'A track or cover could not be served');
      return refuse(statusOf(error));
    }
  };
}

async function answerCover(client: EngineClient, trackId: number): Promise<Response> {
  const cover = await client.request('tracks.cover', { trackId });
  if (cover === null) return refuse(404);
  const type = cover.mimeType.toLowerCase() === 'image/jpg' ? 'image/jpeg' : cover.mimeType.toLowerCase();
  if (!coverTypes.has(type)) return refuse(415);
  return new Response(Buffer.from(cover.base64, 'base64'), {
    headers: { ...commonHeaders, 'Content-Type': type, 'Cache-Control': 'private, max-age=60' },
  });
}

async function answerTrack(
  client: EngineClient,
  trackId: number,
  request: Request,
  log: Logger,
): Promise<Response> {
  const { path, mimeType } = await client.request('tracks.file', { trackId });
  const file = await open(path);
  let handedOn = false;
  try {
    // The size now, not when it was scanned: a file may have been replaced.
    const size = (await file.stat()).size;
    const range = parseByteRange(request.headers.get('range'), size);
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
    if (request.method === 'HEAD' || size === 0) return new Response(null, { status, headers });
    handedOn = true;
    const stream = streamOfFile(file, bytes, (error) =>
      log.warn({ trackId, path, error: String(error) }, 'Reading a track for playing failed'),
    );
    return new Response(stream as ConstructorParameters<typeof Response>[0], { status, headers });
  } finally {
    if (!handedOn) await file.close();
  }
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: commonHeaders });
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return statusOfCode[error.code] ?? 500;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 404;
  return code === 'EACCES' || code === 'EPERM' ? 403 : 500;
}
