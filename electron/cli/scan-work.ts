/** Scanning folders to the end: what `cratewise scan` and the terminal app do. */
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { AnalysisStatus, FolderId, Notice, ScanProgress, ScanSummary } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { interrupt } from './interrupt.ts';
import type { Progress } from './progress.ts';
import type { Session } from './session.ts';

export interface ScanReport extends ScanSummary {
  /** Tracks that were analysed now. */
  readonly analysed: number;
}

/** Events tell at once; this is for what no event tells. */
const LOOK_MS = 400;
/** The queue is completed in the background when the library opens: empty twice in a row means empty. */
const LOOKS_TO_BE_SURE = 2;

/** Adds the folders, and resolves when every file in them is listed and analysed. `folders` are absolute paths. */
export async function scanFolders(
  session: Session,
  folders: readonly string[],
  progress: Progress,
): Promise<ScanReport> {
  const startedAt = performance.now();
  const folderIds = await addFolders(session, folders, progress);
  const before = await session.request('analysis.status', {});
  if (before.paused) {
    progress.say('The analysis was paused; it goes on now.');
    await session.request('analysis.resume', {});
  }
  const stopListening = session.client.subscribe('scan.progress', (state) => progress.update(ofScan(state)));
  let summary: ScanSummary;
  try {
    summary = await session.request('library.scan', { folderIds: [...folderIds] });
  } finally {
    stopListening();
  }
  const analysed = await finishAnalysis(session, progress);
  const errors = await countErrors(session, folderIds);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  return { ...summary, errors, analysed, seconds };
}

/** A folder inside one that the library has already is scanned as a part of that one. */
async function addFolders(
  session: Session,
  paths: readonly string[],
  progress: Progress,
): Promise<readonly FolderId[]> {
  const known = await session.request('library.folders', {});
  const ids = new Set<FolderId>();
  const fresh: string[] = [];
  for (const path of paths) {
    const real = await realpath(path).catch(() => path);
    const around = known.find((folder) => real.startsWith(folder.path + sep));
    if (around === undefined) fresh.push(path);
    else {
      progress.say(`${path} is a part of ${around.path}, which is scanned as a whole.`);
      ids.add(around.id);
    }
  }
  if (fresh.length > 0) {
    for (const { id } of await session.request('library.addFolders', { paths: fresh })) ids.add(id);
  }
  return [...ids];
}

/** Resolves when nothing is queued any more, with how many tracks were analysed meanwhile. */
export async function finishAnalysis(session: Session, progress: Progress): Promise<number> {
  const { client } = session;
  let wake = (): void => {};
  const show = (status: AnalysisStatus): void => progress.update(ofAnalysis(status));
  const stop = [
    client.subscribe('analysis.progress', (status) => {
      show(status);
      if (status.queued === 0) wake();
    }),
    client.subscribe('notice', (notice) => {
      if (!isFatal(notice)) progress.say(notice.detail);
      wake();
    }),
  ];
  try {
    let looks = 0;
    let done = 0;
    while (looks < LOOKS_TO_BE_SURE) {
      const status = await session.request('analysis.status', {});
      // Also one that was told before anybody listened, or by a holder whose analyser failed long ago.
      if (status.problem !== null) throw new AppError(status.problem.code, status.problem.detail);
      show(status);
      done = Math.max(done, status.done);
      looks = status.queued === 0 && status.active.length === 0 ? looks + 1 : 0;
      if (status.paused && status.active.length === 0) {
        throw new AppError('conflict', 'The analysis was paused elsewhere. Resume it there, or scan again.');
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, LOOK_MS);
      });
      interrupt().signal.throwIfAborted();
    }
    return done;
  } finally {
    for (const end of stop) end();
  }
}

/** Ends the work, and is told then. */
function isFatal({ code }: Notice): boolean {
  return code.startsWith('model-') || code.startsWith('analysis-') || code === 'disk-full';
}

async function countErrors(session: Session, folderIds: readonly FolderId[]): Promise<number> {
  let errors = 0;
  for (const folderId of folderIds) {
    const query = { folderId, hasError: true, state: 'present' as const };
    errors += (await session.request('tracks.window', { query, sort: [], offset: 0, limit: 1 })).total;
  }
  return errors;
}

function ofScan({ phase, filesFound, filesRead }: ScanProgress): Parameters<Progress['update']>[0] {
  const isReading = phase !== 'walking';
  return {
    phase: isReading ? 'Reading tags' : 'Looking for music',
    done: isReading ? filesRead : filesFound,
    total: isReading ? filesFound : null,
    tracksPerMinute: null,
    secondsLeft: null,
  };
}

function ofAnalysis(status: AnalysisStatus): Parameters<Progress['update']>[0] {
  const done = status.done + status.failed;
  const { tracksPerMinute, secondsLeft } = status;
  return { phase: 'Analysing', done, total: done + status.queued, tracksPerMinute, secondsLeft };
}
