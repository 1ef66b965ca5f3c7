/** What happened to a track: its own row and its analysis tell the beginning, the events table the rest. */
import type { TrackEvent, TrackId } from '#shared/domain.ts';
import { bestModelOf } from '../analysis/earlier-models.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { taggedEvents } from './tag-journal-lists.ts';

/** Newest first. */
export function readHistory(database: Database, trackId: TrackId): readonly TrackEvent[] {
  const events = prepared(
    database,
    'SELECT kind, at, detail FROM main.track_events WHERE track_id = ? ORDER BY at DESC, id DESC',
  ).all(trackId) as { kind: string; at: number; detail: string }[];
  const own = prepared(
    database,
    `SELECT tracks.added_at AS addedAt, tracks.missing_since AS missingSince, recordings.analysed_at AS analysedAt,
       models.version AS modelVersion
     FROM main.tracks AS tracks
     LEFT JOIN analysis.recordings AS recordings ON recordings.audio_hash = tracks.audio_hash
     LEFT JOIN analysis.predictions AS predictions ON predictions.recording_id = recordings.id
       AND predictions.model_id = ${bestModelOf('recordings.id')}
     LEFT JOIN analysis.models AS models ON models.id = predictions.model_id
     WHERE tracks.id = ?`,
  ).get(trackId) as
    | {
        addedAt: number;
        missingSince: number | null;
        analysedAt: number | null;
        modelVersion: string | null;
      }
    | undefined;
  if (own === undefined) return [];
  const { addedAt, missingSince, analysedAt, modelVersion } = own;
  const all: TrackEvent[] = [
    ...(missingSince === null ? [] : [{ kind: 'missing', at: missingSince } as const]),
    ...events.map(({ kind, at, detail }) => ({ kind, at, ...(JSON.parse(detail) as object) }) as TrackEvent),
    ...taggedEvents(database, trackId),
    ...(analysedAt === null ? [] : [{ kind: 'analysed', at: analysedAt, modelVersion } as const]),
    { kind: 'added', at: addedAt },
  ];
  return all.toSorted((a, b) => b.at - a.at);
}
