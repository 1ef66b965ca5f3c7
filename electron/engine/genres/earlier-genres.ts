/** After a change of the model: the earlier one's genres hold until the current one has heard a recording. */
import type { Logger } from '#shared/log.ts';
import { hasEarlierModels } from '#engine/storage/analysis/earlier-models.ts';
import { indexEarlier } from '#engine/storage/library/corrections.ts';
import type { Storage } from '#engine/storage/open.ts';

export interface EarlierGenresOptions {
  readonly storage: Storage;
  /** Genres of tracks have changed. */
  readonly changed: () => void;
  readonly log: Logger;
  /** Ends it; the next start goes on with what is left. */
  readonly signal: AbortSignal;
}

/** Indexes them in steps of a few ms. Where nothing is left to do it looks once through the recordings. */
export async function indexEarlierGenres({
  storage,
  changed,
  log,
  signal,
}: EarlierGenresOptions): Promise<void> {
  if (!hasEarlierModels(storage.database)) return;
  let all = 0;
  for (let after: number | null = 0; after !== null && !signal.aborted;) {
    const from: number = after;
    const { next, indexed } = storage.write(() => indexEarlier(storage.database, from));
    after = next;
    all += indexed;
    // The first ones are seen at once; then the feed tells the rest with the end.
    if (indexed > 0 && all === indexed) changed();
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (all === 0) return;
  log.info({ recordings: all }, 'Genres of an earlier model were indexed');
  changed();
}
