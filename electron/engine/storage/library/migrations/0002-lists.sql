-- Playlists become a tree of lists; what the user did can be undone; the user's word on genres; a track's history.
ALTER TABLE playlists ADD COLUMN kind TEXT NOT NULL DEFAULT 'playlist'
  CHECK (kind IN ('playlist', 'crate', 'smart', 'folder'));
ALTER TABLE playlists ADD COLUMN parent_id INTEGER REFERENCES playlists (id) ON DELETE CASCADE;
ALTER TABLE playlists ADD COLUMN position REAL NOT NULL DEFAULT 0; -- among its siblings; as of playlist_entries
ALTER TABLE playlists ADD COLUMN rules TEXT;                       -- JSON, of smart ones
UPDATE playlists SET position = numbered.number
FROM (SELECT id, row_number() OVER (ORDER BY name COLLATE NOCASE, id) AS number FROM playlists) AS numbered
WHERE playlists.id = numbered.id;
CREATE INDEX playlists_tree ON playlists (parent_id, position);

-- The journal of the user's work: rows before and after each step.
CREATE TABLE edits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  count INTEGER NOT NULL,
  changes TEXT NOT NULL,                -- JSON, see edits.ts
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
) STRICT;

-- The user's word on genres: it goes with the audio; with the track as long as its audio is not known.
CREATE TABLE genre_corrections (
  audio_hash BLOB NOT NULL CHECK (length(audio_hash) = 32),
  genre TEXT NOT NULL,                  -- label id
  fits INTEGER NOT NULL CHECK (fits IN (0, 1)),
  at INTEGER NOT NULL,
  PRIMARY KEY (audio_hash, genre)
) STRICT, WITHOUT ROWID;
CREATE TABLE track_genre_corrections (
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  genre TEXT NOT NULL,
  fits INTEGER NOT NULL CHECK (fits IN (0, 1)),
  at INTEGER NOT NULL,
  PRIMARY KEY (track_id, genre)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER genre_corrections_find_audio AFTER UPDATE OF audio_hash ON tracks
WHEN old.audio_hash IS NULL AND new.audio_hash IS NOT NULL BEGIN
  INSERT INTO genre_corrections (audio_hash, genre, fits, at)
  SELECT new.audio_hash, genre, fits, at FROM track_genre_corrections WHERE track_id = new.id
  ON CONFLICT (audio_hash, genre) DO UPDATE SET fits = excluded.fits, at = excluded.at WHERE excluded.at >= at;
  DELETE FROM track_genre_corrections WHERE track_id = new.id;
END;

-- What happened to a track, beside what its own row and its analysis tell; the last fifty of each.
CREATE TABLE track_events (
  id INTEGER PRIMARY KEY,
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('moved', 'changed', 'rated', 'corrected', 'failed')),
  detail TEXT NOT NULL                  -- JSON: the other fields of TrackEvent
) STRICT;
CREATE INDEX track_events_by_track ON track_events (track_id, id);
CREATE TRIGGER track_events_bound AFTER INSERT ON track_events BEGIN
  DELETE FROM track_events WHERE track_id = new.track_id AND id <= (
    SELECT id FROM track_events WHERE track_id = new.track_id ORDER BY id DESC LIMIT 1 OFFSET 50);
END;
-- A file that makes way for another first stands aside under a name of ours: that is no move.
CREATE TRIGGER track_events_moved AFTER UPDATE OF folder_id, relative_path ON tracks
WHEN new.relative_path NOT IN (
  old.relative_path || ' (moving, ' || old.id || ')', old.relative_path || ' (replaced, ' || old.id || ')')
  AND (old.folder_id <> new.folder_id OR new.relative_path <> replace(replace(old.relative_path,
    ' (moving, ' || old.id || ')', ''), ' (replaced, ' || old.id || ')', '')) BEGIN
  INSERT INTO track_events (track_id, at, kind, detail)
  VALUES (new.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'moved', json_object('from',
    CASE WHEN old.folder_id = new.folder_id THEN ''
      ELSE coalesce((SELECT path FROM folders WHERE id = old.folder_id) || '/', '') END
    || replace(replace(old.relative_path, ' (moving, ' || old.id || ')', ''), ' (replaced, ' || old.id || ')', '')));
END;
CREATE TRIGGER track_events_changed AFTER UPDATE OF size_bytes, modified_at ON tracks
WHEN old.folder_id = new.folder_id AND old.relative_path = new.relative_path
  AND (old.size_bytes <> new.size_bytes OR old.modified_at <> new.modified_at) BEGIN
  INSERT INTO track_events (track_id, at, kind, detail)
  VALUES (new.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'changed', '{}');
END;
CREATE TRIGGER track_events_rated AFTER UPDATE OF rating ON tracks WHEN old.rating <> new.rating BEGIN
  INSERT INTO track_events (track_id, at, kind, detail)
  VALUES (new.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'rated',
    json_object('from', old.rating, 'to', new.rating));
END;
CREATE TRIGGER track_events_failed AFTER INSERT ON track_errors BEGIN
  INSERT INTO track_events (track_id, at, kind, detail)
  VALUES (new.track_id, new.at, 'failed', json_object('code', new.code, 'detail', new.detail));
END;
CREATE TRIGGER track_events_failed_otherwise AFTER UPDATE OF code ON track_errors WHEN old.code <> new.code BEGIN
  INSERT INTO track_events (track_id, at, kind, detail)
  VALUES (new.track_id, new.at, 'failed', json_object('code', new.code, 'detail', new.detail));
END;

-- Orders that tables offer.
CREATE INDEX tracks_by_year ON tracks (year);
CREATE INDEX tracks_by_rating ON tracks (rating);
CREATE INDEX tracks_by_modified ON tracks (modified_at);
CREATE INDEX tracks_by_bitrate ON tracks (bitrate_kbps);
CREATE INDEX tracks_by_album_artist ON tracks (album_artist COLLATE NOCASE);
