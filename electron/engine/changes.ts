/**
 * "Something about the library changed": a revision that lists compare, and the coalesced event that tells
 * views to look again. A scan changes thousands of rows a second; nobody wants to hear of each.
 */
import type { EngineEvents } from './events.ts';

/** Four times a second: feels live, and leaves a view time to ask and draw. */
const QUIET_MS = 250;

export interface Changes {
  /** Grows with every change; starts anew with each run of the engine. */
  revision(): number;
  /** Tracks, folders or genres changed. Cheap: call it after every batch that was stored. */
  changed(): void;
  close(): void;
}

/** The first change is told at once; those that follow within a quarter of a second are told together. */
export function createChanges(events: EngineEvents): Changes {
  let revision = 1;
  let told = 1;
  let timer: NodeJS.Timeout | null = null;

  function tell(): void {
    timer = null;
    if (told === revision) return;
    told = revision;
    timer = setTimeout(tell, QUIET_MS);
    timer.unref();
    events.publish('library.changed', { revision });
  }

  return {
    revision: () => revision,
    changed() {
      revision += 1;
      if (timer === null) tell();
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
