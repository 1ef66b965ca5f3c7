/** What Linux says of a running process. Elsewhere the figures are null. */
import { readFileSync, readdirSync } from 'node:fs';

/** Processes that this one started and that still run. */
export function childProcesses(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').flatMap((thread) =>
      readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** The most memory that the process ever held, MiB. */
export function peakMemoryMiB(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}
