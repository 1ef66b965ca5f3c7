/** Running the programs a check or a test run is made of, and saying how they went. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

/** The root of the repository: absolute, without a trailing separator. */
export const repository = path.resolve(fileURLToPath(new URL('..', import.meta.url)));

export interface Step {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

export interface StepResult {
  readonly name: string;
  /** Null when a signal ended it, or when it could not be started. */
  readonly exitCode: number | null;
  readonly seconds: number;
  /** Standard output and error as they came. */
  readonly output: string;
}

/** How long output is waited for when the program itself has ended. */
const LAST_OUTPUT_MS = 5_000;

/** The environment of our own programs: tools of node_modules, and its Node, come first. */
export function toolEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const tools = path.join(repository, 'node_modules', '.bin');
  return { ...process.env, PATH: `${tools}${path.delimiter}${process.env['PATH'] ?? ''}`, ...extra };
}

/**
 * Runs one step in the repository's root, without standard input. `live` passes the output through at
 * once as well; without it the output is only collected.
 */
export function runStep(
  step: Step,
  options: { readonly live?: boolean; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<StepResult> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(step.command, step.arguments, {
      cwd: repository,
      env: toolEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const take = (target: NodeJS.WriteStream) => (chunk: Buffer) => {
      output += chunk.toString();
      if (options.live === true) target.write(chunk);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    const end = (exitCode: number | null, remark = ''): void => {
      resolve({
        name: step.name,
        exitCode,
        seconds: (performance.now() - started) / 1000,
        output: output + remark,
      });
    };
    child.on('error', (error) => end(null, `${step.command} could not be started: ${error.message}\n`));
    const ended = (code: number | null, signal: string | null): void =>
      end(code, signal === null ? '' : `${step.name} was ended by ${signal}.\n`);
    child.on('close', ended);
    // A program that it left behind may hold the pipes open for ever: the exit code is there, so go on.
    child.on('exit', (code, signal) => {
      setTimeout(() => ended(code, signal), LAST_OUTPUT_MS).unref();
    });
  });
}

/** Runs all steps, at most `bound` at a time, in their order; results come in the order of the steps. */
export async function runSteps(
  steps: readonly Step[],
  bound: number,
  onResult: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < steps.length; index = next++) {
      const step = steps[index];
      if (step === undefined) return;
      const result = await runStep(step);
      results[index] = result;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: bound }, lane));
  return results;
}

/** Rows as text columns; columns named in `right` are set flush right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
