/** Everything about one track: its row, what the current model heard in it, and where it is used. */
import type { GenreCorrection, GenreScore, TimelineSegment, TrackDetail, TrackId } from '#shared/domain.ts';
import { withSoundWords } from '#shared/music/sound-words.ts';
import { familyOf } from '../analysis/current-model.ts';
import { readEarlierModel } from '../analysis/earlier-models.ts';
import { readPrediction } from '../analysis/predictions.ts';
import type { StoredPrediction } from '../analysis/predictions.ts';
import { readSound } from '../analysis/sounds.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { readTrackCorrections } from './corrections.ts';
import { readTrackSoundWords } from './sound-words.ts';
import { readReplayGainOf } from './replay-gain.ts';
import { readTracks } from './track-rows.ts';

/** More at once is noise on a timeline. */
const GENRES_A_SEGMENT = 3;

interface Label {
  readonly id: string;
  readonly name: string;
  readonly threshold: number;
  readonly position: number;
}

/** Undefined when there is no such track. */
export function readTrackDetail(database: Database, id: TrackId): TrackDetail | undefined {
  const [track] = readTracks(database, [id]);
  if (track === undefined) return undefined;
  const own = prepared(database, 'SELECT comment, audio_hash AS audioHash FROM main.tracks WHERE id = ?').get(
    id,
  ) as { comment: string | null; audioHash: Buffer | null };
  const model = prepared(
    database,
    'SELECT models.id, models.version FROM current_model JOIN analysis.models AS models ON models.id = current_model.id',
  ).get() as { id: number; version: string } | undefined;
  const prediction =
    model === undefined || own.audioHash === null ? null : readPrediction(database, model.id, own.audioHash);
  const corrections = readTrackCorrections(database, id);
  const sound = own.audioHash === null ? null : readSound(database, own.audioHash);
  const soundWords = readTrackSoundWords(database, id);
  return {
    ...track,
    comment: own.comment,
    replayGain: readReplayGainOf(database, id),
    embedding: prediction === null ? null : Array.from(prediction.embedding),
    modelVersion: prediction === null ? null : (model?.version ?? null),
    earlierModel: own.audioHash === null ? null : readEarlierModel(database, own.audioHash),
    analysisVersion: prediction?.analysisVersion ?? null,
    moods: prediction === null ? [] : moodsOf(database, prediction),
    timeline: prediction === null ? [] : timelineOf(database, prediction, wordsOf(corrections)),
    sound: sound === null ? null : withSoundWords(sound, soundWords),
    soundWords,
    damaged: prediction !== null && prediction.damaged !== null,
    audioHash: own.audioHash?.toString('hex') ?? null,
    corrections,
    playlists: prepared(
      database,
      `SELECT DISTINCT playlists.id, playlists.name FROM main.playlist_entries AS entries
       JOIN main.playlists AS playlists ON playlists.id = entries.playlist_id
       WHERE entries.track_id = ? ORDER BY playlists.name COLLATE NOCASE, playlists.id`,
    ).all(id) as { id: number; name: string }[],
  };
}

/** Moods at or above their thresholds, best first. */
function moodsOf(database: Database, { tags }: StoredPrediction): readonly GenreScore[] {
  const labels = prepared(
    database,
    `SELECT id, name, threshold, position FROM current_tags WHERE id LIKE 'mood/%'`,
  ).all() as Label[];
  return best(labels, (label) => tags[label.position] ?? 0, labels.length);
}

/** Ids of the labels that the user took away and gave. */
interface Words {
  readonly denied: ReadonlySet<string>;
  readonly given: ReadonlySet<string>;
}

function wordsOf(corrections: readonly GenreCorrection[]): Words {
  const saying = (wanted: 'yes' | 'no'): ReadonlySet<string> =>
    new Set(corrections.filter(({ value }) => value === wanted).map(({ id }) => id));
  return { denied: saying('no'), given: saying('yes') };
}

/** Without what the user denied, and the styles of a denied family, as everywhere else. */
function timelineOf(
  database: Database,
  prediction: StoredPrediction,
  { denied, given }: Words,
): readonly TimelineSegment[] {
  const labels = (
    prepared(database, 'SELECT id, name, threshold, position FROM current_labels').all() as Label[]
  ).filter(({ id }) => !denied.has(id) && (given.has(id) || !denied.has(familyOf(id) ?? '')));
  const width = prediction.genres.length;
  const segments = width === 0 ? 0 : Math.floor(prediction.segmentGenres.length / width);
  return Array.from({ length: segments }, (_, segment) => ({
    startSeconds: segment * prediction.segmentSeconds,
    endSeconds: Math.min((segment + 1) * prediction.segmentSeconds, prediction.durationSeconds),
    genres: best(
      labels,
      (label) => (prediction.segmentGenres[segment * width + label.position] ?? 0) / 255,
      GENRES_A_SEGMENT,
    ),
  }));
}

function best(
  labels: readonly Label[],
  confidenceOf: (label: Label) => number,
  limit: number,
): readonly GenreScore[] {
  return labels
    .map((label) => ({ genre: label.name, confidence: confidenceOf(label), threshold: label.threshold }))
    .filter(({ confidence, threshold }) => confidence >= threshold)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, limit)
    .map(({ genre, confidence }) => ({ genre, confidence }));
}
