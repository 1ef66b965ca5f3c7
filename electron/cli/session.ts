/** A command's way to the library: it opens it, or asks whoever holds it. */
import { createEngine, createForkAnalyser } from '#engine/engine.ts';
import { createForkPlayer } from '#engine/playing/fork-player.ts';
import { defaultLibraryFile } from '#host/data-folder.ts';
import { openLibraryHost } from '#host/library-host.ts';
import type { LibraryHost } from '#host/library-host.ts';
import type { EngineClient, Input, Output, RequestName } from '#shared/contract.ts';
import type { HostKind } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import type { GlobalOptions } from './global-options.ts';
import { interrupt } from './interrupt.ts';
import { openLog } from './log.ts';
import { hasPrinted, note } from './output.ts';
import { fromUser, modelDir, productVersion } from './places.ts';

export interface Session {
  readonly client: EngineClient;
  readonly host: LibraryHost;
  readonly log: Logger;
  /** Settles when another process held the library and is gone: no request is answered any more. */
  readonly holderGone: Promise<void>;
  /** A request that Ctrl-C cancels. */
  request<Name extends RequestName>(name: Name, input: Input<Name>): Promise<Output<Name>>;
}

export interface SessionOptions {
  readonly kind?: HostKind;
  /** The command stays and watches the folders; default: no. */
  readonly watch?: boolean;
}

/** A holder that ends at this very moment (another short command) is replaced at once. */
const MOST_ATTEMPTS = 5;

export function libraryFileOf({ db }: GlobalOptions): string {
  return db === undefined ? defaultLibraryFile() : fromUser(db);
}

/**
 * Opens the library, does the work and closes it again. When the work was sent to a holder that closed
 * before it could answer, it is begun again, unless something of it is printed: `work` must be able to stand
 * that. Work that stays is begun again whatever it printed, and whenever its holder ends.
 */
export async function withLibrary<Result>(
  options: GlobalOptions,
  work: (session: Session) => Promise<Result>,
  how: SessionOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const session = await openSession(options, how);
    try {
      return await work(session);
    } catch (error) {
      const isGone = error instanceof AppError && error.code === 'cancelled';
      const canRetry = session.host.held === 'elsewhere' && !interrupt().signal.aborted;
      const wantsRetry = how.watch === true || (attempt < MOST_ATTEMPTS && !hasPrinted());
      if (!isGone || !canRetry || !wantsRetry) throw error;
    } finally {
      await session.host.close();
    }
  }
}

async function openSession(options: GlobalOptions, how: SessionOptions): Promise<Session> {
  const { kind = 'terminal', watch = false } = how;
  const libraryFile = libraryFileOf(options);
  const log = openLog(libraryFile);
  const gone = Promise.withResolvers<void>();
  const host = await openLibraryHost({
    libraryFile,
    kind,
    log,
    openEngine: (file) =>
      createEngine({
        libraryFile: file,
        modelDir: modelDir(),
        spawnAnalyser: createForkAnalyser(),
        spawnPlayer: createForkPlayer(),
        log,
        host: kind,
        watch,
        version: productVersion(),
        workers: options.jobs,
      }),
    onLost: () => interrupt().trigger(),
    onHolderGone: gone.resolve,
  });
  if (host.held === 'elsewhere' && options.jobs !== undefined) {
    note(
      options,
      `--jobs is not used: the library is open in process ${host.holder?.pid}, which does the work.`,
    );
  }
  const { signal } = interrupt();
  return {
    client: host.client,
    host,
    log,
    holderGone: gone.promise,
    request: (name, input) => host.client.request(name, input, { signal }),
  };
}
