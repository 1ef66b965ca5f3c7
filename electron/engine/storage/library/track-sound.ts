/** What is known of a track's sound: what was measured, with the user's own word in its place. */
import type { SoundWords, TrackId, TrackSound } from '#shared/domain.ts';
import { withSoundWords } from '#shared/music/sound-words.ts';
import { readSound } from '../analysis/sounds.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { readTrackSoundWords } from './sound-words.ts';

export interface TrackSoundKnown {
  /** Null while not analysed. */
  readonly sound: TrackSound | null;
  readonly words: SoundWords;
}

export function readTrackSound(database: Database, trackId: TrackId): TrackSoundKnown {
  const hash = prepared(database, 'SELECT audio_hash FROM main.tracks WHERE id = ?').pluck().get(trackId) as
    Buffer | null | undefined;
  const words = readTrackSoundWords(database, trackId);
  const sound = hash === null || hash === undefined ? null : readSound(database, hash);
  return { sound: sound === null ? null : withSoundWords(sound, words), words };
}
