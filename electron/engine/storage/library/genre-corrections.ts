/** The user's word on one genre, by recording. */
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

export interface RecordingCorrection {
  /** SHA-256 of the audio packets, 32 bytes. */
  readonly audioHash: Uint8Array;
  /** Whether the recording is of the genre. */
  readonly fits: boolean;
}

/** @param genre label id */
export function readCorrectionsOfGenre(database: Database, genre: string): readonly RecordingCorrection[] {
  const rows = prepared(
    database,
    'SELECT audio_hash AS audioHash, fits FROM main.genre_corrections WHERE genre = ?',
  ).all(genre) as { audioHash: Uint8Array; fits: number }[];
  return rows.map(({ audioHash, fits }) => ({ audioHash, fits: fits === 1 }));
}
