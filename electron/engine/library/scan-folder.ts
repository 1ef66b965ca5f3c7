/** One look at a folder, or at parts of it: walk, read tags of what is new, reconcile the rest, store. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countScanErrors } from '#engine/storage/library/errors.ts';
import { setFolderScanned, watchedFolders } from '#engine/storage/library/folders.ts';
import type { FolderRow } from '#engine/storage/library/folders.ts';
import { isFingerprintKnown, pageOfFolder, tracksBelow } from '#engine/storage/library/tracks.ts';
import type { KnownTrack } from '#engine/storage/library/tracks.ts';
import type { ScanSummary } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { applyDecisions, applyStates } from './apply-decisions.ts';
import { breathe, breathing } from './context.ts';
import type { LibraryContext } from './context.ts';
import { discover } from './discover.ts';
import type { FoundFile, UnreadableFolder } from './discover.ts';
import { findElsewhere } from './elsewhere.ts';
import { createIntake } from './intake.ts';
import { drivesAway, isBelow, noteMountPoints } from './mount-points.ts';
import { isItsOwn } from './presence.ts';
import { isSameFile, reconcile } from './reconcile.ts';
import { TAG_READER_VERSION } from './tags.ts';

/** A file written to so short ago may still be being copied: it is looked at again. */
const YOUNG_MS = 2000;
/** Between the two looks. Copying programs write many times in that time. */
const SETTLE_MS = 500;
/** Reading so many takes some milliseconds. */
const PAGE_ROWS = 500;

export interface ScanRequest {
  readonly folder: FolderRow;
  /** Only these files and folders, relative to the folder; null: all of it. */
  readonly only: readonly string[] | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ScanCounts) => void;
}

export interface ScanCounts {
  readonly phase: 'walking' | 'reading-tags';
  readonly filesFound: number;
  readonly filesRead: number;
  readonly errors: number;
}

export interface ScanResult {
  readonly summary: ScanSummary;
  /** Files that are still being copied: to be looked at again soon. */
  readonly unsettled: readonly string[];
  readonly unreadable: readonly UnreadableFolder[];
}

/**
 * Throws the signal's reason when cancelled: what was stored until then stays, nothing becomes missing.
 * @throws AppError folder-offline: it went away meanwhile; nothing became missing.
 */
export async function scanFolder(context: LibraryContext, request: ScanRequest): Promise<ScanResult> {
  const { folder, only, signal } = request;
  const startedAt = context.clock();
  const known = await readKnown(context, folder, only, signal);
  const counts = { phase: 'walking' as ScanCounts['phase'], filesFound: 0, filesRead: 0, errors: 0 };
  const progress = (): void => request.onProgress({ ...counts });
  const intake = createIntake(context, folder, signal, (files, failed) => {
    counts.filesRead += files;
    counts.errors += failed;
    progress();
  });
  // By path: of two names that look the same as text (one of them not UTF-8) the first wins.
  const found = new Map<string, FoundFile>();
  const young: FoundFile[] = [];
  let streamed = 0;

  function take(file: FoundFile): void {
    const track = known.get(file.relativePath);
    if (track === undefined && !couldBeKnown(context, file)) {
      streamed += 1;
      intake.create(file);
    } else {
      if (track !== undefined && isSameFile(track, file, TAG_READER_VERSION)) counts.filesRead += 1;
      found.set(file.relativePath, file);
    }
  }

  try {
    const seen = new Set<string>();
    const walkedAt = context.clock();
    const walk = { root: folder.path, otherRoots: await otherRoots(context, folder), signal };
    const { unreadable, mountPoints } = await discover(
      { ...walk, ...(only === null ? {} : { only }) },
      (files) => {
        for (const file of files) {
          if (seen.has(file.relativePath)) continue;
          seen.add(file.relativePath);
          if (isYoung(file, known.get(file.relativePath), walkedAt)) young.push(file);
          else take(file);
        }
        counts.filesFound += files.length;
        progress();
      },
    );
    counts.phase = 'reading-tags';
    const unsettled = await settle(walk, young, take);
    const elsewhere = await findElsewhere(context, known, [...found.values()], signal);
    const away = (await drivesAway(context, folder)).filter((point) => !hasTracks(point, seen, known));
    const isAway = (path: string): boolean => away.some((point) => isBelow(point, path));
    const decisions = await breathing(
      reconcile({
        known,
        found: [...found.values()],
        elsewhere,
        tagReaderVersion: TAG_READER_VERSION,
        isUnreadable: (path) => isAway(path) || unreadable.some((part) => isBelow(part.relativePath, path)),
      }),
      signal,
    );
    // A drive may have been pulled out while we walked: then nothing that was not found is missing.
    if (!(await isItsOwn(context, folder))) {
      throw new AppError(
        'folder-offline',
        `${folder.path} went away while it was looked through. Connect the drive and scan again; its tracks keep their data.`,
      );
    }
    noteMountPoints(context, folder, { found: mountPoints, away, whole: only === null });
    const offline = [...known.values()].filter(
      (track) => track.state === 'present' && isAway(track.relativePath),
    );
    await applyStates(context, offline, 'offline', signal);
    await applyDecisions(context, folder, decisions, intake, signal);
    await intake.drain();
    signal.throwIfAborted();
    if (only === null) {
      const now = context.clock();
      context.storage.write(() => setFolderScanned(context.storage.database, folder.id, now));
    }
    return {
      summary: {
        files: seen.size,
        new: streamed + decisions.created.length,
        changed: decisions.changed.length,
        moved: decisions.moved.length,
        missing: decisions.missing.length + decisions.displaced.length,
        unchanged: decisions.unchanged.length + decisions.returned.length,
        errors: countScanErrors(context.storage.database, folder.id) + unreadable.length,
        seconds: (context.clock() - startedAt) / 1000,
      },
      unsettled,
      unreadable,
    };
  } finally {
    await intake.drain();
  }
}

/** True when tracks were found below a mount point: their files lie in the folder itself now. */
function hasTracks(
  point: string,
  seen: ReadonlySet<string>,
  known: ReadonlyMap<string, KnownTrack>,
): boolean {
  return [...seen].some((path) => isBelow(point, path) && known.has(path));
}

async function readKnown(
  context: LibraryContext,
  folder: FolderRow,
  only: readonly string[] | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownTrack>> {
  const { database } = context.storage;
  const known = new Map<string, KnownTrack>();
  if (only !== null) {
    for (const path of only) {
      for (const track of tracksBelow(database, folder.id, path)) known.set(track.relativePath, track);
    }
    return known;
  }
  let page: readonly KnownTrack[] = [];
  do {
    await breathe();
    signal.throwIfAborted();
    page = pageOfFolder(database, folder.id, page.at(-1)?.relativePath ?? '', PAGE_ROWS);
    for (const track of page) known.set(track.relativePath, track);
  } while (page.length === PAGE_ROWS);
  return known;
}

/** Real paths of the other folders: what a link finds there is theirs. */
async function otherRoots(context: LibraryContext, folder: FolderRow): Promise<readonly string[]> {
  const others = watchedFolders(context.storage.database).filter((other) => other.id !== folder.id);
  return Promise.all(others.map((other) => realpath(other.path).catch(() => other.path)));
}

/** A file that looks like no track of the library is new for sure and need not wait for the end of the walk. */
function couldBeKnown(context: LibraryContext, file: FoundFile): boolean {
  if (file.sizeBytes === 0) return false;
  return isFingerprintKnown(context.storage.database, file.sizeBytes, file.modifiedAt);
}

function isYoung(file: FoundFile, track: KnownTrack | undefined, now: number): boolean {
  if (track !== undefined && isSameFile(track, file, TAG_READER_VERSION)) return false;
  if (file.problem !== null && file.problem.code !== 'file-empty') return false;
  return Math.abs(now - file.modifiedAt) < YOUNG_MS;
}

/** Looks at young files a second time; those that changed meanwhile are given on with that as their problem. */
async function settle(
  walk: { readonly root: string; readonly otherRoots: readonly string[]; readonly signal: AbortSignal },
  young: readonly FoundFile[],
  take: (file: FoundFile) => void,
): Promise<readonly string[]> {
  if (young.length === 0) return [];
  await sleep(SETTLE_MS, undefined, { signal: walk.signal });
  const before = new Map(young.map((file) => [file.relativePath, file]));
  const unsettled: string[] = [];
  await discover({ ...walk, only: [...before.keys()] }, (files) => {
    for (const file of files) {
      const first = before.get(file.relativePath);
      if (first?.sizeBytes === file.sizeBytes && first.modifiedAt === file.modifiedAt) take(file);
      else {
        unsettled.push(file.relativePath);
        const path = join(walk.root, file.relativePath);
        const detail = `${path} is still being written. It is read as soon as that is done.`;
        take({ ...file, problem: { code: 'file-changing', detail } });
      }
    }
  });
  return unsettled;
}
