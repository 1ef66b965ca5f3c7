/** What all formats speak of: tracks with all that is known of them, and a tree of lists. */
import type { GridMarker, TrackCue } from '#shared/domain.ts';

export interface ExchangeTrack {
  /** Unique in its document; of an export the track's id. */
  readonly id: number;
  /** Absolute; of an export as the program that reads it shall find it, of an import as the file says. */
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly albumArtist: string | null;
  readonly genre: string | null;
  readonly comment: string | null;
  readonly year: number | null;
  readonly trackNumber: number | null;
  readonly discNumber: number | null;
  readonly durationSeconds: number | null;
  readonly bitrateKbps: number | null;
  readonly sampleRateHz: number | null;
  readonly sizeBytes: number | null;
  /** Milliseconds since 1970. */
  readonly addedAt: number | null;
  /** 0..5; null where the format says nothing of it. */
  readonly rating: number | null;
  readonly playCount: number | null;
  /** "#rrggbb" */
  readonly colour: string | null;
  readonly bpm: number | null;
  /** Camelot. */
  readonly key: string | null;
  readonly grid: readonly GridMarker[];
  readonly cues: readonly TrackCue[];
}

/** Nothing known of it. */
export const emptyTrack: Omit<ExchangeTrack, 'id' | 'path'> = {
  title: null,
  artist: null,
  album: null,
  albumArtist: null,
  genre: null,
  comment: null,
  year: null,
  trackNumber: null,
  discNumber: null,
  durationSeconds: null,
  bitrateKbps: null,
  sampleRateHz: null,
  sizeBytes: null,
  addedAt: null,
  rating: null,
  playCount: null,
  colour: null,
  bpm: null,
  key: null,
  grid: [],
  cues: [],
};

export interface ExchangeList {
  readonly name: string;
  /** A crate holds each track once, in no order. */
  readonly kind: 'playlist' | 'crate' | 'folder';
  /** Of a folder. */
  readonly lists: readonly ExchangeList[];
  /** Ids of tracks, in order; of a folder none. */
  readonly trackIds: readonly number[];
}

export interface ExchangeDocument {
  readonly tracks: readonly ExchangeTrack[];
  readonly lists: readonly ExchangeList[];
}

/** "#rrggbb" as a number, red in the high bits. */
export function colourNumber(colour: string): number {
  return Number.parseInt(colour.slice(1), 16);
}

/** The other way round; of a number with more bits (alpha) the lower 24. */
export function colourOf(number: number): string {
  return `#${(number % 0x100_0000).toString(16).padStart(6, '0')}`;
}
