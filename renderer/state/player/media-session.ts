/** The system's own player controls: what plays, with its cover, and the media keys. */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { trackTitle } from '../../lib/track-words.ts';

export interface SessionActions {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  seek(seconds: number): void;
  /** Forwards or, below zero, back. */
  skip(seconds: number): void;
}

/** A cover travels inside an address there: larger ones are left out. Characters of base64. */
const LARGEST_COVER = 3_000_000;
const SKIP_S = 10;

export class SystemControls {
  #session: MediaSession | null;
  #client: EngineClient;
  #trackId: number | null = null;

  /** `session`: null where the browser has none; then nothing is shown. */
  constructor(session: MediaSession | null, client: EngineClient, actions: SessionActions) {
    this.#session = session;
    this.#client = client;
    if (session === null) return;
    session.setActionHandler('play', () => actions.play());
    session.setActionHandler('pause', () => actions.pause());
    session.setActionHandler('stop', () => actions.pause());
    session.setActionHandler('nexttrack', () => actions.next());
    session.setActionHandler('previoustrack', () => actions.previous());
    session.setActionHandler('seekto', ({ seekTime }) => actions.seek(seekTime ?? 0));
    session.setActionHandler('seekforward', ({ seekOffset }) => actions.skip(seekOffset ?? SKIP_S));
    session.setActionHandler('seekbackward', ({ seekOffset }) => actions.skip(-(seekOffset ?? SKIP_S)));
  }

  /** What plays: told at once, and again with the cover when that is read. */
  async show(track: Track): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    this.#trackId = track.id;
    const words = { title: trackTitle(track), artist: track.artist ?? '', album: track.album ?? '' };
    session.metadata = new MediaMetadata(words);
    if (!track.hasCover) return;
    const cover = await this.#client.request('tracks.cover', { trackId: track.id }).catch(() => null);
    if (cover === null || cover.base64.length > LARGEST_COVER || this.#trackId !== track.id) return;
    const { mimeType: type, base64 } = cover;
    session.metadata = new MediaMetadata({
      ...words,
      artwork: [{ src: `data:${type};base64,${base64}`, type }],
    });
  }

  state(playing: boolean): void {
    if (this.#session !== null) this.#session.playbackState = playing ? 'playing' : 'paused';
  }

  /** Seconds; `duration` 0 when it is not known. */
  position(position: number, duration: number): void {
    if (this.#session === null || !(duration > 0)) return;
    this.#session.setPositionState({ duration, position: Math.min(Math.max(0, position), duration) });
  }
}
