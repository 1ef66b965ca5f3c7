/** Tracks that players hold open: nothing is written into their files meanwhile. */
import type { Handlers } from '#shared/contract.ts';
import type { TrackId } from '#shared/domain.ts';

/** A player that says nothing for so long is gone. They are asked to repeat themselves every thirty seconds. */
const EXPIRES_MS = 90_000;

export interface PlayerHolds {
  readonly handlers: Pick<Handlers, 'playing.hold'>;
  isHeld(trackId: TrackId): boolean;
  /** The listener is called when tracks were released. Returns the function that ends this. */
  onRelease(listener: () => void): () => void;
  close(): void;
}

interface Hold {
  readonly trackIds: ReadonlySet<TrackId>;
  readonly timer: NodeJS.Timeout;
}

export function createHolds(expiresMs = EXPIRES_MS): PlayerHolds {
  const holds = new Map<string, Hold>();
  const listeners = new Set<() => void>();

  function hold(client: string, trackIds: readonly TrackId[]): void {
    const before = holds.get(client);
    clearTimeout(before?.timer);
    holds.delete(client);
    if (trackIds.length > 0) {
      const timer = setTimeout(() => hold(client, []), expiresMs);
      timer.unref();
      holds.set(client, { trackIds: new Set(trackIds), timer });
    }
    const released = [...(before?.trackIds ?? [])].some((trackId) => !trackIds.includes(trackId));
    if (released) for (const listener of [...listeners]) listener();
  }

  return {
    handlers: {
      'playing.hold'({ client, trackIds }) {
        hold(client, trackIds);
        return null;
      },
    },
    isHeld: (trackId) => [...holds.values()].some((entry) => entry.trackIds.has(trackId)),
    onRelease(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close() {
      for (const { timer } of holds.values()) clearTimeout(timer);
      holds.clear();
      listeners.clear();
    },
  };
}
