/** Tells the engine which files the player has in its hands: nothing is written into them meanwhile. */
import type { EngineClient } from '#shared/contract.ts';

/** The engine takes who says nothing for three times as long for gone. */
const REPEAT_MS = 30_000;

export class HeldFiles {
  readonly #name = crypto.randomUUID();
  readonly #holders = new Map<object, number>();
  #client: EngineClient;
  #told: readonly number[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** `holder`: a media element. `trackId`: what it is loaded with; null: it lets go. */
  set(holder: object, trackId: number | null): void {
    if (trackId === null) this.#holders.delete(holder);
    else this.#holders.set(holder, trackId);
    const now = [...new Set(this.#holders.values())].toSorted((a, b) => a - b);
    if (now.join() === this.#told.join()) return;
    this.#told = now;
    clearInterval(this.#timer);
    if (now.length > 0) this.#timer = setInterval(() => this.#tell(), REPEAT_MS);
    this.#tell();
  }

  #tell(): void {
    const input = { client: this.#name, trackIds: [...this.#told] };
    // An engine that is away writes nothing; it is told again when it is back.
    this.#client.request('playing.hold', input).catch(() => undefined);
  }
}
