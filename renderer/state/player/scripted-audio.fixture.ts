/** For tests: media elements that do what the test says (happy-dom plays nothing), and an engine with some tracks. */
import type { PlayableFile, Track } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { scriptedClient, someDetail, someTrack, type ScriptedClient } from '../scripted-client.fixture.ts';

export class ScriptedAudio extends EventTarget {
  src = '';
  volume = 1;
  preload = '';
  currentTime = 0;
  duration = Number.NaN;
  paused = true;
  ended = false;
  error: { readonly code: number } | null = null;
  /** What `play` does next; absent: it plays. */
  refuse: (() => Promise<never>) | null = null;
  plays = 0;

  async play(): Promise<void> {
    this.plays += 1;
    this.paused = false;
    this.ended = false;
    if (this.refuse !== null) {
      this.paused = true;
      await this.refuse();
    }
    this.dispatchEvent(new Event('playing'));
  }
  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
  load(): void {
    this.error = null;
    this.currentTime = 0;
    this.ended = false;
    this.duration = Number.NaN;
  }
  removeAttribute(): void {
    this.src = '';
  }

  // What the test makes happen

  /** The header is read: so long it is. */
  knows(seconds: number): void {
    this.duration = seconds;
    this.dispatchEvent(new Event('durationchange'));
  }
  reach(seconds: number): void {
    this.currentTime = seconds;
    this.dispatchEvent(new Event('timeupdate'));
  }
  end(): void {
    this.currentTime = this.duration;
    this.ended = true;
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
    this.dispatchEvent(new Event('ended'));
  }
  fail(code = 4): void {
    this.error = { code };
    this.paused = true;
    this.dispatchEvent(new Event('error'));
  }
}

interface ScriptedEngine extends ScriptedClient {
  /** May be changed at any time. */
  tracks: readonly Track[];
}

/** An engine whose library is these tracks, in this order. */
export function engineOf(tracks: readonly Track[]): ScriptedEngine {
  const engine: ScriptedEngine = Object.assign(
    scriptedClient({
      'tracks.window': ({ offset, limit }) => {
        const { length } = engine.tracks;
        const rows = engine.tracks.slice(offset, offset + limit);
        return { total: length, totalSeconds: 0, offset, rows, revision: 1 };
      },
      'playlists.entries': ({ offset, limit }) => {
        const entries = engine.tracks.map((track, position) => ({
          entryId: 100 + position,
          position,
          track,
        }));
        return { total: entries.length, entries: entries.slice(offset, offset + limit) };
      },
      'tracks.list': ({ trackIds }) =>
        trackIds.flatMap((id) => engine.tracks.find((track) => track.id === id) ?? []),
      'tracks.get': ({ trackId }) => someDetail(trackId),
      'tracks.file': ({ trackId }) => {
        const track = engine.tracks.find(({ id }) => id === trackId);
        if (track?.state !== 'present')
          throw new AppError('file-not-found', `/music/${trackId}.flac is gone.`);
        return someFile(trackId);
      },
      'tracks.waveform': () => {
        throw new AppError('not-found', 'none');
      },
    }),
    { tracks },
  );
  return engine;
}

export function someFile(trackId: number, part: Partial<PlayableFile> = {}): PlayableFile {
  return {
    path: `/music/${trackId}.flac`,
    sizeBytes: 1000,
    mimeType: 'audio/flac',
    kind: 'track',
    durationSeconds: 200,
    decodedSeconds: null,
    replayGain: null,
    ...part,
  };
}

export const tracksOf = (...ids: readonly number[]): readonly Track[] => ids.map((id) => someTrack(id));

/** Storage that holds until the test ends. */
export function someStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    clear: () => values.clear(),
    getItem: (key) => values.get(key) ?? null,
    key: (index) => [...values.keys()][index] ?? null,
    removeItem: (key) => void values.delete(key),
    setItem: (key, value) => void values.set(key, value),
  };
}
