/** The queue on screen: whether it is open, and the tracks it names by their ids, asked for as they come into sight. */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { MOST_LISTED, tracksById } from './play-list.ts';

/** A few screens; then the oldest are asked for again when they are seen again. */
const MOST_KNOWN = 1000;

/** next: what comes; played: what was; what: what could come. */
export type QueueTab = 'next' | 'played' | 'what';

export class QueueScreen {
  #open = $state(false);
  #tab = $state<QueueTab>('next');
  #tracks = $state.raw<ReadonlyMap<number, Track | null>>(new Map());
  #client: EngineClient;
  #seen: readonly number[] = [];
  #asked = new Set<number>();

  constructor(client: EngineClient) {
    this.#client = client;
  }

  get open(): boolean {
    return this.#open;
  }
  get tab(): QueueTab {
    return this.#tab;
  }
  /** Opens with what comes next. */
  setOpen(open: boolean): void {
    if (open && !this.#open) this.#tab = 'next';
    this.#open = open;
  }
  show(tab: QueueTab): void {
    this.#tab = tab;
    this.#open = true;
  }

  /** Null when it is no longer in the library, undefined while it is not known. */
  track(trackId: number): Track | null | undefined {
    return this.#tracks.get(trackId);
  }

  /** These are on screen. */
  async see(trackIds: readonly number[]): Promise<void> {
    this.#seen = trackIds.slice(0, MOST_LISTED);
    await this.#ask(this.#seen.filter((id) => !this.#tracks.has(id) && !this.#asked.has(id)));
  }

  /** The library changed: those on screen are asked for again, the others when they are seen. */
  async changed(): Promise<void> {
    if (this.#tracks.size === 0) return;
    const seen = new Set(this.#seen);
    this.#tracks = new Map([...this.#tracks].filter(([id]) => seen.has(id)));
    await this.#ask(this.#seen);
  }

  async #ask(trackIds: readonly number[]): Promise<void> {
    if (trackIds.length === 0) return;
    for (const id of trackIds) this.#asked.add(id);
    try {
      const found = await tracksById(this.#client, trackIds);
      const known = new Map(this.#tracks);
      for (const id of trackIds) {
        known.delete(id);
        known.set(id, found.get(id) ?? null);
      }
      this.#tracks = new Map([...known].slice(-MOST_KNOWN));
    } catch {
      // Asked again when they are seen again.
    } finally {
      for (const id of trackIds) this.#asked.delete(id);
    }
  }
}
