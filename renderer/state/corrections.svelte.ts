/** The user's own word on genres: said of the selected tracks, and taken back at once if it was not meant. */
import type { EngineClient } from '#shared/contract.ts';
import type { Track } from '#shared/domain.ts';
import { findingText } from '../lib/text/finding.ts';
import type { Browser } from './browser.svelte.ts';
import type { Dialogs } from './dialogs.svelte.ts';
import type { Edits } from './edits.svelte.ts';
import type { Inspector } from './inspector.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { selectedTracksOf } from './selected-tracks.ts';

const words = findingText.corrections;

export interface CorrectionParts {
  readonly client: EngineClient;
  readonly dialogs: Dialogs;
  readonly edits: Edits;
  readonly inspector: Inspector;
  readonly notices: Notices;
}

export class Corrections {
  #parts: CorrectionParts;

  constructor(parts: CorrectionParts) {
    this.#parts = parts;
  }

  /** Asks which genre: for the selected tracks, or the one whose screen is open. */
  async openFor({ place, list }: Pick<Browser, 'place' | 'list'>): Promise<void> {
    const { dialogs, inspector } = this.#parts;
    if (place.kind === 'track') {
      if (inspector.track?.id === place.trackId) this.open([place.trackId], [inspector.track]);
      return;
    }
    const trackIds = (await list.selected()).map(({ trackId }) => trackId);
    if (trackIds.length > 0)
      dialogs.show({ kind: 'correct-genre', trackIds, tracks: selectedTracksOf(list) });
  }

  /** `tracks`: those of them whose genres are known here. */
  open(trackIds: readonly number[], tracks: readonly Track[]): void {
    this.#parts.dialogs.show({ kind: 'correct-genre', trackIds, tracks });
  }

  async correct(
    trackIds: readonly number[],
    genre: { readonly id: string; readonly name: string },
    value: 'yes' | 'no' | 'clear',
  ): Promise<boolean> {
    const { client, edits, inspector, notices } = this.#parts;
    return notices.attempt(async () => {
      const input = { trackIds: [...trackIds], genre: genre.id, value };
      const { changed } = await client.request('genres.correct', input);
      if (changed === 0) return notices.done(words.unchanged);
      await Promise.all([edits.refresh(), inspector.reload()]);
      const edit = edits.undoable;
      const undo = {
        label: words.undo,
        run: () => notices.attempt(() => edits.undo(edit?.id)),
      };
      notices.done(words.done(value, genre.name, changed), edit === null ? null : undo);
    });
  }
}
