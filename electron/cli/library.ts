/** `cratewise library import/export`: what other programs know, in and out. */
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { exportFormats, importParts } from '#shared/domain/exchange.ts';
import type { ExportFormat, ImportPart, ImportResult, PathMapping } from '#shared/domain.ts';
import { mapping } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { counted, note, printable, printResult } from './output.ts';
import { fromUser } from './places.ts';
import { findTrack } from './references.ts';
import { withLibrary } from './session.ts';

interface ImportOptions extends GlobalOptions {
  readonly dryRun?: true;
  readonly only?: readonly ImportPart[];
  readonly map?: readonly PathMapping[];
  readonly match?: readonly HandMatch[];
}
interface ExportOptions extends GlobalOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly relative?: true;
  readonly overwrite?: true;
  readonly eachList?: true;
  readonly map?: readonly PathMapping[];
}

interface HandMatch {
  readonly entry: number;
  readonly reference: string;
}

/** Unmatched entries that are named on a terminal; --json has more of them. */
const MOST_NAMED = 50;

export function addLibraryCommand(program: Command): void {
  const library = program.command('library').description('take over and hand over a whole library');

  library
    .command('import')
    .description('playlists, ratings, play counts, cues, grids and colours of another program')
    .argument('<file>', 'M3U, PLS, rekordbox XML, Traktor NML, Serato crates, VirtualDJ, iTunes or Music XML')
    .option('--dry-run', 'only say what would happen')
    .addOption(new Option('--only <parts...>', 'only these').choices(importParts))
    .option(
      '--map <from=to>',
      'where files of the other program are here (default: guessed); may be repeated',
      mapping,
    )
    .option('--match <entry=track>', 'what an unmatched entry is, by path or id; may be repeated', handMatch)
    .action(async (file: string, _options: unknown, command: Command) => {
      await importFile(file, command.optsWithGlobals<ImportOptions>());
    });

  library
    .command('export')
    .description('all tracks and playlists for DJ software')
    .addOption(new Option('--format <format>', 'file format').choices(exportFormats).makeOptionMandatory())
    .requiredOption('--out <file>', 'the file to write')
    .option('--relative', 'paths relative to that file (m3u8, jspf, xspf)')
    .option('--overwrite', 'replace the file if it is there')
    .option('--each-list', 'out is a folder: each list becomes a file in it')
    .option('--map <from=to>', 'another beginning of paths, for another computer; may be repeated', mapping)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      const { format, relative, overwrite, eachList, map: mappings } = options;
      const target = { format, file: fromUser(options.out), relative, overwrite, eachList };
      const written = await withLibrary(options, (session) =>
        session.request('library.export', { ...target, mappings: mappings && [...mappings] }),
      );
      if (written.leftOut > 0)
        note(options, `${counted(written.leftOut, 'track')} left out: missing, or with an impossible name.`);
      await printResult(
        options,
        written,
        () =>
          `${counted(written.tracks, 'track')} in ${counted(written.files, 'file')}: ${printable(written.file)}`,
      );
    });
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  const result = await withLibrary(options, async (session) => {
    const matches: { entry: number; trackId: number }[] = [];
    for (const { entry, reference } of options.match ?? [])
      matches.push({ entry, trackId: (await findTrack(session, reference)).id });
    return await session.request('library.import', {
      file: fromUser(file),
      dryRun: options.dryRun,
      parts: options.only && [...options.only],
      mappings: options.map && [...options.map],
      matches,
    });
  });
  for (const { entry, path, artist, title } of result.unmatchedEntries.slice(0, MOST_NAMED)) {
    const name = [artist, title].filter((part) => part !== null).join(' - ');
    note(options, `not found: ${entry}  ${printable(name === '' ? path : `${name}  (${path})`)}`);
  }
  for (const warning of result.warnings) note(options, printable(warning));
  await printResult(options, result, () => summaryOf(result));
}

function summaryOf(result: ImportResult): string {
  const { entries, unmatched, playlists, folders } = result;
  const parts = [
    counted(playlists, 'playlist'),
    ...(folders > 0 ? [counted(folders, 'folder')] : []),
    counted(result.ratings, 'rating'),
    counted(result.playCounts, 'play count'),
    `cues of ${counted(result.cues, 'track')}`,
    `grids of ${counted(result.grids, 'track')}`,
    counted(result.colours, 'colour'),
  ];
  const found = `${counted(entries - unmatched, 'track')} of ${entries.toLocaleString('en')} found`;
  const verb = result.applied ? 'Imported' : 'It would import';
  return `${verb} ${parts.join(', ')}. ${found}.`;
}

function handMatch(text: string, before: readonly HandMatch[] = []): readonly HandMatch[] {
  const match = /^(\d+)=(.+)$/s.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be ENTRY=TRACK, for example 17=/music/a.mp3.');
  return [...before, { entry: Number(match[1]), reference: match[2] ?? '' }];
}
