/** `cratewise doctor` */
import type { Command } from 'commander';
import { createForkAnalyser, diagnose } from '#engine/engine.ts';
import type { DoctorCheck } from '#shared/domain.ts';
import { toWire } from '#shared/errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printList, printable } from './output.ts';
import { modelDir, productVersion } from './places.ts';
import { libraryFileOf, withLibrary } from './session.ts';

const marks: Record<DoctorCheck['state'], string> = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' };

export function addDoctorCommand(program: Command, ends: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .description('what this machine has and lacks')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const checks = await examine(options);
      await printList(
        options,
        checks,
        (check) => check,
        ({ name, state, detail }) => `${marks[state]}  ${name}: ${printable(detail)}`,
      );
      const hasProblem = checks.some(({ state }) => state === 'problem');
      ends(hasProblem ? exitCodes.failure : exitCodes.done);
    });
}

/** In this process: what another one that holds the library sees is its own affair. */
async function examine(options: GlobalOptions): Promise<readonly DoctorCheck[]> {
  const libraryFile = libraryFileOf(options);
  const machine = await diagnose({ libraryFile, modelDir: modelDir(), spawnAnalyser: createForkAnalyser() });
  const version: DoctorCheck = { name: 'Cratewise', state: 'ok', detail: productVersion() };
  return [version, ...machine, await checkLibrary(options, libraryFile)];
}

async function checkLibrary(options: GlobalOptions, libraryFile: string): Promise<DoctorCheck> {
  const name = 'Library';
  try {
    return await withLibrary(options, async ({ request, host }) => {
      const { all, analysed, errors } = await request('library.counts', {});
      const holder = host.holder === null ? '' : `, held by process ${host.holder.pid} (${host.holder.kind})`;
      const detail = `${libraryFile}: ${all} tracks, ${analysed} analysed, ${errors} errors${holder}`;
      return { name, state: 'ok', detail };
    });
  } catch (error) {
    return { name, state: 'problem', detail: toWire(error).detail };
  }
}
