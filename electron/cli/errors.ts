/** `cratewise errors [--retry]` */
import type { Command } from 'commander';
import type { Track } from '#shared/domain.ts';
import { errorText } from '#shared/error-text.ts';
import type { GlobalOptions } from './global-options.ts';
import { counted, note, printList, printable } from './output.ts';
import { createProgress } from './progress.ts';
import { finishAnalysis } from './scan-work.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';

interface ErrorsOptions extends GlobalOptions {
  readonly retry?: true;
}

const PAGE = 1000;

export function addErrorsCommand(program: Command): void {
  program
    .command('errors')
    .description('files that could not be read or analysed, with the reasons')
    .option('--retry', 'try all of them again first')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ErrorsOptions>();
      await withLibrary(options, async (session) => {
        if (options.retry === true) await retry(session, options);
        const count = await printList(options, failed(session), toValue, toText);
        if (count === 0) note(options, 'No file failed.');
      });
    });
}

/** Files whose tags failed are looked at again, too. */
async function retry(session: Session, options: GlobalOptions): Promise<void> {
  const progress = createProgress(options.quiet === true);
  try {
    const { queued } = await session.request('analysis.retry', {});
    progress.say(`Trying ${counted(queued, 'file')} again.`);
    await session.request('library.scan', {});
    await finishAnalysis(session, progress);
  } finally {
    progress.stop();
  }
}

async function* failed(session: Session): AsyncGenerator<Track> {
  for (let offset = 0; ; offset += PAGE) {
    const { rows, total } = await session.request('tracks.window', {
      query: { hasError: true },
      sort: [{ field: 'path' }],
      offset,
      limit: PAGE,
    });
    yield* rows;
    if (rows.length === 0 || offset + PAGE >= total) return;
  }
}

function toValue({ id, path, state, error }: Track): unknown {
  return { id, path, state, ...error };
}

function toText({ path, error }: Track): string {
  if (error === null) return printable(path);
  const reason = error.detail === '' ? errorText(error.code).advice : error.detail;
  return `${printable(path)}\n    ${error.code}: ${printable(reason)}`;
}
