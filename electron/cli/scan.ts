/** `cratewise scan FOLDER… [--jobs N] [--strict]` */
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { counted, note, printResult } from './output.ts';
import { fromUser } from './places.ts';
import { createProgress } from './progress.ts';
import { scanFolders } from './scan-work.ts';
import type { ScanReport } from './scan-work.ts';
import { withLibrary } from './session.ts';

interface ScanOptions extends GlobalOptions {
  readonly strict?: true;
}

export function addScanCommand(program: Command, ends: (code: ExitCode) => void): void {
  program
    .command('scan')
    .description('add folders, and end when all their music is listed and analysed')
    .argument('<folders...>', 'folders with music')
    .option('--strict', 'exit with 3 when some files could not be read')
    .action(async (folders: string[], _options: unknown, command: Command) => {
      ends(await scan(folders, command.optsWithGlobals<ScanOptions>()));
    });
}

async function scan(folders: readonly string[], options: ScanOptions): Promise<ExitCode> {
  const progress = createProgress(options.quiet === true);
  const report = await withLibrary(options, async (session) => {
    try {
      return await scanFolders(session, folders.map(fromUser), progress);
    } finally {
      progress.stop();
    }
  });
  await printResult(options, report, () => describe(report));
  if (report.errors > 0)
    note(options, 'cratewise errors lists the files that could not be read, with the reasons.');
  return options.strict === true && report.errors > 0 ? exitCodes.filesFailed : exitCodes.done;
}

export function describe({ files, moved, changed, missing, errors, seconds, ...report }: ScanReport): string {
  const parts = [
    `${report.new} new`,
    `${changed} changed`,
    `${moved} moved`,
    `${missing} missing`,
    `${report.analysed} analysed`,
    counted(errors, 'error'),
  ];
  return `${counted(files, 'file')}: ${parts.join(', ')}, in ${seconds} s`;
}
