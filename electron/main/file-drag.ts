/**
 * Rows dragged out of the window into another program. The page names tracks, never paths: the engine says where
 * their files are, and only those that are there go along.
 */
import type { NativeImage, WebContents } from 'electron';
import type { EngineClient } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';

export interface FileDrag {
  /** Looks up the files of tracks. A newer question takes the place of an older one. @throws AppError */
  readonly prepare: (sender: WebContents, trackIds: unknown) => Promise<void>;
  /** Hands the files that were looked up to the system; once. */
  readonly start: (sender: WebContents) => void;
}

/** Other programs take no more at once, and every file is looked up. */
const MOST_FILES = 1000;

/** `icon` is what the pointer carries. */
export function createFileDrag(client: () => EngineClient, icon: NativeImage, log: Logger): FileDrag {
  const prepared = new WeakMap<WebContents, Promise<readonly string[]>>();

  async function filesOf(trackIds: readonly number[]): Promise<readonly string[]> {
    const answers = await Promise.allSettled(
      trackIds.map((trackId) => client().request('tracks.file', { trackId })),
    );
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.path] : []));
  }

  return {
    async prepare(sender, trackIds) {
      const fits = Array.isArray(trackIds) && trackIds.length > 0 && trackIds.length <= MOST_FILES;
      if (!fits || !trackIds.every((id) => Number.isSafeInteger(id)))
        throw new AppError('bad-request', `A drag takes 1 to ${MOST_FILES} tracks by their numbers.`);
      const files = filesOf(trackIds);
      prepared.set(sender, files);
      await files;
    },
    start(sender) {
      const files = prepared.get(sender);
      prepared.delete(sender);
      void files
        ?.then((found) => {
          const [file] = found;
          if (file === undefined || sender.isDestroyed()) return;
          sender.startDrag({ file, files: [...found], icon });
        })
        .catch((error: unknown) =>
          log.warn({ error: String(error) }, 'Files could not be dragged out of the window'),
        );
    },
  };
}
