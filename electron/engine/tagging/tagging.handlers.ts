/** Everything about tags: what is proposed, what the user decides, what is written, and going back. */
import type { EventName, Events } from '#shared/contract.ts';
import type { Logger } from '#shared/log.ts';
import type { Edits } from '#engine/edits.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { createReview } from './proposing/review.ts';
import type { Review } from './proposing/review.ts';
import { createWritingHandlers, settleProposals } from './writing.handlers.ts';
import type { Holds, TagWriterOptions } from './writing/model.ts';
import { createTagWriter } from './writing/writer.ts';

/** Four times a second, as for the library: a batch changes many rows a second. */
const QUIET_MS = 250;

export interface TaggingOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  readonly edits: Edits;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
  /** Tracks or what is read of them changed. */
  readonly changed: () => void;
  /** Which tracks play. */
  readonly holds: Holds;
  /** The library's. */
  readonly readTags: TagWriterOptions['readTags'];
  readonly tagReaderVersion: number;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Tagging {
  readonly handlers: Review['handlers'] & ReturnType<typeof createWritingHandlers>;
  /** Files that were being written when the process died are put in order. Call it once, before anything is asked. */
  recover(): Promise<void>;
  /** After the file in hand. */
  close(): Promise<void>;
}

export function createTagging(options: TaggingOptions): Tagging {
  const { storage, compile, edits, clock } = options;
  const { changed, close } = coalesced(() => options.publish('tags.changed', {}));
  const review = createReview({ storage, compile, edits, changed, clock });
  const writer = createTagWriter({
    ...options,
    settled(outcome) {
      settleProposals(storage, outcome);
      changed();
    },
  });

  return {
    handlers: {
      ...review.handlers,
      ...createWritingHandlers({ storage, edits, review, writer, changed }),
    },
    recover: () => writer.recover(),
    async close() {
      await writer.close();
      close();
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
