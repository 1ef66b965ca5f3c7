/** The log of the desktop app: one file beside its profile, for whoever reports a problem. */
import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';
import type { Logger } from '#shared/log.ts';

/** Enough for weeks; the one before is kept once. */
const LARGEST_BYTES = 2_000_000;

export interface LogFile {
  readonly log: Logger;
  /** Lines of a child process, as they come. */
  write(text: string): void;
}

/** @param echo also to stderr: for who runs it from a terminal */
export function openLogFile(file: string, echo: boolean): LogFile {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_BYTES) renameSync(file, `${file}.old`);
  const stream = createWriteStream(file, { flags: 'a' });
  let broken = false;
  // A full disk must not end the app because of its log.
  stream.on('error', () => (broken = true));
  const write = (text: string): void => {
    if (!broken) stream.write(text);
    if (echo) process.stderr.write(text);
  };
  return { log: pino({ level: 'info', base: { process: 'main' } }, { write }), write };
}
