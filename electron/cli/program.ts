/** The command line as commander sees it. */
import { Command, Option } from 'commander';
import { addDoctorCommand } from './doctor.ts';
import { addErrorsCommand } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { addExplainCommand } from './explain.ts';
import { addGenresCommand } from './genres.ts';
import { wholeNumber } from './global-options.ts';
import { addLibraryCommand } from './library.ts';
import { addListCommand } from './list.ts';
import { productVersion } from './places.ts';
import { addPlaylistCommand } from './playlist.ts';
import { addScanCommand } from './scan.ts';
import { addServeCommand } from './serve.ts';
import { addSimilarCommand } from './similar.ts';
import { addTagCommand } from './tag.ts';

/** `ends` hears the exit code of a command that ends otherwise than with 0. */
export function createProgram(ends: (code: ExitCode) => void): Command {
  const program = new Command('cratewise')
    .description('Organises a local music library by how it sounds, with no network at all.')
    .version(productVersion())
    .option('--db <file>', 'the library; analysis.db lies beside it')
    .addOption(new Option('--json', 'one JSON value on stdout').conflicts('ndjson'))
    .addOption(new Option('--ndjson', 'one JSON object a line, for long lists').conflicts('json'))
    .option('--quiet', 'no progress and no remarks on stderr')
    .option('--jobs <n>', 'threads of the analyser (default: as many as there are cores)', wholeNumber(1, 64))
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride();
  addScanCommand(program, ends);
  addListCommand(program);
  addGenresCommand(program);
  addSimilarCommand(program);
  addExplainCommand(program, ends);
  addPlaylistCommand(program);
  addTagCommand(program, ends);
  addLibraryCommand(program);
  addErrorsCommand(program);
  addDoctorCommand(program, ends);
  addServeCommand(program);
  program.addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failure, 2 wrong usage, 3 --strict and some files failed,\n' +
      '4 the library is held by another host, 130 interrupted (a later run resumes).',
  );
  return program;
}
