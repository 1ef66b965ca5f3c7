-- What the user has and did. Frozen: later changes are later files.
CREATE TABLE folders (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,                 -- absolute, where it was last seen
  volume_id TEXT,                     -- stable identity of the file system (UUID or device), null if unknown
  volume_path TEXT,                   -- path inside that volume: finds the folder again under another mount point
  added_at INTEGER NOT NULL,
  last_scan_at INTEGER,
  online INTEGER NOT NULL DEFAULT 1 CHECK (online IN (0, 1)),
  removed_at INTEGER                  -- no longer watched; kept so that its tracks keep their data
) STRICT;
CREATE UNIQUE INDEX folders_by_path ON folders (path);

CREATE TABLE tracks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never reused: playlists of other programs may name it
  folder_id INTEGER NOT NULL REFERENCES folders (id),
  relative_path TEXT NOT NULL,            -- with '/', bytes that are not UTF-8 as \xHH
  state TEXT NOT NULL DEFAULT 'present' CHECK (state IN ('present', 'missing', 'offline')),
  size_bytes INTEGER NOT NULL,
  modified_at REAL NOT NULL,              -- ms, with fractions as the file system gives them
  inode TEXT,                             -- device:inode, null where it means nothing
  added_at INTEGER NOT NULL,
  missing_since INTEGER,
  audio_hash BLOB CHECK (audio_hash IS NULL OR length(audio_hash) = 32),
  hash_verified INTEGER NOT NULL DEFAULT 0 CHECK (hash_verified IN (0, 1)), -- 0: taken over by a move, to be checked
  analysis TEXT NOT NULL DEFAULT 'pending' CHECK (analysis IN ('pending', 'done', 'failed')),
  tags_read INTEGER NOT NULL DEFAULT 0,   -- version of the tag reader; 0: not yet
  title TEXT, artist TEXT, album TEXT, album_artist TEXT, comment TEXT,
  year INTEGER, track_number INTEGER, disc_number INTEGER,
  genre_tags TEXT NOT NULL DEFAULT '[]',  -- JSON array of strings
  duration_seconds REAL, container TEXT, codec TEXT,
  bitrate_kbps REAL, sample_rate_hz INTEGER, channels INTEGER,
  has_cover INTEGER NOT NULL DEFAULT 0 CHECK (has_cover IN (0, 1)),
  rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5)
) STRICT;
CREATE UNIQUE INDEX tracks_by_path ON tracks (folder_id, relative_path);
CREATE INDEX tracks_by_hash ON tracks (audio_hash, state) WHERE audio_hash IS NOT NULL;
CREATE INDEX tracks_by_fingerprint ON tracks (size_bytes, modified_at);
CREATE INDEX tracks_by_state ON tracks (state);
CREATE INDEX tracks_by_added ON tracks (added_at);
CREATE INDEX tracks_by_artist ON tracks (artist COLLATE NOCASE, album COLLATE NOCASE, disc_number, track_number);
CREATE INDEX tracks_by_title ON tracks (title COLLATE NOCASE);
CREATE INDEX tracks_by_album ON tracks (album COLLATE NOCASE, disc_number, track_number);
CREATE INDEX tracks_by_duration ON tracks (duration_seconds); -- also gives the total time of all
CREATE INDEX tracks_by_analysis ON tracks (analysis) WHERE analysis <> 'done';

-- Free text with accents folded; kept in step by triggers.
CREATE VIRTUAL TABLE tracks_text USING fts5 (
  title, artist, album, album_artist, genre_tags, relative_path,
  content = 'tracks', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
CREATE TRIGGER tracks_text_insert AFTER INSERT ON tracks BEGIN
  INSERT INTO tracks_text (rowid, title, artist, album, album_artist, genre_tags, relative_path)
  VALUES (new.id, new.title, new.artist, new.album, new.album_artist, new.genre_tags, new.relative_path);
END;
CREATE TRIGGER tracks_text_delete AFTER DELETE ON tracks BEGIN
  INSERT INTO tracks_text (tracks_text, rowid, title, artist, album, album_artist, genre_tags, relative_path)
  VALUES ('delete', old.id, old.title, old.artist, old.album, old.album_artist, old.genre_tags, old.relative_path);
END;
CREATE TRIGGER tracks_text_update
AFTER UPDATE OF title, artist, album, album_artist, genre_tags, relative_path ON tracks BEGIN
  INSERT INTO tracks_text (tracks_text, rowid, title, artist, album, album_artist, genre_tags, relative_path)
  VALUES ('delete', old.id, old.title, old.artist, old.album, old.album_artist, old.genre_tags, old.relative_path);
  INSERT INTO tracks_text (rowid, title, artist, album, album_artist, genre_tags, relative_path)
  VALUES (new.id, new.title, new.artist, new.album, new.album_artist, new.genre_tags, new.relative_path);
END;

-- A failed file is a row, not a log line.
CREATE TABLE track_errors (
  track_id INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  stage TEXT NOT NULL CHECK (stage IN ('scan', 'tags', 'analysis')),
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1,
  at INTEGER NOT NULL
) STRICT;

-- What is still to be analysed; a row goes when its result is stored.
CREATE TABLE analysis_queue (
  track_id INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  task TEXT NOT NULL CHECK (task IN ('analyse', 'verify')), -- verify: hash the packets, analyse only if it is news
  priority INTEGER NOT NULL DEFAULT 0,                       -- higher first, then newest
  alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1)),  -- was in hand when the analyser died: retried by itself
  attempts INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL
) STRICT;
CREATE INDEX analysis_queue_order ON analysis_queue (alone, priority DESC, queued_at DESC, track_id DESC);

CREATE TABLE playlists (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE playlist_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  position REAL NOT NULL                -- a row between two others takes the mean; renumbered when they meet
) STRICT;
CREATE INDEX playlist_entries_order ON playlist_entries (playlist_id, position);
CREATE INDEX playlist_entries_by_track ON playlist_entries (track_id);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL                   -- JSON
) STRICT;
