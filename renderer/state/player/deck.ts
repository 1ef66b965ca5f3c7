/** One of the player's two media elements: while one plays, the other holds what comes next. */
import type { EngineClient } from '#shared/contract.ts';
import type { MediaKind } from '#shared/bridge.ts';
import type { PlayableFile, Track } from '#shared/domain.ts';
import type { HeldFiles } from './held-files.ts';

export type MediaUrl = (kind: MediaKind, trackId: number) => string;

/** A track together with how it is played. */
export interface Playable {
  readonly track: Track;
  readonly file: PlayableFile;
}

/** Asks how a track is played. Refused with a file-* or folder-* code when its file is not there. */
export async function playableOf(client: EngineClient, track: Track): Promise<Playable> {
  return { track, file: await client.request('tracks.file', { trackId: track.id }) };
}

/** Errors of a media element that another way of decoding may avoid. */
const MEDIA_ERR_DECODE = 3;
const MEDIA_ERR_SRC_NOT_SUPPORTED = 4;

export class Deck {
  readonly audio: HTMLAudioElement;
  #mediaUrl: MediaUrl;
  #held: HeldFiles;
  #loaded: Playable | null = null;
  #kind: PlayableFile['kind'] = 'track';
  #failed = false;

  constructor(audio: HTMLAudioElement, mediaUrl: MediaUrl, held: HeldFiles) {
    this.audio = audio;
    this.#mediaUrl = mediaUrl;
    this.#held = held;
    audio.preload = 'auto';
    audio.addEventListener('error', () => {
      if (this.#loaded !== null) this.#failed = true;
    });
  }

  get loaded(): Playable | null {
    return this.#loaded;
  }

  /** Whether it holds this track, and nothing has gone wrong with it so far. */
  holds(trackId: number): boolean {
    return this.#loaded?.track.id === trackId && !this.#failed;
  }

  load(playable: Playable, seconds: number): void {
    this.#loaded = playable;
    this.#held.set(this, playable.track.id);
    this.#point(playable.file.kind, seconds);
  }

  /**
   * After an error: lets the host decode what the browser could not, from where it stopped. False when that is no
   * way out.
   */
  decodeElsewhere(): boolean {
    const code = this.audio.error?.code ?? MEDIA_ERR_SRC_NOT_SUPPORTED;
    if (this.#loaded === null || this.#kind === 'wav') return false;
    if (code !== MEDIA_ERR_DECODE && code !== MEDIA_ERR_SRC_NOT_SUPPORTED) return false;
    this.#point('wav', this.audio.currentTime);
    return true;
  }

  /** Lets go of the file, and of what was read of it. */
  unload(): void {
    if (this.#loaded === null) return;
    this.#loaded = null;
    this.#failed = false;
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
    this.#held.set(this, null);
  }

  #point(kind: PlayableFile['kind'], seconds: number): void {
    if (this.#loaded === null) return;
    this.#kind = kind;
    this.#failed = false;
    this.audio.src = this.#mediaUrl(kind, this.#loaded.track.id);
    // Before anything is known of the file this says where playing begins.
    if (seconds > 0) this.audio.currentTime = seconds;
  }
}
