/** `cratewise playlist list/create/generate/build/show/delete/export` */
import { Option } from 'commander';
import type { Command } from 'commander';
import { exportFormats } from '#shared/domain/exchange.ts';
import type { ExportFormat, PathMapping, Playlist, PlaylistEntry } from '#shared/domain.ts';
import { parseSearch } from '#shared/search/parse.ts';
import { rulesOfSearch } from '#shared/search/rules.ts';
import { defaultFields, pick } from './fields.ts';
import type { GlobalOptions } from './global-options.ts';
import { confidence, mapping, wholeNumber } from './global-options.ts';
import { lineOf } from './list.ts';
import { counted, note, printList, printResult, printable } from './output.ts';
import { fromUser } from './places.ts';
import { duration } from './progress.ts';
import { findPlaylist, findTrack, readReferences } from './references.ts';
import { addPlaylistCopyCommand } from './playlist-copy.ts';
import { addPlaylistBuildCommand } from './playlist-build.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';

interface GenerateOptions extends GlobalOptions {
  readonly name?: string;
  readonly minConfidence?: number;
  readonly limit?: number;
}
interface CreateOptions extends GlobalOptions {
  readonly crate?: true;
  readonly search?: string;
}
interface ExportOptions extends GlobalOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly relative?: true;
  readonly overwrite?: true;
  readonly eachList?: true;
  readonly map?: readonly PathMapping[];
}

/** Rows of one request. */
const PAGE = 1000;

export function addPlaylistCommand(program: Command): void {
  const playlist = program.command('playlist').description('make, show and export playlists');

  playlist
    .command('list')
    .description('all playlists')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const all = await withLibrary(options, (session) => session.request('playlists.list', {}));
      await printList(options, all, (one) => one, describe);
    });

  playlist
    .command('create')
    .description('a new playlist, with tracks in this order; or one that holds what a search finds')
    .argument('<name>')
    .argument('[tracks...]', 'paths or ids; - reads one a line from stdin')
    .option('--crate', 'a set: each track once, in no order')
    .addOption(
      new Option('--search <query>', 'a smart playlist: whatever this search finds at the time').conflicts(
        'crate',
      ),
    )
    .action(async (name: string, tracks: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      if (options.search !== undefined && tracks.length > 0) {
        command.error('error: a smart playlist takes no tracks: its search finds them');
      }
      const references = await readReferences(tracks);
      await printMade(options, async (session) => {
        if (options.search !== undefined) {
          const rules = { where: rulesOfSearch(parseSearch(options.search)) };
          return await session.request('playlists.create', { name, rules });
        }
        const trackIds: number[] = [];
        for (const reference of references) trackIds.push((await findTrack(session, reference)).id);
        const kind = options.crate === true ? 'crate' : 'playlist';
        return await session.request('playlists.create', { name, kind, trackIds });
      });
    });

  playlist
    .command('generate')
    .description('a new playlist of all tracks of a genre, the most confident first')
    .argument('<genre>', 'name or id, for example: House')
    .option('--name <name>', 'name of the playlist (default: the name of the genre)')
    .option(
      '--min-confidence <c>',
      "confidence from which a track counts (default: the genre's own)",
      confidence,
    )
    .option('--limit <n>', 'how many tracks at most', wholeNumber(1, 5000))
    .action(async (genre: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GenerateOptions>();
      const { name, minConfidence: minimumConfidence, limit } = options;
      await printMade(options, (session) =>
        session.request('playlists.generate', { genre, name, minimumConfidence, limit }),
      );
    });

  addPlaylistBuildCommand(playlist);

  playlist
    .command('show')
    .description('the tracks of a playlist')
    .argument('<name>', 'name or id')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withLibrary(options, async (session) => {
        const { id } = await findPlaylist(session, name);
        await printList(
          options,
          entries(session, id),
          ({ position, track }) => ({ position, ...pick(track, null, defaultFields) }),
          ({ position, track }) => `${String(position + 1).padStart(5)}. ${lineOf(track).trimStart()}`,
        );
      });
    });

  playlist
    .command('delete')
    .description('delete a playlist; its tracks stay')
    .argument('<name>', 'name or id')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const deleted = await withLibrary(options, async (session) => {
        const found = await findPlaylist(session, name);
        await session.request('playlists.delete', { playlistId: found.id });
        return found;
      });
      await printResult(options, deleted, () => `Deleted: ${describe(deleted)}`);
    });

  playlist
    .command('export')
    .description('write a playlist, or a folder of them, for players and DJ software')
    .argument('<name>', 'name or id')
    .addOption(new Option('--format <format>', 'file format').choices(exportFormats).default('m3u8'))
    .requiredOption('--out <file>', 'the file to write')
    .option('--relative', 'paths relative to that file (m3u8, jspf, xspf)')
    .option('--overwrite', 'replace the file if it is there')
    .option('--each-list', 'out is a folder: each list becomes a file in it')
    .option('--map <from=to>', 'another beginning of paths, for another computer; may be repeated', mapping)
    .action(async (name: string, _options: unknown, command: Command) => {
      await exportPlaylist(name, command.optsWithGlobals<ExportOptions>());
    });

  addPlaylistCopyCommand(playlist);
}

async function exportPlaylist(name: string, options: ExportOptions): Promise<void> {
  const written = await withLibrary(options, async (session) => {
    const { id: playlistId } = await findPlaylist(session, name);
    const { format, relative, overwrite, eachList, map: mappings } = options;
    const file = fromUser(options.out);
    const target = { playlistId, format, file, relative, overwrite, eachList };
    return await session.request('playlists.export', { ...target, mappings: mappings && [...mappings] });
  });
  if (written.leftOut > 0) {
    const left = counted(written.leftOut, 'track');
    note(options, `${left} left out: missing, or with a name that the format cannot hold.`);
  }
  await printResult(options, written, () => {
    const files = written.files > 1 ? `${counted(written.files, 'file')} in ` : '';
    return `${counted(written.tracks, 'track')} in ${files}${printable(written.file)}`;
  });
}

async function printMade(
  options: GlobalOptions,
  make: (session: Session) => Promise<Playlist>,
): Promise<void> {
  const made = await withLibrary(options, make);
  await printResult(options, made, () => describe(made));
}

async function* entries(session: Session, playlistId: number): AsyncGenerator<PlaylistEntry> {
  for (let offset = 0; ; offset += PAGE) {
    const page = await session.request('playlists.entries', { playlistId, offset, limit: PAGE });
    yield* page.entries;
    if (offset + PAGE >= page.total) return;
  }
}

function describe({ id, name, kind, trackCount, durationSeconds }: Playlist): string {
  const what = kind === 'playlist' ? '' : `${kind}, `;
  return `${String(id).padStart(4)}  ${printable(name)}  (${what}${counted(trackCount, 'track')}, ${duration(durationSeconds)})`;
}
