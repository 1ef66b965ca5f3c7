/**
 * What the files that were found mean for the tracks that are known. Pure: takes values, returns decisions.
 *
 * A track is told by its path with the same size and time; else, as moved or renamed, by size and time together with
 * the inode or the file name. Size and time alone prove nothing (packs of samples): there the hash of the audio finds
 * out later (storage/library/adopt-moved.ts).
 */
import { posix } from 'node:path';
import type { KnownTrack } from '#engine/storage/library/tracks.ts';
import type { FoundFile } from './discover.ts';

/** Steps between two breaths: some milliseconds. */
const STEPS_BETWEEN_BREATHS = 2000;

export interface ReconcileInput {
  /** The tracks of the walked part of the folder, by their paths. */
  readonly known: ReadonlyMap<string, KnownTrack>;
  /** The files of that part. */
  readonly found: readonly FoundFile[];
  /** Tracks from elsewhere whose file is gone: a found file may be theirs. */
  readonly elsewhere: readonly KnownTrack[];
  /** Tracks whose tags an older reader read are read again. */
  readonly tagReaderVersion: number;
  /** True where the walk could not look: such tracks are neither there nor missing. */
  readonly isUnreadable: (relativePath: string) => boolean;
}

export interface Decisions {
  readonly unchanged: readonly KnownTrack[];
  /** The same file as before, but the track was missing or offline. */
  readonly returned: readonly KnownTrack[];
  readonly changed: readonly { readonly track: KnownTrack; readonly file: FoundFile }[];
  readonly moved: readonly { readonly track: KnownTrack; readonly file: FoundFile }[];
  readonly created: readonly FoundFile[];
  /** Gone since the last look. */
  readonly missing: readonly KnownTrack[];
  /** Gone, and another track's file lies at their path now. */
  readonly displaced: readonly KnownTrack[];
}

/** Yields now and then, so that a large library holds nobody up; returns the decisions. */
export function* reconcile(input: ReconcileInput): Generator<undefined, Decisions> {
  const { known } = input;
  const unchanged: KnownTrack[] = [];
  const returned: KnownTrack[] = [];
  const open: FoundFile[] = [];
  const settled = new Set<number>();
  let steps = 0;
  for (const file of input.found) {
    if (++steps % STEPS_BETWEEN_BREATHS === 0) yield;
    const track = known.get(file.relativePath);
    if (track !== undefined && isSameFile(track, file, input.tagReaderVersion)) {
      settled.add(track.id);
      (track.state === 'present' ? unchanged : returned).push(track);
    } else open.push(file);
  }
  const candidates = [...input.elsewhere];
  const unreadable = new Set(open.filter(isUnreadableFile).map((file) => file.relativePath));
  for (const track of known.values()) {
    if (++steps % STEPS_BETWEEN_BREATHS === 0) yield;
    const path = track.relativePath;
    if (!settled.has(track.id) && !unreadable.has(path) && !input.isUnreadable(path)) candidates.push(track);
  }
  const moves = yield* matchMoves(candidates, open);

  const claimed = new Set<number>();
  for (const track of moves.values()) claimed.add(track.id);
  const changed: { track: KnownTrack; file: FoundFile }[] = [];
  const moved: { track: KnownTrack; file: FoundFile }[] = [];
  const created: FoundFile[] = [];
  const displaced: KnownTrack[] = [];
  for (const file of open) {
    if (++steps % STEPS_BETWEEN_BREATHS === 0) yield;
    const here = known.get(file.relativePath);
    const mover = moves.get(file);
    if (here !== undefined && mover === here) {
      changed.push({ track: here, file });
    } else if (mover !== undefined) {
      moved.push({ track: mover, file });
      if (here !== undefined && !claimed.has(here.id)) displaced.push(here);
    } else if (here !== undefined && !claimed.has(here.id)) {
      changed.push({ track: here, file });
    } else created.push(file);
  }
  const accounted = new Set([...claimed, ...displaced.map(idOf), ...changed.map(({ track }) => track.id)]);
  const missing: KnownTrack[] = [];
  for (const track of known.values()) {
    if (++steps % STEPS_BETWEEN_BREATHS === 0) yield;
    if (settled.has(track.id) || accounted.has(track.id) || track.state === 'missing') continue;
    if (!input.isUnreadable(track.relativePath)) missing.push(track);
  }
  return { unchanged, returned, changed, moved, created, missing, displaced };
}

/** True when the file at a track's path is the one that was read, by the reader of today. */
export function isSameFile(track: KnownTrack, file: FoundFile, tagReaderVersion: number): boolean {
  return (
    track.sizeBytes === file.sizeBytes &&
    track.modifiedAt === file.modifiedAt &&
    track.tagsRead === tagReaderVersion
  );
}

function fingerprintOf(file: { readonly sizeBytes: number; readonly modifiedAt: number }): string {
  return `${file.sizeBytes} ${file.modifiedAt}`;
}

/** Which of the open files is which of the tracks that lost theirs. */
function* matchMoves(
  candidates: readonly KnownTrack[],
  open: readonly FoundFile[],
): Generator<undefined, ReadonlyMap<FoundFile, KnownTrack>> {
  const tracks = yield* groupByFingerprint(candidates, () => true);
  const files = yield* groupByFingerprint(open, canHaveMoved);
  const moves = new Map<FoundFile, KnownTrack>();
  let steps = 0;
  for (const [fingerprint, group] of files) {
    if (++steps % STEPS_BETWEEN_BREATHS === 0) yield;
    const possible = tracks.get(fingerprint);
    if (possible !== undefined) matchGroup(possible, group, moves);
  }
  return moves;
}

/** Files that share size and time: the surest signs first, a guess never. */
function matchGroup(
  tracks: readonly KnownTrack[],
  files: readonly FoundFile[],
  moves: Map<FoundFile, KnownTrack>,
): void {
  const signs: readonly ((file: FoundFile | KnownTrack) => string | null)[] = [
    (file) => file.relativePath, // the same path below another root, or read by an older reader
    (file) => file.inode,
    (file) => posix.basename(file.relativePath),
  ];
  let openTracks = tracks;
  let openFiles = files;
  const taken = new Set<number>();
  for (const sign of signs) {
    if (openTracks.length === 0 || openFiles.length === 0) return;
    const tracksBySign = groupBy(openTracks, sign);
    const filesBySign = groupBy(openFiles, sign);
    for (const [value, fileGroup] of filesBySign) {
      const [track, ...otherTracks] = tracksBySign.get(value) ?? [];
      const [file, ...otherFiles] = fileGroup;
      if (track === undefined || file === undefined || otherTracks.length > 0 || otherFiles.length > 0)
        continue;
      moves.set(file, track);
      taken.add(track.id);
    }
    openTracks = openTracks.filter((track) => !taken.has(track.id));
    openFiles = openFiles.filter((file) => !moves.has(file));
  }
}

/** It is there: what it holds is not to be seen now. */
function isUnreadableFile(file: FoundFile): boolean {
  return file.problem?.code === 'file-not-readable';
}

/** Empty files all look alike, and one that is still being written will look different. */
function canHaveMoved(file: FoundFile): boolean {
  return file.sizeBytes > 0 && (file.problem === null || file.problem.code === 'file-name-not-utf8');
}

function* groupByFingerprint<Item extends FoundFile | KnownTrack>(
  items: readonly Item[],
  counts: (item: Item) => boolean,
): Generator<undefined, Map<string, Item[]>> {
  const groups = new Map<string, Item[]>();
  let steps = 0;
  for (const item of items) {
    if (++steps % STEPS_BETWEEN_BREATHS === 0) yield;
    if (!counts(item)) continue;
    const fingerprint = fingerprintOf(item);
    const group = groups.get(fingerprint);
    if (group === undefined) groups.set(fingerprint, [item]);
    else group.push(item);
  }
  return groups;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function idOf(track: KnownTrack): number {
  return track.id;
}
