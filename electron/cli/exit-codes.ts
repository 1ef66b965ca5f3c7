/** How commands end: a contract that scripts rely on. */
import type { ErrorCode } from '#shared/errors.ts';

export const exitCodes = {
  done: 0,
  failure: 1,
  usage: 2,
  /** `--strict`, and some files failed. */
  filesFailed: 3,
  /** Another host has the library and cannot be asked. */
  held: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code for a failed request. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'library-held') return exitCodes.held;
  if (code === 'bad-request' || code === 'query-invalid') return exitCodes.usage;
  return exitCodes.failure;
}
