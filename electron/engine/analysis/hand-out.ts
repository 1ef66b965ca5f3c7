/** What the scheduler takes from the queue: a few tracks ahead, without those in hand and those that cannot be reached. */
import type { FolderId, TrackId } from '#shared/domain.ts';
import type { Database } from '#engine/storage/database.ts';
import { countQueued, nextInQueue } from '#engine/storage/library/queue.ts';
import type { QueuedTrack } from '#engine/storage/library/queue.ts';

/** Tracks read from the queue at once, so that not every hand-out asks the database. */
const LOOK_AHEAD = 32;
/** Counting a queue of 100,000 takes some 30 ms: a long one is not counted more often than this … */
const COUNT_MS = 2000;
/** … but a short one whenever it may have changed: nobody may take a queue that has work for empty. */
const SHORT_QUEUE = 5000;

export interface HandOut {
  /** The next track, or null; it is busy from now on. */
  next(): QueuedTrack | null;
  /** Not begun after all: it is the next one again. */
  putBack(track: QueuedTrack): void;
  /** Not busy any more: stored, or to be tried again. */
  release(trackId: TrackId): void;
  /** True while tracks are in hand, or answered but not yet stored. */
  isBusy(): boolean;
  /** The folder's root is not there: its tracks are left out until the next refresh. */
  leaveOut(folderId: FolderId): void;
  /** The queue or the folders changed. */
  refresh(): void;
  /** Tracks that wait or are in hand; of a long queue up to two seconds old. */
  count(now: number): number;
  /** A track has left the queue. */
  countDown(): void;
}

export function createHandOut(database: Database): HandOut {
  const busy = new Set<TrackId>();
  const absent = new Set<FolderId>();
  let ahead: QueuedTrack[] = [];
  let counted = { count: 0, at: Number.NEGATIVE_INFINITY };

  /** Those in hand are in the queue until their results are stored, and may stand behind newer ones. */
  function look(): QueuedTrack[] {
    const waiting = nextInQueue(database, busy.size + LOOK_AHEAD, [...absent]);
    return waiting.filter(({ trackId }) => !busy.has(trackId));
  }

  function take(): QueuedTrack | undefined {
    let track = ahead.shift();
    while (track !== undefined && absent.has(track.folderId)) track = ahead.shift();
    return track;
  }

  return {
    next() {
      let track = take();
      if (track === undefined) {
        ahead = look();
        track = take();
      }
      if (track === undefined) return null;
      busy.add(track.trackId);
      return track;
    },
    putBack(track) {
      busy.delete(track.trackId);
      ahead.unshift(track);
    },
    release: (trackId) => void busy.delete(trackId),
    isBusy: () => busy.size > 0,
    leaveOut(folderId) {
      absent.add(folderId);
      counted = { ...counted, at: Number.NEGATIVE_INFINITY };
    },
    refresh() {
      ahead = [];
      absent.clear();
      if (counted.count < SHORT_QUEUE) counted = { ...counted, at: Number.NEGATIVE_INFINITY };
    },
    count(now) {
      if (now - counted.at > COUNT_MS) counted = { count: countQueued(database, [...absent]), at: now };
      return counted.count;
    },
    countDown() {
      counted = { ...counted, count: Math.max(0, counted.count - 1) };
      // The last ones are counted, not reckoned.
      if (counted.count < 10) counted = { ...counted, at: Number.NEGATIVE_INFINITY };
    },
  };
}
