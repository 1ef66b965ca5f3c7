/** What is playing: one audio element, the list it came from, and the system's media keys. */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { beyondThePlayer, codecName, trackTitle } from '../lib/track-words.ts';
import { text } from '../lib/text.ts';

/** The rows that follow: never held, asked for when their turn comes. */
export interface Queue {
  /** The track at a place of the list, or null beyond its ends. */
  at(index: number): Promise<Track | null>;
}

/** Pressing "previous" later than this goes to the start of the track. */
const RESTART_AFTER_S = 3;

export class Player {
  #track = $state.raw<Track | null>(null);
  #playing = $state(false);
  #seconds = $state(0);
  #duration = $state(0);
  #problem = $state<string | null>(null);
  #audio: HTMLAudioElement;
  #session: MediaSession | null;
  #mediaUrl: (kind: 'track' | 'cover', trackId: number) => string;
  #queue: Queue | null = null;
  #index = 0;
  /** Counts what was started, so that the failure of an older one is not taken for the newer one's. */
  #turn = 0;

  constructor(
    audio: HTMLAudioElement,
    session: MediaSession | null,
    mediaUrl: (kind: 'track' | 'cover', trackId: number) => string,
  ) {
    this.#audio = audio;
    this.#session = session;
    this.#mediaUrl = mediaUrl;
    this.#listen();
  }

  get track(): Track | null {
    return this.#track;
  }
  get playing(): boolean {
    return this.#playing;
  }
  /** Position in seconds. */
  get seconds(): number {
    return this.#seconds;
  }
  /** Length in seconds: what the decoder says, else what the file says. */
  get duration(): number {
    return this.#duration;
  }
  /** A sentence, when the track cannot be played. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Plays a track; `queue` and `index` say what comes before and after it. */
  async play(track: Track, queue: Queue | null, index = 0): Promise<void> {
    const turn = ++this.#turn;
    this.#track = track;
    this.#queue = queue;
    this.#index = index;
    this.#seconds = 0;
    this.#duration = track.durationSeconds ?? 0;
    this.#problem = null;
    this.#announce(track);
    this.#audio.src = this.#mediaUrl('track', track.id);
    await this.#start(turn);
  }

  async toggle(): Promise<void> {
    if (this.#track === null) return;
    if (!this.#audio.paused) this.#audio.pause();
    else if (this.#problem === null) await this.#start(this.#turn);
    else await this.play(this.#track, this.#queue, this.#index);
  }

  async next(): Promise<void> {
    await this.#step(1);
  }

  async previous(): Promise<void> {
    if (this.#audio.currentTime > RESTART_AFTER_S) this.seek(0);
    else await this.#step(-1);
  }

  seek(seconds: number): void {
    if (this.#track === null) return;
    const to = Math.min(Math.max(0, seconds), this.#duration);
    this.#audio.currentTime = to;
    this.#seconds = to;
  }

  /** 0..1 as the slider says; ears hear the square of it as even steps. */
  setVolume(volume: number): void {
    this.#audio.volume = volume ** 2;
  }

  async #step(by: 1 | -1): Promise<void> {
    const turn = this.#turn;
    const track = await this.#queue?.at(this.#index + by);
    if (turn !== this.#turn) return;
    if (track != null) await this.play(track, this.#queue, this.#index + by);
    else if (by === -1) this.seek(0);
  }

  async #start(turn: number): Promise<void> {
    try {
      await this.#audio.play();
    } catch (error) {
      // Another track was started, or it was paused, before this one came: no failure.
      if (turn !== this.#turn || (error instanceof DOMException && error.name === 'AbortError')) return;
      this.#fail();
    }
  }

  #fail(): void {
    const track = this.#track;
    if (track === null) return;
    this.#playing = false;
    const format = codecName(track);
    if (track.state !== 'present') this.#problem = text.player.away(trackTitle(track));
    else if (beyondThePlayer(track)) this.#problem = text.player.unsupported(format);
    else this.#problem = text.player.failed(trackTitle(track), format);
  }

  #listen(): void {
    const audio = this.#audio;
    audio.addEventListener('play', () => (this.#playing = true));
    audio.addEventListener('pause', () => (this.#playing = false));
    audio.addEventListener('timeupdate', () => (this.#seconds = audio.currentTime));
    audio.addEventListener('durationchange', () => {
      if (Number.isFinite(audio.duration)) this.#duration = audio.duration;
    });
    audio.addEventListener('ended', () => void this.next());
    audio.addEventListener('error', () => this.#fail());
    const session = this.#session;
    if (session === null) return;
    session.setActionHandler('play', () => void this.toggle());
    session.setActionHandler('pause', () => audio.pause());
    session.setActionHandler('previoustrack', () => void this.previous());
    session.setActionHandler('nexttrack', () => void this.next());
    session.setActionHandler('seekto', ({ seekTime }) => this.seek(seekTime ?? 0));
  }

  #announce(track: Track): void {
    if (this.#session === null) return;
    this.#session.metadata = new MediaMetadata({
      title: trackTitle(track),
      artist: track.artist ?? '',
      album: track.album ?? '',
    });
  }
}

/**
 * The rows of a list, as they stood when playing began: what was on screen is what is played, whatever a
 * scan adds meanwhile. Only ids are held, and only once the next track is wanted.
 */
export function queueOf(
  order: () => Promise<readonly { readonly trackId: number }[]>,
  client: EngineClient,
): Queue {
  let ids: Promise<readonly number[]> | null = null;
  return {
    async at(index) {
      ids ??= order().then((rows) => rows.map(({ trackId }) => trackId));
      const trackId = (await ids)[index];
      return trackId === undefined ? null : client.request('tracks.get', { trackId });
    },
  };
}
