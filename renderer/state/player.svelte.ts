/**
 * What is playing: two media elements that take turns, the queue they play, how loud, and the system's controls.
 * The next track is loaded into the idle element shortly before its turn, so that it begins at once.
 */
import type { Track } from '#shared/domain.ts';
import { coalesced } from '../lib/coalesce.ts';
import { text } from '../lib/text.ts';
import { Audition } from './player/audition.svelte.ts';
import { Decks } from './player/decks.ts';
import { SystemControls } from './player/media-session.ts';
import { PlayerMemory } from './player/memory.ts';
import type { ListRow, PlayerParts } from './player/parts.ts';
import { TrackPicture } from './player/picture.svelte.ts';
import { tracksById, type PlayList } from './player/play-list.ts';
import { QueueScreen } from './player/queue-screen.svelte.ts';
import { Queue, type Candidate } from './player/queue.svelte.ts';
import { Sound } from './player/sound.svelte.ts';
import { FAILURE_SHOWN_MS, MOST_FAILURES, wasForbidden, whyNotPlayed } from './player/why.ts';

/** Pressing "previous" later than this goes to the start of the track. */
const RESTART_AFTER_S = 3;
/** When the next track is loaded: early enough for a slow drive, late enough not to load what is skipped. */
const PREPARE_BEFORE_END_S = 30;
const STORE_EVERY_S = 5;
/** A track that got so far plays: the failures before it are no row any more. */
const PLAYS_AFTER_S = 1;
const CHANGE_GAP_MS = 500;

export class Player {
  readonly sound: Sound;
  readonly queue: Queue;
  readonly queueScreen: QueueScreen;
  readonly picture: TrackPicture;
  readonly audition: Audition;
  #track = $state.raw<Track | null>(null);
  #playing = $state(false);
  #seconds = $state(0);
  #duration = $state(0);
  #problem = $state<string | null>(null);
  #parts: PlayerParts;
  #memory: PlayerMemory;
  #controls: SystemControls;
  #decks: Decks;
  /** Counts what was started, so that the failure of an older one is not taken for the newer one's. */
  #turn = 0;
  #failures = 0;
  #failureTimer: ReturnType<typeof setTimeout> | undefined;
  #storedAt = 0;

  constructor(parts: PlayerParts) {
    const { client, mediaUrl, createAudio, mediaSession, storage } = parts;
    this.#parts = parts;
    this.#memory = new PlayerMemory(storage);
    const sound = new Sound(this.#memory);
    this.sound = sound;
    this.queue = new Queue(client);
    this.queueScreen = new QueueScreen(client);
    this.picture = new TrackPicture(client, (detail) => {
      if (detail.id === this.#track?.id) this.#track = detail;
    });
    this.#decks = new Decks(
      { client, mediaUrl, createAudio, sound },
      {
        playing: () => this.#sounds(),
        paused: () => (this.#playing ? this.pause() : undefined),
        moved: (seconds) => this.#moved(seconds),
        length: (seconds) => (this.#duration = seconds),
        ended: () => this.#ended(),
        retried: () => (this.#playing ? void this.#start(this.#turn) : undefined),
        failed: (error) => this.#fail(error),
      },
    );
    this.audition = new Audition({
      ...{ client, mediaUrl, createAudio, sound, held: this.#decks.held },
      hold: () => this.#hold(),
      release: () => void this.#start(this.#turn),
      onFailure: (track, error) => parts.tell.trouble(whyNotPlayed(track, error)),
    });
    this.#controls = new SystemControls(mediaSession, client, {
      play: () => void (this.#playing ? undefined : this.toggle()),
      pause: () => this.pause(),
      next: () => void this.next(),
      previous: () => void this.previous(),
      seek: (seconds) => this.seek(seconds),
      skip: (seconds) => this.seek(this.#decks.position + seconds),
    });
    this.queue.onChange(() => {
      this.#memory.queue = this.queue.stored;
      this.#prepareNext();
    });
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

  /** Follows the engine, and brings back what played before the restart, paused. Returns what ends it. */
  start(): () => void {
    const { client } = this.#parts;
    const changed = coalesced(
      () => Promise.all([this.queue.changed(), this.queueScreen.changed(), this.picture.changed()]),
      CHANGE_GAP_MS,
      // Asked again at the next change; that the engine is out of reach the banner says.
      () => undefined,
    );
    const ends = [
      client.subscribe('library.changed', changed),
      client.subscribe('playlists.changed', changed),
      client.subscribe('waveform.ready', ({ trackId }) => void this.picture.ready(trackId)),
    ];
    void this.#restore();
    return () => {
      clearTimeout(this.#failureTimer);
      this.#store();
      for (const end of ends) end();
    };
  }

  /** Plays a list on from one of its rows. */
  async playList(list: PlayList, row: ListRow): Promise<void> {
    const { index, key, track } = row;
    await Promise.all([this.#begin(track), this.queue.startList(list, { index, key, trackId: track.id })]);
  }

  /** Plays one track; only what was queued follows. */
  async playAlone(track: Track): Promise<void> {
    await Promise.all([this.#begin(track), this.queue.startAlone(track.id)]);
  }

  /** Plays something of the queue now. */
  async playCandidate(candidate: Candidate): Promise<void> {
    this.queue.take(candidate);
    await this.#begin(candidate.track);
  }

  async toggle(): Promise<void> {
    if (this.#track === null) await this.next();
    else if (this.#problem !== null || (!this.#playing && !this.#decks.loaded))
      await this.#begin(this.#track, this.#seconds);
    else if (this.#playing) this.pause();
    else await this.#start(this.#turn);
  }

  pause(): void {
    clearTimeout(this.#failureTimer);
    this.#playing = false;
    this.#decks.audio.pause();
    this.#controls.state(false);
    this.#store();
  }

  /** Nothing plays, and somebody waits for the file: it is given back until it is to go on. */
  letGo(): void {
    if (!this.#playing) this.#decks.letGo();
  }

  /** Goes on to what is next; at the end of everything nothing happens. */
  async next(): Promise<void> {
    const ready = this.queue.next;
    if (ready !== null) return this.#advanceTo(ready);
    const turn = this.#turn;
    const found = await this.queue.upNext();
    if (turn === this.#turn && found !== null) await this.#advanceTo(found);
  }

  async previous(): Promise<void> {
    if (this.#decks.position > RESTART_AFTER_S) return this.seek(0);
    const turn = this.#turn;
    const before = await this.queue.goBack();
    if (turn !== this.#turn) return;
    if (before === null) this.seek(0);
    else await this.playCandidate(before);
  }

  seek(seconds: number): void {
    if (this.#track === null) return;
    const to = Math.min(Math.max(0, seconds), this.#duration);
    if (this.#decks.loaded) this.#decks.audio.currentTime = to;
    this.#seconds = to;
    this.#controls.position(to, this.#duration);
    this.#store();
    this.#prepareNext();
  }

  /** The window is seen again, or about to go: the position is drawn, and stored. */
  catchUp(): void {
    if (this.#decks.loaded) this.#seconds = this.#decks.position;
    this.#store();
  }

  async #advanceTo(candidate: Candidate): Promise<void> {
    if (candidate.away > 0) this.#parts.tell.done(text.player.skipped(candidate.away));
    await this.playCandidate(candidate);
  }

  /** Where the idle element holds the track, it plays before anything else is done: that keeps the gap short. */
  async #begin(track: Track, seconds = 0, paused = false): Promise<void> {
    const turn = ++this.#turn;
    clearTimeout(this.#failureTimer);
    this.audition.abandon();
    this.#playing = !paused;
    if (seconds === 0 && !paused && this.#decks.changeOver(track.id)) {
      const started = this.#start(turn);
      this.#show(track, 0);
      this.#decks.clearIdle();
      return started;
    }
    this.#decks.clear();
    this.#show(track, seconds);
    try {
      if (!(await this.#decks.load(track, seconds, () => turn === this.#turn))) return;
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
      return;
    }
    this.#duration = this.#decks.length ?? this.#duration;
    if (this.#playing) await this.#start(turn);
  }

  #show(track: Track, seconds: number): void {
    this.#track = track;
    this.#seconds = seconds;
    this.#duration = this.#decks.length ?? track.durationSeconds ?? 0;
    this.#problem = null;
    void this.#controls.show(track);
    void this.picture.show(track.id);
    this.#store();
  }

  async #start(turn: number): Promise<void> {
    this.#playing = true;
    try {
      await this.#decks.audio.play();
    } catch (error) {
      // An error of the file comes by event. This is for a browser that lets nothing play before a click.
      if (turn === this.#turn && wasForbidden(error)) this.pause();
    }
  }

  #sounds(): void {
    this.#playing = true;
    this.#controls.state(true);
    this.#controls.position(this.#decks.position, this.#duration);
  }

  #hold(): boolean {
    const was = this.#playing;
    if (was) this.pause();
    return was;
  }

  /** Says what is wrong and, if it was to play, goes on to the next after a moment; not for ever if all fail. */
  #fail(error: unknown): void {
    const track = this.#track;
    if (track === null) return;
    const wanted = this.#playing;
    const sentence = whyNotPlayed(track, error);
    this.#playing = false;
    this.#problem = sentence;
    this.#controls.state(false);
    clearTimeout(this.#failureTimer);
    if (!wanted) return;
    this.#failures += 1;
    if (this.#failures >= MOST_FAILURES) {
      this.#parts.tell.trouble(text.player.tooMany(this.#failures));
      this.#failures = 0;
      return;
    }
    const turn = this.#turn;
    this.#failureTimer = setTimeout(() => {
      void this.queue.upNext().then((candidate) => {
        if (candidate === null || turn !== this.#turn) return undefined;
        // It is about to leave the bar: who looked away can still read it.
        this.#parts.tell.trouble(sentence);
        return this.#advanceTo(candidate);
      });
    }, FAILURE_SHOWN_MS);
  }

  #ended(): void {
    if (this.queue.repeat === 'one') {
      this.seek(0);
      void this.#start(this.#turn);
      return;
    }
    const ready = this.queue.next;
    if (ready !== null) return void this.#advanceTo(ready);
    const turn = this.#turn;
    void this.queue.upNext().then((found) => {
      if (turn !== this.#turn) return undefined;
      if (found !== null) return this.#advanceTo(found);
      this.seek(0);
      return this.pause();
    });
  }

  /** Near the end, the next track goes into the idle element. */
  #prepareNext(): void {
    const next = this.queue.next?.track;
    if (next === undefined || !this.#decks.loaded || this.queue.repeat === 'one') return;
    if (this.#duration - this.#decks.position > PREPARE_BEFORE_END_S) return;
    this.#decks.prepare(next, () => this.queue.next?.track.id === next.id);
  }

  #moved(seconds: number): void {
    if (this.#playing && seconds > PLAYS_AFTER_S) this.#failures = 0;
    if (this.#parts.isHidden?.() !== true) this.#seconds = seconds;
    if (Math.abs(seconds - this.#storedAt) >= STORE_EVERY_S) this.#store();
    this.#prepareNext();
  }

  #store(): void {
    const at = this.#decks.loaded ? this.#decks.position : this.#seconds;
    this.#storedAt = at;
    this.#memory.position = at;
  }

  async #restore(): Promise<void> {
    const { queue, position } = this.#memory;
    if (queue === null) return;
    const turn = this.#turn;
    const restored = this.queue.restore(queue);
    const trackId = queue.current?.trackId ?? 0;
    try {
      const found = trackId === 0 ? undefined : await tracksById(this.#parts.client, [trackId]);
      const track = found?.get(trackId);
      // Somebody was faster, or it is no longer in the library.
      if (track !== undefined && turn === this.#turn) await this.#begin(track, position, true);
      await restored;
    } catch {
      // The engine is out of reach: the player begins empty, and the banner says why.
    }
  }
}
