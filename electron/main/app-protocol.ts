/** app://cratewise/ : the renderer's files, instead of file:// (which may read everything the user may). */
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

export const appScheme = 'app';
export const appOrigin = `${appScheme}://cratewise`;

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

/**
 * The file that an address stands for, or null when it stands for none: another host, a query for a file
 * outside `folder` however it is spelled, a name that no file can have.
 */
export function fileOfAddress(address: string, folder: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (`${url.protocol}//${url.host}` !== appOrigin) return null;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const root = resolve(folder);
  const file = resolve(join(root, path === '/' ? 'index.html' : path));
  return file.startsWith(root + sep) ? file : null;
}

/** Answers requests of app:// from `folder`. */
export function createAppHandler(
  folder: string,
  contentSecurityPolicy: string,
): (request: Request) => Promise<Response> {
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-cache',
  };
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers });
    const file = fileOfAddress(request.url, folder);
    const type = file === null ? undefined : mimeTypes[extname(file)];
    if (file === null || type === undefined) return new Response('Not found', { status: 404, headers });
    try {
      const body = request.method === 'HEAD' ? null : await readFile(file);
      return new Response(body, { headers: { ...headers, 'Content-Type': type } });
    } catch {
      return new Response('Not found', { status: 404, headers });
    }
  };
}
