/** The library as the engine wires it: folders, scans, watching, and the requests about them. */
import type { Handlers, EventName, Events } from '#shared/contract.ts';
import type { Settings } from '#shared/domain.ts';
import type { Logger } from '#shared/log.ts';
import { watchedFolders } from '#engine/storage/library/folders.ts';
import { enqueue } from '#engine/storage/library/queue.ts';
import { readSettings, writeSettings } from '#engine/storage/library/settings.ts';
import type { Edits } from '#engine/edits.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import type { LibraryContext } from './context.ts';
import { createLibraryHandlers } from './library.handlers.ts';
import type { LibraryHandlers } from './library.handlers.ts';
import { createScans } from './scans.ts';
import type { Scans } from './scans.ts';
import { createTrackHandlers } from './tracks.handlers.ts';
import type { TrackHandlers } from './tracks.handlers.ts';
import { systemVolumes } from './volumes.ts';
import type { Volumes } from './volumes.ts';
import { createWatching } from './watching.ts';
import type { WatchTimes } from './watching.ts';

/** Hashing what was moved or retagged waits until everything new is analysed. */
const VERIFY_PRIORITY = -1;

export interface LibraryOptions {
  readonly storage: Storage;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
  /** Tracks, folders or genres changed. Cheap: called after every stored batch. */
  readonly changed: () => void;
  /** Grows with every change. */
  readonly revision: () => number;
  /** Ratings are steps that can be undone. */
  readonly edits: Edits;
  readonly compile: CompileQuery;
  /** Something was put into the analysis queue. */
  readonly wakeAnalysis: () => void;
  /** Settings were changed by a request. */
  readonly settingsChanged?: (settings: Settings) => void;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Notice changes while the engine runs; a command that scans once needs none. */
  readonly watch: boolean;
  /** For tests. */
  readonly watchTimes?: WatchTimes;
  /** For tests; default: the system's. */
  readonly volumes?: Volumes;
}

export type SettingsHandlers = Pick<Handlers, Extract<keyof Handlers, `settings.${string}`>>;

export interface Library {
  readonly handlers: LibraryHandlers & TrackHandlers & SettingsHandlers;
  /** Looks through the known folders in the background and begins to watch them. */
  start(): Promise<void>;
  /** Ends scans and watching; what was stored stays. */
  close(): Promise<void>;
}

export function createLibrary(options: LibraryOptions): Library {
  const { storage, clock } = options;
  const context: LibraryContext = {
    storage,
    log: options.log,
    clock,
    publish: options.publish,
    changed: options.changed,
    wakeAnalysis: options.wakeAnalysis,
    enqueue(trackIds, task) {
      const priority = task === 'verify' ? VERIFY_PRIORITY : 0;
      enqueue(storage.database, trackIds, task, { now: clock(), priority });
    },
    volumes: options.volumes ?? systemVolumes,
    edits: options.edits,
    compile: options.compile,
  };
  const watching = options.watch ? createWatching(context, () => scans, options.watchTimes) : null;
  const scans: Scans = createScans(context, (folderId, present) => watching?.found(folderId, present));

  const settings: SettingsHandlers = {
    'settings.get': () => readSettings(storage.database),
    'settings.set'(changes) {
      const now = storage.durably(() => writeSettings(storage.database, changes));
      options.settingsChanged?.(now);
      return now;
    },
  };

  return {
    handlers: {
      ...createLibraryHandlers(context, scans, watching),
      ...createTrackHandlers(context, options.revision),
      ...settings,
    },
    start() {
      for (const folder of watchedFolders(storage.database)) scans.begin(folder.id);
      return Promise.resolve();
    },
    async close() {
      await watching?.close();
      await scans.close();
    },
  };
}
