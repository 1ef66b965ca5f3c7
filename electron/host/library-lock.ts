/**
 * One writer a library: a lock file beside it says which process holds it and where that one listens.
 * Locks of processes that are gone are taken over; a process number that was given to another process
 * since is told by when it began.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { HostKind } from '#shared/domain.ts';
import type { Logger } from '#shared/log.ts';
import { isRunning, processBirth } from './process-birth.ts';

const lockSchema = v.object({
  pid: v.number(),
  /** When the process began, as the system counts; null where it cannot be known. */
  birth: v.nullable(v.string()),
  hostname: v.string(),
  kind: v.picklist(['desktop', 'terminal', 'web'] satisfies HostKind[]),
  /** Address of the holder's socket. */
  socket: v.string(),
  /** Whoever can read this file may connect. */
  token: v.string(),
  startedAt: v.number(),
});

export type LockHolder = Readonly<v.InferOutput<typeof lockSchema>>;

export interface LibraryLock {
  readonly holder: LockHolder;
  release(): void;
}

/** The holder shows that it lives this often; only other machines (network drives, containers) need it. */
const SIGN_OF_LIFE_MS = 20_000;
/** Without a sign of life for so long, the holder on another machine is taken for dead. */
const DEAD_AFTER_MS = 120_000;
/** After taking over: time for another taker that was a moment later to see it. */
const SETTLE_MS = 100;

export interface LockOptions {
  readonly libraryFile: string;
  readonly kind: HostKind;
  /** Where this process will listen. */
  readonly socket: string;
  readonly log: Logger;
  /** Another process took the lock away (this one was asleep for long): stop writing. */
  readonly onLost: () => void;
}

export function lockFileOf(libraryFile: string): string {
  return `${libraryFile}.lock`;
}

/** The lock, or who holds it. The library's folder must exist. */
export async function acquireLibraryLock(options: LockOptions): Promise<LibraryLock | LockHolder> {
  const file = lockFileOf(options.libraryFile);
  const own: LockHolder = {
    pid: process.pid,
    birth: processBirth(process.pid),
    hostname: hostname(),
    kind: options.kind,
    socket: options.socket,
    token: randomBytes(24).toString('base64url'),
    startedAt: Date.now(),
  };
  for (;;) {
    if (create(file, own)) return hold(file, own, options);
    const found = read(file);
    if (found === 'gone') continue;
    if (found !== 'unreadable' && !isDead(file, found)) return found;
    options.log.warn({ file }, 'The lock of a process that is gone is taken over');
    setAside(file, found);
    if (!create(file, own)) continue;
    await delay(SETTLE_MS);
    if (isOwn(file, own)) return hold(file, own, options);
  }
}

/** Appears with its whole content, or not at all. False when there is one already. */
function create(file: string, own: LockHolder): boolean {
  const temporary = `${file}.${own.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, `${JSON.stringify(own)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return false;
    // File systems without hard links (exFAT, some network drives).
    if (['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(code))
      return createInPlace(file, own);
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function createInPlace(file: string, own: LockHolder): boolean {
  try {
    writeFileSync(file, `${JSON.stringify(own)}\n`, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): LockHolder | 'gone' | 'unreadable' {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
  try {
    return v.parse(lockSchema, JSON.parse(text));
  } catch {
    // A power cut can leave an empty file. One that is just being written in place is younger than this.
    return ageOf(file) > 2_000 ? 'unreadable' : 'gone';
  }
}

function isDead(file: string, holder: LockHolder): boolean {
  if (holder.hostname !== hostname()) return ageOf(file) > DEAD_AFTER_MS;
  if (!isRunning(holder.pid)) return true;
  const birth = processBirth(holder.pid);
  return birth !== null && holder.birth !== null && birth !== holder.birth;
}

/** How long ago the lock showed life, by the clock of the file system that holds it. */
function ageOf(file: string): number {
  const probe = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(probe, '', { flag: 'wx' });
    return statSync(probe).mtimeMs - statSync(file).mtimeMs;
  } catch {
    return 0;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Moves a dead lock away. If it was another one by then (somebody else took over first), it is put back. */
function setAside(file: string, dead: LockHolder | 'unreadable'): void {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
    const moved = read(aside);
    const isAnother = typeof moved === 'object' && (typeof dead !== 'object' || moved.token !== dead.token);
    if (isAnother) linkSync(aside, file);
  } catch (error) {
    // ENOENT: somebody else was faster. EEXIST: a third one was; the one we moved sees that it lost.
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isOwn(file: string, own: LockHolder): boolean {
  const found = read(file);
  return typeof found === 'object' && found.token === own.token;
}

function hold(file: string, own: LockHolder, options: LockOptions): LibraryLock {
  const heart = setInterval(() => {
    try {
      if (isOwn(file, own)) {
        const now = new Date();
        utimesSync(file, now, now);
        return;
      }
    } catch (error) {
      options.log.warn({ error }, 'The lock of the library could not be looked at');
      return; // the drive is away for a moment; nothing can be written there either
    }
    clearInterval(heart);
    options.log.error({ file }, 'The lock of the library was taken away');
    options.onLost();
  }, SIGN_OF_LIFE_MS);
  heart.unref();
  return {
    holder: own,
    release() {
      clearInterval(heart);
      try {
        if (isOwn(file, own)) rmSync(file, { force: true });
      } catch (error) {
        options.log.warn({ error }, 'The lock of the library could not be removed; the next start does it');
      }
    },
  };
}
