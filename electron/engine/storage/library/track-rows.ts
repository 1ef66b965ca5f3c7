/** Tracks as the contract shows them: file, tags, the genres that fit, and what went wrong. */
import { join } from 'node:path';
import type { AnalysisState, GenreScore, Track, TrackError, TrackId, TrackState } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

interface RawTrack {
  readonly id: number;
  readonly folderId: number;
  readonly root: string;
  readonly relativePath: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly albumArtist: string | null;
  readonly year: number | null;
  readonly trackNumber: number | null;
  readonly discNumber: number | null;
  readonly genreTags: string;
  readonly durationSeconds: number | null;
  readonly container: string | null;
  readonly codec: string | null;
  readonly bitrateKbps: number | null;
  readonly sampleRateHz: number | null;
  readonly channels: number | null;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly addedAt: number;
  readonly rating: number;
  readonly hasCover: number;
  readonly state: TrackState;
  readonly analysis: AnalysisState;
  readonly recordingId: number | null;
  readonly bpm: number | null;
  readonly key: string | null;
  readonly energy: number | null;
  readonly loudnessLufs: number | null;
  readonly code: TrackError['code'] | null;
  readonly detail: string | null;
  readonly attempts: number | null;
  readonly at: number | null;
}

const selectTracks = `
  SELECT tracks.id, tracks.folder_id AS folderId, folders.path AS root, tracks.relative_path AS relativePath,
    tracks.title, tracks.artist, tracks.album, tracks.album_artist AS albumArtist, tracks.year,
    tracks.track_number AS trackNumber, tracks.disc_number AS discNumber, tracks.genre_tags AS genreTags,
    tracks.duration_seconds AS durationSeconds, tracks.container, tracks.codec, tracks.bitrate_kbps AS bitrateKbps,
    tracks.sample_rate_hz AS sampleRateHz, tracks.channels, tracks.size_bytes AS sizeBytes,
    tracks.modified_at AS modifiedAt, tracks.added_at AS addedAt, tracks.rating, tracks.has_cover AS hasCover,
    tracks.state, tracks.analysis, recordings.id AS recordingId,
    coalesce(words.bpm, own_words.bpm, sounds.bpm) AS bpm, coalesce(words.key, own_words.key, sounds.key) AS key,
    coalesce(words.energy, own_words.energy, sounds.energy) AS energy, sounds.lufs AS loudnessLufs,
    errors.code, errors.detail, errors.attempts, errors.at
  FROM json_each(?) AS wanted
  CROSS JOIN main.tracks AS tracks ON tracks.id = wanted.value
  JOIN main.folders AS folders ON folders.id = tracks.folder_id
  LEFT JOIN main.track_errors AS errors ON errors.track_id = tracks.id
  LEFT JOIN analysis.recordings AS recordings ON recordings.audio_hash = tracks.audio_hash
  LEFT JOIN analysis.sounds AS sounds ON sounds.recording_id = recordings.id
  LEFT JOIN main.sound_words AS words ON words.audio_hash = tracks.audio_hash
  LEFT JOIN main.track_sound_words AS own_words ON own_words.track_id = tracks.id`;

const selectGenres = `
  SELECT scores.recording_id AS recordingId, labels.name AS genre, scores.confidence, words.fits AS corrected
  FROM json_each(?) AS wanted
  CROSS JOIN current_model
  CROSS JOIN analysis.genre_scores AS scores
    ON scores.recording_id = wanted.value AND scores.model_id = current_model.id
  JOIN current_labels AS labels ON labels.id = scores.genre
  JOIN analysis.recordings AS recordings ON recordings.id = wanted.value
  LEFT JOIN main.genre_corrections AS words
    ON words.audio_hash = recordings.audio_hash AND words.genre = scores.genre
  WHERE scores.confidence >= labels.threshold
  ORDER BY scores.recording_id, scores.confidence DESC, labels.position`;

const selectOwnWords = `
  SELECT words.track_id AS trackId, json_group_array(labels.name ORDER BY labels.id) AS genres
  FROM json_each(?) AS wanted
  CROSS JOIN main.track_genre_corrections AS words ON words.track_id = wanted.value
  JOIN current_labels AS labels ON labels.id = words.genre
  WHERE words.fits = 1 GROUP BY words.track_id`;

/** The tracks in the order of `ids` (an id twice gives the track twice); ids that are not there are left out. */
export function readTracks(database: Database, ids: readonly TrackId[]): Track[] {
  if (ids.length === 0) return [];
  const rows = prepared(database, selectTracks).all(JSON.stringify([...new Set(ids)])) as RawTrack[];
  const genres = readGenres(
    database,
    rows.flatMap((row) => (row.recordingId === null ? [] : [row.recordingId])),
  );
  const ownWords = readOwnWords(
    database,
    rows.flatMap((row) => (row.recordingId === null ? [row.id] : [])),
  );
  const tracks = new Map(rows.map((row) => [row.id, toTrack(row, genres, ownWords)]));
  return ids.flatMap((id) => tracks.get(id) ?? []);
}

/** Genres at or above each label's threshold, best first, by recording. */
function readGenres(
  database: Database,
  recordingIds: readonly number[],
): ReadonlyMap<number, readonly GenreScore[]> {
  const rows = prepared(database, selectGenres).all(JSON.stringify([...new Set(recordingIds)])) as {
    recordingId: number;
    genre: string;
    confidence: number;
    corrected: number | null;
  }[];
  const byRecording = new Map<number, GenreScore[]>();
  for (const { recordingId, genre, confidence, corrected } of rows) {
    const score = corrected === 1 ? ({ genre, confidence, corrected: true } as const) : { genre, confidence };
    const scores = byRecording.get(recordingId);
    if (scores === undefined) byRecording.set(recordingId, [score]);
    else scores.push(score);
  }
  return byRecording;
}

/** What the user said of tracks whose audio is not known, by track. */
function readOwnWords(
  database: Database,
  trackIds: readonly TrackId[],
): ReadonlyMap<TrackId, readonly GenreScore[]> {
  if (trackIds.length === 0) return new Map();
  const rows = prepared(database, selectOwnWords).all(JSON.stringify(trackIds)) as {
    trackId: number;
    genres: string;
  }[];
  return new Map(
    rows.map(({ trackId, genres }) => [
      trackId,
      (JSON.parse(genres) as string[]).map((genre) => ({ genre, confidence: 1, corrected: true })),
    ]),
  );
}

function toTrack(
  row: RawTrack,
  genres: ReadonlyMap<number, readonly GenreScore[]>,
  ownWords: ReadonlyMap<TrackId, readonly GenreScore[]>,
): Track {
  const { root, relativePath, recordingId, code, detail, attempts, at, ...columns } = row;
  return {
    ...columns,
    path: join(root, relativePath),
    genreTags: JSON.parse(row.genreTags) as string[],
    hasCover: row.hasCover === 1,
    genres: (recordingId === null ? ownWords.get(row.id) : genres.get(recordingId)) ?? [],
    error:
      code === null ? null : { code, detail: detail ?? '', attempts: attempts ?? 1, at: at ?? row.addedAt },
  };
}
