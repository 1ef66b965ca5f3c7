/** Stores what reconcile decided, in short transactions, in an order in which no two tracks meet at one path. */
import type { TrackState } from '#shared/domain.ts';
import type { FolderRow } from '#engine/storage/library/folders.ts';
import { moveTrack, parkPath, setState } from '#engine/storage/library/tracks.ts';
import type { KnownTrack } from '#engine/storage/library/tracks.ts';
import { inBatches } from './context.ts';
import type { LibraryContext } from './context.ts';
import type { Intake } from './intake.ts';
import type { Decisions } from './reconcile.ts';

/** Each row also moves in the full-text index: a transaction of so many takes some milliseconds. */
const BATCH_ROWS = 100;

/** Created and changed files go on to the intake, which reads their tags. */
export async function applyDecisions(
  context: LibraryContext,
  folder: FolderRow,
  decisions: Decisions,
  intake: Intake,
  signal: AbortSignal,
): Promise<void> {
  await applyMoves(context, folder, decisions, signal);
  for (const { track, file } of decisions.moved) {
    // A name that was, or now is, unusable; or a file that never could be read: another place is another chance.
    const failed = track.analysis === 'failed' && !track.hashed;
    if (failed || file.problem !== null) intake.change({ ...track, tagsRead: 0 }, file);
  }
  for (const file of decisions.created) intake.create(file);
  for (const { track, file } of decisions.changed) intake.change(track, file);
  await applyStates(context, decisions.returned, 'present', signal);
  await applyStates(context, [...decisions.missing, ...decisions.displaced], 'missing', signal);
}

async function applyMoves(
  context: LibraryContext,
  folder: FolderRow,
  { moved, displaced, created }: Decisions,
  signal: AbortSignal,
): Promise<void> {
  if (moved.length === 0) return;
  const { database } = context.storage;
  const wanted = new Set([
    ...moved.map(({ file }) => file.relativePath),
    ...created.map((file) => file.relativePath),
  ]);
  // Chains and swaps (01 becomes 02, 02 becomes 01): all step aside before the first one moves in. Whoever is
  // interrupted between is found by size and time at the next scan.
  const inTheWay = moved
    .map(({ track }) => track)
    .filter((track) => track.folderId === folder.id && wanted.has(track.relativePath));
  const park = (tracks: readonly KnownTrack[], word: string): Promise<void> =>
    inBatches(tracks, BATCH_ROWS, (batch) =>
      context.storage.write(() => {
        for (const track of batch)
          parkPath(database, track.id, `${track.relativePath} (${word}, ${track.id})`);
      }),
    );
  await park(displaced, 'replaced');
  await park(inTheWay, 'moving');
  await inBatches(
    moved,
    BATCH_ROWS,
    (batch) => {
      context.storage.write(() => {
        for (const { track, file } of batch) {
          moveTrack(database, track.id, folder.id, file.relativePath, file.inode);
        }
        requeue(
          context,
          batch.map(({ track }) => track),
        );
      });
      context.changed();
    },
    signal,
  );
  context.wakeAnalysis();
}

/** Marks tracks in short transactions. */
export async function applyStates(
  context: LibraryContext,
  tracks: readonly KnownTrack[],
  state: TrackState,
  signal: AbortSignal,
): Promise<void> {
  await inBatches(
    tracks,
    BATCH_ROWS,
    (batch) => {
      const ids = batch.map((track) => track.id);
      context.storage.write(() => {
        setState(context.storage.database, ids, state, context.clock());
        if (state === 'present') requeuePending(context, batch);
      });
      context.changed();
    },
    signal,
  );
  if (state === 'present' && tracks.length > 0) context.wakeAnalysis();
}

/** What was moved is verified behind; what was never analysed still has to be. */
function requeue(context: LibraryContext, tracks: readonly KnownTrack[]): void {
  const verify = tracks.filter((track) => track.hashed && track.analysis === 'done').map((track) => track.id);
  if (verify.length > 0) context.enqueue(verify, 'verify');
  requeuePending(context, tracks);
}

function requeuePending(context: LibraryContext, tracks: readonly KnownTrack[]): void {
  const analyse = tracks.filter((track) => track.analysis === 'pending').map((track) => track.id);
  if (analyse.length > 0) context.enqueue(analyse, 'analyse');
}
