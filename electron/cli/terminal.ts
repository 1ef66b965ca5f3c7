/** The app in a terminal, where no window can be opened: the local web app, scan, table of genres. */
import { describeError } from './describe-error.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { genreTable } from './genres.ts';
import type { GlobalOptions } from './global-options.ts';
import { interrupt } from './interrupt.ts';
import { counted } from './output.ts';
import { createProgress } from './progress.ts';
import { describe as describeScan } from './scan.ts';
import { scanFolders } from './scan-work.ts';
import { createServing } from './serve.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';
import { toWire } from '#shared/errors.ts';

export interface TerminalOptions {
  /** Absolute paths; none: opens with what the library has. */
  readonly folders: readonly string[];
  /** End after the scan. */
  readonly once: boolean;
  /** Default: any free one. */
  readonly port?: number;
  /** library.db; default: where every host looks for it. */
  readonly libraryFile?: string;
}

/** Resolves with the exit code (also set on the process) when all is done or Ctrl-C was pressed. */
export async function runTerminal(options: TerminalOptions): Promise<number> {
  const { signal } = interrupt();
  const globals: GlobalOptions = options.libraryFile === undefined ? {} : { db: options.libraryFile };
  let code: ExitCode = exitCodes.done;
  let scanned = false;
  let at = '';
  // At once: with 40,000 files the first analysis takes hours, and the app shows them meanwhile.
  const serve = createServing(options.port ?? 0, ({ address }) => {
    at = `The app is at ${address}\nOpen it in a browser of this machine. Ctrl-C ends it.`;
    say(at);
  });
  try {
    await withLibrary(
      globals,
      async (session) => {
        // Not again when the app goes on because the holder of the library has ended.
        const fill = async (): Promise<void> => {
          if (scanned) return;
          await scan(session, options.folders);
          scanned = true;
          // It has scrolled away by now.
          if (!options.once) say(`\n${at}`);
        };
        if (options.folders.length === 0 && !scanned) {
          await tellWhatIsThere(session);
          scanned = true;
        }
        if (options.once) await fill();
        else await serve(session, fill);
      },
      { watch: !options.once },
    );
  } catch (error) {
    if (!signal.aborted) {
      process.stderr.write(`${describeError(error)}\n`);
      code = exitCodeOf(toWire(error).code);
    } else if (!scanned) {
      process.stderr.write('Interrupted; the next start goes on from here.\n');
      code = exitCodes.interrupted;
    }
  }
  process.exitCode = code;
  return code;
}

async function scan(session: Session, folders: readonly string[]): Promise<void> {
  const progress = createProgress(false);
  try {
    const report = await scanFolders(session, folders, progress);
    progress.stop();
    say(`\n${genreTable(await session.request('genres.list', {}))}\n`);
    say(describeScan(report));
    if (report.errors > 0)
      say('“cratewise errors” lists the files that could not be read, with the reasons.');
  } finally {
    progress.stop();
  }
}

async function tellWhatIsThere(session: Session): Promise<void> {
  const { all, analysed, errors } = await session.request('library.counts', {});
  if (all === 0) {
    say('The library is empty. Name a folder to fill it (npm start -- ~/Music), or add one in the web app.');
    return;
  }
  say(`The library has ${counted(all, 'track')}: ${analysed} analysed, ${counted(errors, 'error')}.`);
  say(`\n${genreTable(await session.request('genres.list', {}))}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
