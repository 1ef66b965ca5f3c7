/** Everything about tags: what is proposed, what the user decides. */
import type { EventName, Events } from '#shared/contract.ts';
import type { Edits } from '#engine/edits.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { createReview } from './proposing/review.ts';
import type { Review } from './proposing/review.ts';

/** Four times a second, as for the library: a batch changes many rows a second. */
const QUIET_MS = 250;

export interface TaggingOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  readonly edits: Edits;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Tagging {
  readonly handlers: Review['handlers'];
  close(): Promise<void>;
}

export function createTagging(options: TaggingOptions): Tagging {
  const { storage, compile, edits, clock } = options;
  const changes = coalesced(() => options.publish('tags.changed', {}));
  const review = createReview({ storage, compile, edits, changed: changes.changed, clock });
  return {
    handlers: review.handlers,
    close() {
      changes.close();
      return Promise.resolve();
    },
  };
}

/** The first change is told at once; those that follow within a quarter of a second are told together. */
function coalesced(tell: () => void): { changed(): void; close(): void } {
  let timer: NodeJS.Timeout | null = null;
  let isNews = false;
  function look(): void {
    timer = null;
    if (!isNews) return;
    isNews = false;
    timer = setTimeout(look, QUIET_MS);
    timer.unref();
    tell();
  }
  return {
    changed() {
      isNews = true;
      if (timer === null) look();
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      isNews = false;
    },
  };
}
