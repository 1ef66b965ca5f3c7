/**
 * Bytes of library tracks and covers as web answers, for media:// of the desktop app and /media/ of the web host:
 * the file as it is, or, where a browser cannot decode it, a WAV file that is made as it is read.
 */
import { open } from 'node:fs/promises';
import type { ReadableStream } from 'node:stream/web';
import type { MediaKind } from '#shared/bridge.ts';
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import type { ErrorCode } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import { parseByteRange } from './byte-range.ts';
import type { ByteRange } from './byte-range.ts';
import { streamOfFile } from './file-stream.ts';
import { streamOfWav } from './wav-stream.ts';
import type { OpenWav } from './wav-stream.ts';

/** A library track by id: where its bytes lie the engine says, no path ever comes from a page. */
export interface MediaRequest {
  readonly kind: MediaKind;
  readonly trackId: number;
  readonly method: string;
  /** The Range header, null without one. */
  readonly range: string | null;
}

/** Where the bytes come from. */
export interface MediaSources {
  readonly client: Pick<EngineClient, 'request'>;
  /** Decodes a file to a WAV file: the engine's createPlayer fits. */
  readonly player: {
    openWav(path: string, decodedSeconds: number | null, signal?: AbortSignal): Promise<OpenWav>;
  };
  readonly log: Logger;
}

/** "track/17", "wav/17" or "cover/17", and nothing that merely looks like it. */
export function parseMediaPath(path: string): { kind: MediaKind; trackId: number } | null {
  const found = /^(track|wav|cover)\/([1-9][0-9]{0,14})$/.exec(path);
  return found === null ? null : { kind: found[1] as MediaKind, trackId: Number(found[2]) };
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
  'file-empty': 422,
  'file-type-mismatch': 422,
  'file-encrypted': 422,
  'file-no-audio': 422,
  'file-corrupt': 422,
  'file-truncated': 422,
  'file-unsupported': 422,
  'analysis-crashed': 422,
  'analysis-timeout': 422,
};

/** Never throws: what fails is a status. The caller has to read or cancel the body. */
export async function answerMedia(sources: MediaSources, asked: MediaRequest): Promise<Response> {
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return refuseMedia(405);
  try {
    if (asked.kind === 'cover') return await answerCover(sources.client, asked.trackId);
    return asked.kind === 'wav' ? await answerWav(sources, asked) : await answerTrack(sources, asked);
  } catch (error) {
    sources.log.warn(
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
  { client, log }: MediaSources,
  { trackId, method, range }: MediaRequest,
): Promise<Response> {
  const { path, mimeType } = await client.request('tracks.file', { trackId });
  const file = await open(path);
  let handedOn = false;
  try {
    // The size now, not when it was scanned: a file may have been replaced.
    const size = (await file.stat()).size;
    const part = partOf(size, range, mimeType);
    if (method === 'HEAD' || part.bytes === null) return emptyAnswer(part);
    handedOn = true;
    const stream = streamOfFile(file, part.bytes, (error) =>
      log.warn({ trackId, path, error: String(error) }, 'Reading a track for playing failed'),
    );
    return answerWith(stream, part);
  } finally {
    if (!handedOn) await file.close();
  }
}

async function answerWav(
  { client, player, log }: MediaSources,
  { trackId, method, range }: MediaRequest,
): Promise<Response> {
  const { path, decodedSeconds } = await client.request('tracks.file', { trackId });
  const wav = await player.openWav(path, decodedSeconds);
  const part = partOf(wav.sizeBytes, range, 'audio/wav');
  if (method === 'HEAD' || part.bytes === null) {
    wav.close();
    return emptyAnswer(part);
  }
  const stream = streamOfWav(wav, part.bytes, (error) =>
    log.warn({ trackId, path, error: String(error) }, 'Decoding a track for playing failed'),
  );
  return answerWith(stream, part);
}

/** What of a resource is answered: nothing (`bytes` null) behind its end, and of an empty one. */
interface Part {
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: ByteRange | null;
}

function partOf(size: number, header: string | null, mimeType: string): Part {
  const range = parseByteRange(header, size);
  const headers = { ...commonHeaders, 'Content-Type': mimeType, 'Accept-Ranges': 'bytes' };
  if (range === 'unsatisfiable')
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}` }, bytes: null };
  const bytes = range === 'whole' ? { start: 0, end: size - 1 } : range;
  const length = { 'Content-Length': String(bytes.end - bytes.start + 1) };
  return {
    status: range === 'whole' ? 200 : 206,
    headers:
      range === 'whole'
        ? { ...headers, ...length }
        : { ...headers, ...length, 'Content-Range': `bytes ${bytes.start}-${bytes.end}/${size}` },
    bytes: size === 0 ? null : bytes,
  };
}

function emptyAnswer({ status, headers }: Part): Response {
  return new Response(null, { status, headers });
}

function answerWith(stream: ReadableStream<Uint8Array>, { status, headers }: Part): Response {
  return new Response(stream as unknown as ConstructorParameters<typeof Response>[0], { status, headers });
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return statusOfCode[error.code] ?? 500;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 404;
  return code === 'EACCES' || code === 'EPERM' ? 403 : 500;
}
