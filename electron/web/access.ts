/**
 * Who may speak to the web host: only pages of its own, opened with the token. Any web page can send
 * requests to 127.0.0.1, and a name that is made to resolve to it (DNS rebinding) makes them look local.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Access {
  /** Null: go on. Else the status and the sentence of the refusal. */
  refuse(request: IncomingMessage, url: URL): Refusal | null;
  /** The token of the address, if it is there and right: the cookie to set. */
  cookieFor(url: URL): string | null;
}

export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly detail: string;
}

export function createAccess(port: number, token: string): Access {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const origins = new Set([...hosts].map((host) => `http://${host}`));
  // Cookies are shared by all ports of a host: the name keeps two web hosts apart.
  const cookieName = `cratewise-${port}`;

  function hasCookie(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.some(
      (cookie) => cookie.startsWith(`${cookieName}=`) && isSame(cookie.slice(cookieName.length + 1), token),
    );
  }

  return {
    refuse(request, url) {
      if (!hosts.has(request.headers.host ?? '')) {
        return { status: 421, detail: 'This address is not the one that Cratewise printed.' };
      }
      const { origin } = request.headers;
      const site = request.headers['sec-fetch-site'];
      const isForeign = origin !== undefined && !origins.has(origin);
      // A page may be opened from anywhere, with the token; what pages ask for must come from our own.
      const isPage = request.method === 'GET' && url.pathname === '/';
      const isFetchedByOthers = !isPage && site !== undefined && site !== 'same-origin' && site !== 'none';
      const lacksOrigin = request.method === 'POST' && origin === undefined;
      if (isForeign || isFetchedByOthers || lacksOrigin) {
        return { status: 403, detail: 'Only pages of this Cratewise may ask for this.' };
      }
      if (!hasCookie(request)) {
        return {
          status: 401,
          detail: 'Open the address that Cratewise printed in the terminal: it carries the key to this page.',
        };
      }
      return null;
    },
    cookieFor(url) {
      const given = url.searchParams.get('token');
      if (given === null || !isSame(given, token)) return null;
      return `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`;
    },
  };
}

/** Takes the same time wherever the first difference is. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
