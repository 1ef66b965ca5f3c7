/**
 * media://track/<id>, media://wav/<id> and media://cover/<id>: library tracks by id only. Where their bytes lie the engine
 * says; no path ever comes from a page.
 */
import { answerMedia, parseMediaPath, refuseMedia } from '#host/media.ts';
import type { MediaSources } from '#host/media.ts';
import type { EngineClient } from '#shared/contract.ts';
import { mediaScheme } from '#shared/bridge.ts';
import type { MediaKind } from '#shared/bridge.ts';
import type { Logger } from '#shared/log.ts';

/** What an address asks for, or null when it is not one of the three. */
export function parseMediaAddress(address: string): { kind: MediaKind; trackId: number } | null {
  const start = `${mediaScheme}://`;
  return address.startsWith(start) ? parseMediaPath(address.slice(start.length)) : null;
}

/** Answers requests of media://. `client` is asked at each request: the engine may have been restarted. */
export function createMediaHandler(
  client: () => EngineClient,
  player: MediaSources['player'],
  log: Logger,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const asked = parseMediaAddress(request.url);
    if (asked === null) return refuseMedia(404);
    const range = request.headers.get('range');
    return await answerMedia({ client: client(), player, log }, { ...asked, method: request.method, range });
  };
}
