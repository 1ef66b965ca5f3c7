/** Listing of files from their tags, and what an idle engine costs. */
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createEngine, createForkAnalyser } from '#engine/engine.ts';
import { createForkPlayer } from '#engine/playing/fork-player.ts';
import { silentLog } from '#shared/log.ts';

export interface LibraryFigures {
  readonly files: number;
  readonly errors: number;
  readonly listingSeconds: number;
  readonly secondScanSeconds: number;
  readonly idleCpuPercent: number;
}

/** Settling of the watcher before the idle time is measured, and how long it is measured. */
const SETTLE_MS = 3_000;
const IDLE_MS = 10_000;

/** Lists a folder in a new library (analysis paused), looks through it once more, then does nothing and measures that. */
export async function measureLibrary(
  folder: string,
  dataDir: string,
  modelDir: string,
): Promise<LibraryFigures> {
  const engine = await createEngine({
    libraryFile: path.join(dataDir, 'library.db'),
    modelDir,
    spawnAnalyser: createForkAnalyser(),
    spawnPlayer: createForkPlayer(),
    log: silentLog,
    host: 'terminal',
    watch: true,
    version: 'bench',
  });
  const context = { signal: new AbortController().signal };
  try {
    await engine.handlers['analysis.pause']({}, context);
    const started = performance.now();
    await engine.handlers['library.addFolders']({ paths: [folder] }, context);
    await engine.handlers['library.scan']({}, context);
    const listed = performance.now();
    const again = await engine.handlers['library.scan']({}, context);
    const finished = performance.now();
    const counts = await engine.handlers['library.counts']({}, context);

    await wait(SETTLE_MS);
    const before = process.cpuUsage();
    const idleFrom = performance.now();
    await wait(IDLE_MS);
    const { user, system } = process.cpuUsage(before);
    return {
      files: counts.all,
      errors: again.errors,
      listingSeconds: (listed - started) / 1000,
      secondScanSeconds: (finished - listed) / 1000,
      idleCpuPercent: (user + system) / 10 / (performance.now() - idleFrom),
    };
  } finally {
    await engine.close();
  }
}
