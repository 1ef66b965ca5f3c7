/** What the player remembers on this machine: how loud, what, and where in it. */
import { gainModes, type GainMode } from '../../lib/replay-gain.ts';
import type { WalkState } from './list-walk.ts';
import type { PlayList } from './play-list.ts';
import type { Repeat, StoredQueue } from './queue.svelte.ts';

export interface StoredSound {
  /** 0..1, as the slider shows it. */
  readonly volume: number;
  readonly muted: boolean;
  readonly gainMode: GainMode;
}

/** Apart, because they change at different paces: the position every few seconds, the queue may be long. */
const SOUND = 'cratewise.sound';
const QUEUE = 'cratewise.queue';
const POSITION = 'cratewise.position';
/** Entries that are stored; a longer queue goes on shorter after a restart. */
const MOST_STORED = 20_000;

const firstSound: StoredSound = { volume: 0.8, muted: false, gainMode: 'track' };

export class PlayerMemory {
  #storage: Storage | null;

  /** `storage`: null where the browser allows none; then nothing survives. */
  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  get sound(): StoredSound {
    const read = this.#read(SOUND);
    if (!isRecord(read)) return firstSound;
    const { volume, muted, gainMode } = read;
    return {
      volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : firstSound.volume,
      muted: muted === true,
      gainMode: gainModes.find((mode) => mode === gainMode) ?? firstSound.gainMode,
    };
  }
  set sound(sound: StoredSound) {
    this.#write(SOUND, sound);
  }

  /** Seconds into the track that was playing. */
  get position(): number {
    const read = this.#read(POSITION);
    return typeof read === 'number' && read > 0 ? read : 0;
  }
  set position(seconds: number) {
    this.#write(POSITION, Math.round(seconds * 10) / 10);
  }

  /** Null when nothing, or nothing that makes sense, is stored. */
  get queue(): StoredQueue | null {
    return readQueue(this.#read(QUEUE));
  }
  set queue(queue: StoredQueue) {
    const { walk } = queue;
    // A list of ids that is too long to store is left out; what the user queued goes first.
    const kept = walk?.list.kind === 'tracks' && walk.list.trackIds.length > MOST_STORED ? null : walk;
    this.#write(QUEUE, { ...queue, walk: kept, entries: queue.entries.slice(0, MOST_STORED) });
  }

  #read(key: string): unknown {
    try {
      return JSON.parse(this.#storage?.getItem(key) ?? 'null');
    } catch {
      return null;
    }
  }

  #write(key: string, value: unknown): void {
    try {
      this.#storage?.setItem(key, JSON.stringify(value));
    } catch {
      // The browser's storage is full: it holds until the window closes.
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value);
const isIds = (value: unknown): value is number[] => Array.isArray(value) && value.every(isId);

/** What was stored, without anything an older version or another hand may have left in another form. */
function readQueue(read: unknown): StoredQueue | null {
  if (!isRecord(read)) return null;
  const { current, walk, entries, played, repeat, shuffle } = read;
  const origins = ['list', 'entry', 'alone'] as const;
  const origin = isRecord(current) ? origins.find((one) => one === current['origin']) : undefined;
  const trackId = isRecord(current) ? current['trackId'] : null;
  const repeats: readonly Repeat[] = ['off', 'all', 'one'];
  return {
    current: origin !== undefined && isId(trackId) ? { trackId, origin } : null,
    walk: readWalk(walk),
    entries: isIds(entries) ? entries : [],
    played: isIds(played) ? played : [],
    repeat: repeats.find((one) => one === repeat) ?? 'off',
    shuffle: shuffle === true,
  };
}

function readWalk(read: unknown): WalkState | null {
  if (!isRecord(read)) return null;
  const { list, index, key, shuffle, removed } = read;
  if (!isList(list) || !isCount(index) || !(key === null || isCount(key))) return null;
  return {
    list,
    index,
    key,
    shuffle: isShuffle(shuffle) ? shuffle : null,
    removed: Array.isArray(removed) ? removed.filter(isCount) : [],
  };
}

function isShuffle(read: unknown): read is NonNullable<WalkState['shuffle']> {
  if (!isRecord(read)) return false;
  return (
    ['seed', 'origin', 'step', 'length'].every((name) => isCount(read[name])) && Number(read['length']) > 0
  );
}

/** The engine checks queries anyway: here only the shape matters. */
function isList(read: unknown): read is PlayList {
  if (!isRecord(read) || typeof read['name'] !== 'string') return false;
  if (read['kind'] === 'playlist') return isId(read['playlistId']);
  if (read['kind'] === 'tracks') return isIds(read['trackIds']);
  return read['kind'] === 'query' && isRecord(read['query']) && Array.isArray(read['sort']);
}
