/** The renderer's files as web answers, for app:// of the desktop app and the local web host. */
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** No inline script, no eval, no other origin. `mediaSource`: where music and covers come from beside the page's own. */
export function pagePolicy(mediaSource = ''): string {
  const media = `'self' ${mediaSource}`.trim();
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${media}`,
    `media-src ${media}`,
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The file that a path of an address stands for; null when it would lie outside `folder`, however it is spelled. */
export function fileOfPath(pathname: string, folder: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const root = resolve(folder);
  const file = resolve(join(root, path === '/' ? 'index.html' : path));
  return file.startsWith(root + sep) ? file : null;
}

/** `pathname` null: not an address of ours. Never throws. */
export async function answerPageFile(
  method: string,
  pathname: string | null,
  folder: string,
  contentSecurityPolicy: string,
): Promise<Response> {
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-cache',
  };
  if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405, headers });
  const file = pathname === null ? null : fileOfPath(pathname, folder);
  const type = file === null ? undefined : mimeTypes[extname(file)];
  if (file === null || type === undefined) return new Response('Not found', { status: 404, headers });
  try {
    const body = method === 'HEAD' ? null : await readFile(file);
    return new Response(body, { headers: { ...headers, 'Content-Type': type } });
  } catch {
    return new Response('Not found', { status: 404, headers });
  }
}
