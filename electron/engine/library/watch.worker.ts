/** A thread that watches folders: the first look at 100,000 files takes seconds of computing, a second at a time. */
import { parentPort } from 'node:worker_threads';
import { watchFolder } from './watch.ts';
import type { FolderWatch } from './watch.ts';
import type { FromWatchThread, Sight, ToWatchThread, WatchPlace } from './watch-messages.ts';

/** The engine looks each one up: so many take it a few milliseconds. */
const SIGHTS_A_MESSAGE = 250;
/** A few files are not held back for longer. */
const GATHER_MS = 20;

const port = parentPort;
if (port === null) throw new Error('This is a worker thread, not a program.');
const watches = new Map<number, FolderWatch>();

function tell(message: FromWatchThread): void {
  port?.postMessage(message);
}

function begin(watch: number, place: WatchPlace): void {
  let sights: Sight[] = [];
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (sights.length > 0) tell({ kind: 'sights', watch, sights });
    sights = [];
  }

  const folderWatch = watchFolder({
    ...place,
    onFirstSight(...sight) {
      sights.push(sight);
      if (sights.length >= SIGHTS_A_MESSAGE) flush();
      else timer ??= setTimeout(flush, GATHER_MS);
    },
    onPaths(paths) {
      flush();
      tell({ kind: 'paths', watch, paths });
    },
    onReady() {
      flush();
      tell({ kind: 'ready', watch });
    },
    onProblem({ limit, error }) {
      flush();
      tell({ kind: 'problem', watch, limit, error: String(error) });
    },
  });
  watches.set(watch, folderWatch);
}

port.on('message', (message: ToWatchThread) => {
  if (message.kind === 'watch') return begin(message.watch, message.place);
  const { watch } = message;
  const folderWatch = watches.get(watch);
  watches.delete(watch);
  void Promise.resolve(folderWatch?.close()).finally(() => tell({ kind: 'closed', watch }));
});
