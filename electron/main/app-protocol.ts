/** app://cratewise/ : the renderer's files, instead of file:// (which may read everything the user may). */
import { answerPageFile, fileOfPath } from '#host/page-files.ts';

export const appScheme = 'app';
export const appOrigin = `${appScheme}://cratewise`;

/**
 * The file that an address stands for, or null when it stands for none: another host, a query for a file
 * outside `folder` however it is spelled, a name that no file can have.
 */
export function fileOfAddress(address: string, folder: string): string | null {
  const path = pathOf(address);
  return path === null ? null : fileOfPath(path, folder);
}

/** Answers requests of app:// from `folder`. */
export function createAppHandler(
  folder: string,
  contentSecurityPolicy: string,
): (request: Request) => Promise<Response> {
  return (request) => answerPageFile(request.method, pathOf(request.url), folder, contentSecurityPolicy);
}

/** Null for another host. */
function pathOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return `${url.protocol}//${url.host}` === appOrigin ? url.pathname : null;
}
