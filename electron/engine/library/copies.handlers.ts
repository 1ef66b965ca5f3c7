/** Backups of the library, and going back to one. */
import type { Handlers } from '#shared/contract.ts';
import { backUpLibrary, stageRestore } from '#engine/storage/library-copies.ts';
import type { Storage } from '#engine/storage/open.ts';

export interface CopyOptions {
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Ends the engine and starts it again; absent where the host cannot. */
  readonly restart?: (() => void) | undefined;
}

/** The answer goes out before the engine ends. */
const ANSWER_MS = 300;

export function createCopyHandlers(
  options: CopyOptions,
): Pick<Handlers, 'library.backup' | 'library.restore'> {
  const { database } = options.storage;
  return {
    'library.backup': ({ file, overwrite = false }) => backUpLibrary(database, file, overwrite),
    async 'library.restore'({ file }) {
      const restored = await stageRestore(database, file, options.clock());
      const { restart } = options;
      if (restart !== undefined) setTimeout(restart, ANSWER_MS);
      return { ...restored, restarting: restart !== undefined };
    },
  };
}
