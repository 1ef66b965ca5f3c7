/** JSON of everything (for scripts), and JSPF, the playlist that xspf.org gives in JSON. */
import { fileUrl } from '../paths.ts';
import type { ExchangeDocument, ExchangeTrack } from '../model.ts';

/** Grows when a field changes its meaning or goes. */
const VERSION = 1;

/** { format, version, tracks, lists }: fields as in model.ts. */
export function* formatJson(document: ExchangeDocument, version: string): Generator<string> {
  const head = { format: 'cratewise-exchange', version: VERSION, program: `Cratewise ${version}` };
  yield `${JSON.stringify(head).slice(0, -1)},"tracks":[\n`;
  for (const [index, track] of document.tracks.entries())
    yield `${index === 0 ? '' : ',\n'}${JSON.stringify(track)}`;
  yield `\n],"lists":${JSON.stringify(document.lists)}}\n`;
}

/** @param location gives the address of a track: absolute or relative */
export function* formatJspf(
  name: string,
  tracks: readonly ExchangeTrack[],
  location: (track: ExchangeTrack) => string = ({ path }) => fileUrl(path),
): Generator<string> {
  yield `{"playlist":{"title":${JSON.stringify(name)},"creator":"Cratewise","track":[\n`;
  for (const [index, track] of tracks.entries()) {
    const entry = {
      location: [location(track)],
      title: track.title ?? undefined,
      creator: track.artist ?? undefined,
      album: track.album ?? undefined,
      annotation: track.comment ?? undefined,
      trackNum: positive(track.trackNumber) ?? undefined,
      duration: track.durationSeconds === null ? undefined : Math.round(track.durationSeconds * 1000),
    };
    yield `${index === 0 ? '' : ',\n'}${JSON.stringify(entry)}`;
  }
  yield '\n]}}\n';
}

/** XSPF's trackNum is at least 1. */
export function positive(number: number | null): number | null {
  return number !== null && number > 0 ? number : null;
}
