/** What a transition is judged by, of each of two tracks. */
import type { TrackId } from '#shared/domain.ts';

export interface SetCandidate {
  readonly id: TrackId;
  /** Null where it is not known, as everything here. */
  readonly bpm: number | null;
  /** Camelot. */
  readonly key: string | null;
  /** 1..10 */
  readonly energy: number | null;
  /** Folded name; null: nobody's. */
  readonly artist: string | null;
  /** 0 where it is not known. */
  readonly seconds: number;
  /** Unit length. */
  readonly embedding: Float32Array | null;
  /** The genres that fit, name → confidence; empty where none does or nothing is known. */
  readonly genres: ReadonlyMap<string, number>;
  /** What is unusual of its moods, instruments and voice; unit length. */
  readonly moods: Float32Array | null;
}
