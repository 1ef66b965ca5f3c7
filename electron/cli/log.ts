/** The log of the command line: a file beside the library, for whoever reports a problem. */
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { silentLog } from '#shared/log.ts';
import type { Logger } from '#shared/log.ts';

/** Enough for weeks; the one before is kept once. */
const LARGEST_BYTES = 2_000_000;

/** A folder that cannot be written is told by whoever needs it; the log then stays silent. */
export function openLog(libraryFile: string): Logger {
  const file = join(dirname(libraryFile), 'cratewise.log');
  try {
    mkdirSync(dirname(file), { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_BYTES)
      renameSync(file, `${file}.old`);
    const destination = pino.destination({ dest: file, sync: true });
    destination.on('error', () => {}); // a full disk must not end a command because of its log
    return pino({ level: 'info', base: { process: 'terminal' } }, destination);
  } catch {
    return silentLog;
  }
}
