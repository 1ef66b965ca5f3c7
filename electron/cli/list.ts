/** `cratewise list [QUERY] [--fields a,b,…]` */
import type { Command } from 'commander';
import type { Track, TrackDetail } from '#shared/domain.ts';
import { allFields, cell, defaultFields, needsDetail, parseFields, pick } from './fields.ts';
import type { Field } from './fields.ts';
import type { GlobalOptions } from './global-options.ts';
import { isPipeGone, printList, printable } from './output.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';

interface ListOptions extends GlobalOptions {
  readonly fields?: readonly Field[];
}

/** Rows of one request: some ms of the engine, some hundred KB of JSON. */
const PAGE = 1000;

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('list tracks: all, or those that a query finds')
    .argument('[query]', 'as in the search box, for example: genre:house year:1990..1999')
    .option('--fields <fields>', `what to print, separated by commas: ${allFields.join(', ')}`, parseFields)
    .action(async (query: string | undefined, _options: unknown, command: Command) => {
      await list(query ?? '', command.optsWithGlobals<ListOptions>());
    });
}

async function list(query: string, options: ListOptions): Promise<void> {
  const fields = options.fields ?? defaultFields;
  const isTable = options.fields === undefined;
  await withLibrary(options, (session) =>
    printList(
      options,
      rows(session, query, needsDetail(fields)),
      ({ track, detail }) => pick(track, detail, fields),
      ({ track, detail }) =>
        isTable
          ? lineOf(track)
          : Object.values(pick(track, detail, fields))
              .map(cell)
              .join('\t'),
    ),
  );
}

interface Row {
  readonly track: Track;
  readonly detail: TrackDetail | null;
}

async function* rows(session: Session, text: string, withDetail: boolean): AsyncGenerator<Row> {
  // A scan may go on beside it: rows that move from one page to the next are printed once.
  const seen = new Set<number>();
  for (let offset = 0; ; offset += PAGE) {
    const page = await session.request('tracks.window', {
      query: { text },
      sort: [{ field: 'path' }],
      offset,
      limit: PAGE,
    });
    for (const track of page.rows) {
      if (seen.has(track.id)) continue;
      if (isPipeGone()) return;
      seen.add(track.id);
      const detail = withDetail ? await session.request('tracks.get', { trackId: track.id }) : null;
      yield { track, detail };
    }
    if (page.rows.length === 0 || offset + page.rows.length >= page.total) return;
  }
}

/** "17  Artist – Title  (House 92 %)  /music/a.mp3" */
export function lineOf(track: Track): string {
  const name = [track.artist, track.title]
    .filter((part) => part !== null)
    .map(printable)
    .join(' – ');
  const genres = track.genres.slice(0, 3).map(cell).join(', ');
  const state = track.error === null ? (track.state === 'present' ? '' : track.state) : track.error.code;
  const parts = [
    String(track.id).padStart(6),
    name,
    genres === '' ? '' : `(${genres})`,
    printable(track.path),
  ];
  return [...parts, state === '' ? '' : `[${state}]`].filter((part) => part !== '').join('  ');
}
