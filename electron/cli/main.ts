/** Runs one command and ends with its exit code. */
import { CommanderError } from 'commander';
import { toWire } from '#shared/errors.ts';
import { describeError } from './describe-error.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { interrupt } from './interrupt.ts';
import { isPipeGone } from './output.ts';
import { createProgram } from './program.ts';

/** `args` without the program's own name. Ends the process. */
export async function main(args: readonly string[]): Promise<never> {
  const code = await run(args);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // Not left to the event loop: a drive that hangs must not keep a finished command from ending.
  process.exit(code);
}

async function run(args: readonly string[]): Promise<ExitCode> {
  const { signal } = interrupt();
  let code: ExitCode = exitCodes.done;
  try {
    const program = createProgram((ended) => (code = ended));
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (isPipeGone()) return exitCodes.done;
    if (error instanceof CommanderError) return codeOfUsage(error);
    if (signal.aborted) {
      process.stderr.write('cratewise: interrupted; the next run goes on from here.\n');
      return exitCodes.interrupted;
    }
    process.stderr.write(`cratewise: ${describeError(error)}\n`);
    return exitCodeOf(toWire(error).code);
  }
}

/** Help and the version are no mistakes; commander has printed what it is about. */
function codeOfUsage({ code, exitCode }: CommanderError): ExitCode {
  const isAsked = code === 'commander.helpDisplayed' || code === 'commander.version';
  return isAsked || exitCode === 0 ? exitCodes.done : exitCodes.usage;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}
