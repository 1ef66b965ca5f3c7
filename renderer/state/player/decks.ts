/** The two media elements that take turns: one plays, the idle one holds what comes next. */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { Deck, playableOf, type MediaUrl } from './deck.ts';
import { HeldFiles } from './held-files.ts';
import type { Sound } from './sound.svelte.ts';

/** What the element that plays tells; the idle one is not heard. */
export interface DeckEvents {
  /** Sound comes out now. */
  playing(): void;
  /** The system paused it: another program, headphones pulled out. */
  paused(): void;
  moved(seconds: number): void;
  /** Its length became known, in seconds. */
  length(seconds: number): void;
  ended(): void;
  /** It stopped where the browser could not decode it, and is loaded again in another way. */
  retried(): void;
  failed(error: MediaError | null): void;
}

export class Decks {
  /** What the engine is told of the files in use; for elements beside these two. */
  readonly held: HeldFiles;
  #active: Deck;
  #idle: Deck;
  #client: EngineClient;
  #sound: Sound;
  #events: DeckEvents;
  /** Id of the track that is being prepared, 0 for none. */
  #preparing = 0;

  constructor(
    parts: {
      readonly client: EngineClient;
      readonly mediaUrl: MediaUrl;
      readonly createAudio: () => HTMLAudioElement;
      readonly sound: Sound;
    },
    events: DeckEvents,
  ) {
    const { client, mediaUrl, createAudio, sound } = parts;
    const held = new HeldFiles(client);
    this.held = held;
    this.#client = client;
    this.#sound = sound;
    this.#events = events;
    this.#active = new Deck(createAudio(), mediaUrl, held);
    this.#idle = new Deck(createAudio(), mediaUrl, held);
    this.#listen(this.#active);
    this.#listen(this.#idle);
    sound.onChange(() => this.#setLevels());
  }

  /** The element that plays. */
  get audio(): HTMLAudioElement {
    return this.#active.audio;
  }
  /** Whether it holds a track. */
  get loaded(): boolean {
    return this.#active.loaded !== null;
  }
  /** Seconds into the track. */
  get position(): number {
    return this.#active.audio.currentTime;
  }

  /** Length in seconds of what is loaded: as decoded, else as the file says. Null when nothing is. */
  get length(): number | null {
    const { audio, loaded } = this.#active;
    if (loaded === null) return null;
    return Number.isFinite(audio.duration) ? audio.duration : loaded.file.durationSeconds;
  }

  /** Changes over to the idle element, if it holds the track. Only then it may begin at once. */
  changeOver(trackId: number): boolean {
    if (!this.#idle.holds(trackId)) return false;
    [this.#active, this.#idle] = [this.#idle, this.#active];
    this.#idle.audio.pause();
    return true;
  }

  /** Silence: nothing is loaded in the element that plays. */
  clear(): void {
    this.#active.unload();
  }
  /** Nothing is loaded any more, in neither element. */
  letGo(): void {
    this.clear();
    this.clearIdle();
  }
  /** Lets go of what played before. */
  clearIdle(): void {
    this.#idle.unload();
  }

  /**
   * Loads a track into the element that plays, at a place in it. False when another was wanted meanwhile. Throws
   * what the engine says when its file is not there.
   */
  async load(track: Track, seconds: number, stillWanted: () => boolean): Promise<boolean> {
    const playable = await playableOf(this.#client, track);
    if (!stillWanted()) return false;
    this.#active.load(playable, seconds);
    this.#setLevels();
    return true;
  }

  /** Loads a track into the idle element, where it waits. What is wrong with it is told when its turn comes. */
  prepare(track: Track, stillWanted: () => boolean): void {
    if (this.#idle.loaded?.track.id === track.id || this.#preparing === track.id) return;
    this.#preparing = track.id;
    playableOf(this.#client, track)
      .then((playable) => {
        if (!stillWanted()) return;
        this.#idle.load(playable, 0);
        this.#setLevels();
      })
      .catch(() => undefined)
      .finally(() => (this.#preparing = 0));
  }

  #setLevels(): void {
    for (const { audio, loaded } of [this.#active, this.#idle]) {
      audio.volume = this.#sound.levelOf(loaded?.file.replayGain ?? null);
    }
  }

  #listen(deck: Deck): void {
    const { audio } = deck;
    const events = this.#events;
    const on = (name: string, react: () => void): void =>
      audio.addEventListener(name, () => {
        if (deck === this.#active && deck.loaded !== null) react();
      });
    on('playing', () => events.playing());
    // At its end, and where it fails, it pauses as well; and it may play again by now.
    on('pause', () => {
      if (audio.paused && !audio.ended && audio.error === null) events.paused();
    });
    on('timeupdate', () => events.moved(audio.currentTime));
    on('durationchange', () => {
      if (Number.isFinite(audio.duration)) events.length(audio.duration);
    });
    on('ended', () => events.ended());
    on('error', () => {
      if (deck.decodeElsewhere()) events.retried();
      else events.failed(audio.error);
    });
  }
}
