/** The tracks table: files and what their tags say. Writing functions are to be called inside a transaction. */
import type { AnalysisState, FolderId, ReplayGain, TrackId, TrackState } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** What tells one state of a file from another without reading it. */
export interface FileStamp {
  readonly sizeBytes: number;
  /** Ms, with fractions as the file system gives them. */
  readonly modifiedAt: number;
  /** "device:inode"; null where it means nothing. */
  readonly inode: string | null;
}

/** What the scan must know of a track. */
export interface KnownTrack extends FileStamp {
  readonly id: TrackId;
  readonly folderId: FolderId;
  /** With '/', relative to its folder. */
  readonly relativePath: string;
  readonly state: TrackState;
  /** Version of the reader that read its tags; 0: not yet. */
  readonly tagsRead: number;
  readonly analysis: AnalysisState;
  /** True when the hash of its audio is known. */
  readonly hashed: boolean;
}

/** Everything the tag reader fills in. */
export interface TrackTags {
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly albumArtist: string | null;
  readonly comment: string | null;
  readonly year: number | null;
  readonly trackNumber: number | null;
  readonly discNumber: number | null;
  readonly genreTags: readonly string[];
  readonly moodTags: readonly string[];
  readonly groupingTags: readonly string[];
  readonly durationSeconds: number | null;
  readonly container: string | null;
  readonly codec: string | null;
  readonly bitrateKbps: number | null;
  readonly sampleRateHz: number | null;
  readonly channels: number | null;
  readonly hasCover: boolean;
  readonly replayGain: ReplayGain | null;
}

/** Of a file without tags, or one that could not be read. */
export const emptyTags: TrackTags = {
  title: null,
  artist: null,
  album: null,
  albumArtist: null,
  comment: null,
  year: null,
  trackNumber: null,
  discNumber: null,
  genreTags: [],
  moodTags: [],
  groupingTags: [],
  durationSeconds: null,
  container: null,
  codec: null,
  bitrateKbps: null,
  sampleRateHz: null,
  channels: null,
  hasCover: false,
  replayGain: null,
};

const selectKnown = `SELECT id, folder_id AS folderId, relative_path AS relativePath, state, size_bytes AS sizeBytes,
  modified_at AS modifiedAt, inode, tags_read AS tagsRead, analysis, audio_hash IS NOT NULL AS hashed FROM main.tracks`;

type RawKnown = Omit<KnownTrack, 'hashed'> & { readonly hashed: number };

function toKnown(row: RawKnown): KnownTrack {
  return { ...row, hashed: row.hashed === 1 };
}

/** The next tracks of a folder in the order of their paths, after the given one: read in pages, nothing waits long. */
export function pageOfFolder(
  database: Database,
  folderId: FolderId,
  after: string,
  limit: number,
): readonly KnownTrack[] {
  const rows = prepared(
    database,
    `${selectKnown} WHERE folder_id = ? AND relative_path > ? ORDER BY relative_path LIMIT ?`,
  ).all(folderId, after, limit) as RawKnown[];
  return rows.map(toKnown);
}

/** The track at a path and, if the path is a folder, all tracks below it. */
export function tracksBelow(
  database: Database,
  folderId: FolderId,
  relativePath: string,
): readonly KnownTrack[] {
  if (relativePath === '') {
    return (prepared(database, `${selectKnown} WHERE folder_id = ?`).all(folderId) as RawKnown[]).map(
      toKnown,
    );
  }
  // '0' follows '/' in the order of bytes: everything below the folder, by index.
  const rows = prepared(
    database,
    `${selectKnown} WHERE folder_id = @folderId AND (relative_path = @path
         OR (relative_path > @path || '/' AND relative_path < @path || '0'))`,
  ).all({ folderId, path: relativePath }) as RawKnown[];
  return rows.map(toKnown);
}

export function findByPath(
  database: Database,
  folderId: FolderId,
  relativePath: string,
): KnownTrack | undefined {
  const row = prepared(database, `${selectKnown} WHERE folder_id = ? AND relative_path = ?`).get(
    folderId,
    relativePath,
  ) as RawKnown | undefined;
  return row && toKnown(row);
}

/** True when a track anywhere in the library has a file that looked just like this one. */
export function isFingerprintKnown(database: Database, sizeBytes: number, modifiedAt: number): boolean {
  const sql = 'SELECT 1 FROM main.tracks WHERE size_bytes = ? AND modified_at = ? LIMIT 1';
  return prepared(database, sql).get(sizeBytes, modifiedAt) !== undefined;
}

/** Tracks anywhere in the library whose file looked just like this one. */
export function findByFingerprint(
  database: Database,
  sizeBytes: number,
  modifiedAt: number,
): readonly KnownTrack[] {
  const rows = prepared(database, `${selectKnown} WHERE size_bytes = ? AND modified_at = ?`).all(
    sizeBytes,
    modifiedAt,
  ) as RawKnown[];
  return rows.map(toKnown);
}

export interface NewTrack extends FileStamp {
  readonly folderId: FolderId;
  readonly relativePath: string;
  readonly addedAt: number;
  readonly analysis: AnalysisState;
  readonly tagsRead: number;
  readonly tags: TrackTags;
}

const tagColumns = `title = @title, artist = @artist, album = @album, album_artist = @albumArtist, comment = @comment,
  year = @year, track_number = @trackNumber, disc_number = @discNumber, genre_tags = @genreTags,
  mood_tags = @moodTags, grouping_tags = @groupingTags,
  duration_seconds = @durationSeconds, container = @container, codec = @codec, bitrate_kbps = @bitrateKbps,
  sample_rate_hz = @sampleRateHz, channels = @channels, has_cover = @hasCover,
  track_gain_db = @trackGainDb, track_peak = @trackPeak, album_gain_db = @albumGainDb, album_peak = @albumPeak,
  tags_read = @tagsRead`;

/** Returns the new id. */
export function insertTrack(database: Database, track: NewTrack): TrackId {
  const { tags, ...file } = track;
  const result = prepared(
    database,
    `INSERT INTO main.tracks (folder_id, relative_path, size_bytes, modified_at, inode, added_at, analysis, tags_read,
         title, artist, album, album_artist, comment, year, track_number, disc_number, genre_tags,
         mood_tags, grouping_tags, duration_seconds, container, codec, bitrate_kbps, sample_rate_hz, channels, has_cover,
         track_gain_db, track_peak, album_gain_db, album_peak)
       VALUES (@folderId, @relativePath, @sizeBytes, @modifiedAt, @inode, @addedAt, @analysis, @tagsRead,
         @title, @artist, @album, @albumArtist, @comment, @year, @trackNumber, @discNumber, @genreTags,
         @moodTags, @groupingTags, @durationSeconds, @container, @codec, @bitrateKbps, @sampleRateHz, @channels, @hasCover,
         @trackGainDb, @trackPeak, @albumGainDb, @albumPeak)`,
  ).run({ ...file, ...tagParameters(tags) });
  return Number(result.lastInsertRowid);
}

/**
 * The file at a track's path is another version of it: new stamp, new tags, present. Its audio may differ from what is
 * known, and says no longer whether a move before was one.
 */
export function updateFile(
  database: Database,
  id: TrackId,
  file: FileStamp,
  tags: TrackTags,
  tagsRead: number,
): void {
  prepared(
    database,
    `UPDATE main.tracks SET hash_verified = CASE WHEN size_bytes <> @sizeBytes OR modified_at <> @modifiedAt
           THEN audio_hash IS NOT NULL ELSE hash_verified END,
         size_bytes = @sizeBytes, modified_at = @modifiedAt, inode = @inode,
         state = 'present', missing_since = NULL, ${tagColumns} WHERE id = @id`,
  ).run({
    id,
    sizeBytes: file.sizeBytes,
    modifiedAt: file.modifiedAt,
    inode: file.inode,
    tagsRead,
    ...tagParameters(tags),
  });
}

/** The file is there but unusable now (empty, still being copied): its tags of old are kept. */
export function updateStamp(database: Database, id: TrackId, file: FileStamp, tagsRead: number): void {
  prepared(
    database,
    `UPDATE main.tracks SET size_bytes = @sizeBytes, modified_at = @modifiedAt, inode = @inode, tags_read = @tagsRead,
         state = 'present', missing_since = NULL WHERE id = @id`,
  ).run({ id, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt, inode: file.inode, tagsRead });
}

/** The same file under another path; what is known of its audio is to be checked by and by. */
export function moveTrack(
  database: Database,
  id: TrackId,
  folderId: FolderId,
  relativePath: string,
  inode: string | null,
): void {
  prepared(
    database,
    `UPDATE main.tracks SET folder_id = ?, relative_path = ?, inode = ?, state = 'present', missing_since = NULL,
         hash_verified = 0 WHERE id = ?`,
  ).run(folderId, relativePath, inode, id);
}

/** Frees a path that another file takes now; the track itself is moved next, or missing. */
export function parkPath(database: Database, id: TrackId, parkedPath: string): void {
  prepared(database, 'UPDATE main.tracks SET relative_path = ? WHERE id = ?').run(parkedPath, id);
}

export function setState(database: Database, ids: readonly TrackId[], state: TrackState, now: number): void {
  const update = prepared(
    database,
    'UPDATE main.tracks SET state = @state, missing_since = @missingSince WHERE id = @id AND state <> @state',
  );
  for (const id of ids) update.run({ id, state, missingSince: state === 'missing' ? now : null });
}

export function setRating(database: Database, ids: readonly TrackId[], rating: number): void {
  const update = prepared(database, 'UPDATE main.tracks SET rating = ? WHERE id = ?');
  for (const id of ids) update.run(rating, id);
}

/** How many of the named tracks are in the given states. */
export function statesOf(database: Database, ids: readonly TrackId[]): ReadonlyMap<TrackId, TrackState> {
  const select = prepared(database, 'SELECT state FROM main.tracks WHERE id = ?').pluck();
  const states = new Map<TrackId, TrackState>();
  for (const id of ids) {
    const state = select.get(id) as TrackState | undefined;
    if (state !== undefined) states.set(id, state);
  }
  return states;
}

/** All whose files are gone. */
export function missingTracks(database: Database): readonly TrackId[] {
  return prepared(database, `SELECT id FROM main.tracks WHERE state = 'missing'`).pluck().all() as TrackId[];
}

/** Forgets tracks for good, with all that hangs on them. */
export function deleteTracks(database: Database, ids: readonly TrackId[]): number {
  const remove = prepared(database, 'DELETE FROM main.tracks WHERE id = ?');
  let removed = 0;
  for (const id of ids) removed += remove.run(id).changes;
  return removed;
}

function tagParameters(tags: TrackTags): Record<string, unknown> {
  const { replayGain, genreTags, moodTags, groupingTags, hasCover, ...columns } = tags;
  return {
    ...columns,
    ...(replayGain ?? { trackGainDb: null, trackPeak: null, albumGainDb: null, albumPeak: null }),
    genreTags: JSON.stringify(genreTags),
    moodTags: JSON.stringify(moodTags),
    groupingTags: JSON.stringify(groupingTags),
    hasCover: hasCover ? 1 : 0,
  };
}

/**
 * Paths of some tracks of a folder that were there when it was last seen: of all its parts, so that one of them that was
 * renamed says nothing.
 */
export function sampleOfFolder(database: Database, folderId: FolderId, limit: number): readonly string[] {
  const count = prepared(database, 'SELECT count(*) FROM main.tracks WHERE folder_id = ?')
    .pluck()
    .get(folderId) as number;
  const select = prepared(
    database,
    `SELECT relative_path FROM main.tracks WHERE folder_id = ? AND id % ? = 0 AND state <> 'missing' LIMIT ?`,
  ).pluck();
  const spread = select.all(folderId, Math.max(1, Math.floor(count / limit)), limit) as string[];
  return spread.length > 0 ? spread : (select.all(folderId, 1, limit) as string[]);
}
