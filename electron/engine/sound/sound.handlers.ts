/** The user's own word on tempo, grid, key and energy, as requests: each is a step that can be undone. */
import type { Handlers } from '#shared/contract.ts';
import type { SoundWords, TrackId, TrackSound } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Edits } from '#engine/edits.ts';
import { readSound } from '#engine/storage/analysis/sounds.ts';
import { subjectOf } from '#engine/storage/library/corrections.ts';
import { readSoundWords, readTrackSoundWords, writeSoundWords } from '#engine/storage/library/sound-words.ts';
import type { Storage } from '#engine/storage/open.ts';
import { asksOnlyForTempo, clearWords, correctWords } from './change-words.ts';
import type { WantedSound } from './change-words.ts';

export interface SoundOptions {
  readonly storage: Storage;
  readonly edits: Edits;
  /** Tracks have changed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export function createSoundHandlers(options: SoundOptions): Pick<Handlers, 'sound.correct' | 'sound.clear'> {
  const { storage, edits, clock } = options;
  const { database } = storage;

  /** Each recording once, whatever number of tracks hold it. */
  function change(
    trackIds: readonly TrackId[],
    subject: string,
    work: (measured: TrackSound | null, words: SoundWords) => SoundWords,
  ): { readonly changed: number } {
    const at = clock();
    const subjects = new Set(
      trackIds.map((id) => {
        const found = subjectOf(database, id);
        if (found === null) throw new AppError('not-found', `There is no track ${id} in the library.`);
        return found;
      }),
    );
    const changed = edits.record({ action: 'sound', subject, count: new Set(trackIds).size }, () => {
      let count = 0;
      for (const each of subjects) {
        const measured = each.startsWith('t') ? null : readSound(database, Buffer.from(each, 'hex'));
        const words = work(measured, readSoundWords(database, each));
        if (writeSoundWords(database, each, words, at)) count += 1;
      }
      return count;
    });
    if (changed > 0) options.changed();
    return { changed };
  }

  const isLocked = (id: TrackId): boolean => readTrackSoundWords(database, id).locked;

  return {
    'sound.correct'({ trackIds, ...wanted }) {
      if (asksOnlyForTempo(wanted) && trackIds.length > 0 && trackIds.every(isLocked)) {
        throw new AppError(
          'conflict',
          `The tempo and the grid of ${trackIds.length === 1 ? 'this track are' : 'these tracks are'} locked. Unlock first.`,
        );
      }
      return change(trackIds, nameOf(wanted), (measured, words) => correctWords(measured, words, wanted));
    },
    'sound.clear': ({ trackIds, fields }) =>
      change(trackIds, [...new Set(fields)].join(', '), (_, words) => clearWords(words, fields)),
  };
}

/** "the tempo and the key" of a step that can be undone. */
function nameOf(wanted: WantedSound): string {
  const { bpm, factor, locked, shiftSeconds, beatSeconds, barSeconds, key, energy } = wanted;
  const said = (...values: readonly unknown[]): boolean => values.some((value) => value !== undefined);
  const names = [
    ...(said(bpm, factor) ? ['tempo'] : []),
    ...(said(shiftSeconds, beatSeconds, barSeconds) ? ['grid'] : []),
    ...(said(locked) ? ['lock'] : []),
    ...(said(key) ? ['key'] : []),
    ...(said(energy) ? ['energy'] : []),
  ];
  return names.join(', ');
}
