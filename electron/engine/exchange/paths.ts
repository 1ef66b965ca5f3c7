/** Paths of this and other computers: POSIX ones, and those of Windows with their drive. */
import type { PathMapping } from '#shared/domain.ts';

/** "C:\\" or "C:/", or a share. */
export function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
}

/** With '/' only. Backslashes are separators in Windows paths alone: elsewhere they are part of a name. */
export function slashed(path: string): string {
  return isWindowsPath(path) ? path.replaceAll('\\', '/') : path;
}

/**
 * The path with the beginning that stands for it elsewhere; whole folder names only. The result has the separators of
 * what it begins with: "/music/a/b.mp3" with "/music" → "D:\\Music" is "D:\\Music\\a\\b.mp3".
 */
export function mapPath(path: string, mappings: readonly PathMapping[]): string {
  const own = slashed(path);
  for (const mapping of mappings) {
    const from = withoutEnd(slashed(mapping.from));
    const rest = restAfter(own, from, isWindowsPath(path));
    if (rest === null) continue;
    const to = withoutEnd(mapping.to);
    return mapping.to.includes('\\') ? to + rest.replaceAll('/', '\\') : to + rest;
  }
  return path;
}

/** What follows a folder's path, with its '/'; null when the path is elsewhere. Windows knows no case. */
function restAfter(path: string, folder: string, anyCase: boolean): string | null {
  const begins = anyCase ? path.toLowerCase().startsWith(folder.toLowerCase()) : path.startsWith(folder);
  const rest = path.slice(folder.length);
  return begins && rest.startsWith('/') ? rest : null;
}

function withoutEnd(folder: string): string {
  return folder.replace(/[\\/]+$/, '');
}

/** Each part percent-encoded but for letters, digits and -_.~ (RFC 3986); the drive of Windows keeps its colon. */
export function encodePath(path: string): string {
  return slashed(path)
    .split('/')
    .map((part, index) =>
      index === 0 && /^[A-Za-z]:$/.test(part)
        ? part
        : encodeURIComponent(part.toWellFormed()).replaceAll(
            /[!'()*]/g,
            (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
          ),
    )
    .join('/');
}

/** The file: address of an absolute path (RFC 8089), with this host: '' or 'localhost'. */
export function fileUrl(path: string, host: '' | 'localhost' = ''): string {
  const encoded = encodePath(path);
  if (/^\/\//.test(slashed(path))) return `file:${encoded}`;
  return `file://${host}${encoded.startsWith('/') ? '' : '/'}${encoded}`;
}

/** The path of a file: address, or the text itself when it is none. What is badly encoded is taken as it stands. */
export function pathOfUrl(text: string): string {
  const match = /^file:(?:\/\/([^/\\]*))?(.*)$/is.exec(text.trim());
  if (match === null) return text;
  const [, host = '', rest = ''] = match;
  const path = decoded(rest);
  if (/^\/[A-Za-z]:(?:\/|\\|$)/.test(path)) return path.slice(1).replaceAll('/', '\\');
  if (host !== '' && host.toLowerCase() !== 'localhost') return `\\\\${host}${path.replaceAll('/', '\\')}`;
  return path.startsWith('/') ? path : `/${path}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
      const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
      const utf8 = bytes.toString('utf8');
      return utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8;
    });
  }
}
