-- What the tags say of mood and grouping; filled when the tags are read anew (a newer tag reader does).
ALTER TABLE tracks ADD COLUMN mood_tags TEXT NOT NULL DEFAULT '[]';     -- JSON array of strings
ALTER TABLE tracks ADD COLUMN grouping_tags TEXT NOT NULL DEFAULT '[]'; -- JSON array of strings

-- What could be written into files: one row a track and field, until the user decided and after.
CREATE TABLE tag_proposals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never reused: steps that can be undone name it
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  field TEXT NOT NULL,
  old TEXT NOT NULL,                      -- JSON array of strings: what the file said
  proposed TEXT NOT NULL,                 -- JSON array of strings: all it would say
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  evidence TEXT NOT NULL,                 -- JSON, see TagProposal
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected', 'written')),
  edited INTEGER NOT NULL DEFAULT 0 CHECK (edited IN (0, 1)),
  problem TEXT,                           -- JSON: code and detail of the last attempt to write it
  model TEXT,                             -- version of the model it rests on; null: on the user's word alone
  at INTEGER NOT NULL,
  stale INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)) -- what it rests on has changed: worked out again before it is shown
) STRICT;
CREATE UNIQUE INDEX tag_proposals_by_track ON tag_proposals (track_id, field);
CREATE INDEX tag_proposals_by_state ON tag_proposals (state, track_id, confidence, field);
CREATE INDEX tag_proposals_stale ON tag_proposals (track_id) WHERE stale = 1;

-- Groups of the queue in order: albums of one name by different artists stay apart.
CREATE INDEX tracks_by_whole_album ON tracks (album COLLATE NOCASE, album_artist COLLATE NOCASE, disc_number, track_number);

CREATE TRIGGER tag_proposals_genre_read AFTER UPDATE OF genre_tags ON tracks
WHEN old.genre_tags <> new.genre_tags BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE track_id = new.id AND field = 'genre'
    AND CASE state WHEN 'written' THEN proposed ELSE old END <> new.genre_tags;
END;
CREATE TRIGGER tag_proposals_mood_read AFTER UPDATE OF mood_tags ON tracks
WHEN old.mood_tags <> new.mood_tags BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE track_id = new.id AND field = 'mood'
    AND CASE state WHEN 'written' THEN proposed ELSE old END <> new.mood_tags;
END;
CREATE TRIGGER tag_proposals_grouping_read AFTER UPDATE OF grouping_tags ON tracks
WHEN old.grouping_tags <> new.grouping_tags BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE track_id = new.id AND field = 'grouping'
    AND CASE state WHEN 'written' THEN proposed ELSE old END <> new.grouping_tags;
END;

-- The user's word on a genre changes what is proposed.
CREATE TRIGGER tag_proposals_word_added AFTER INSERT ON genre_corrections BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written'
    AND track_id IN (SELECT id FROM tracks WHERE audio_hash = new.audio_hash);
END;
CREATE TRIGGER tag_proposals_word_changed AFTER UPDATE ON genre_corrections BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written'
    AND track_id IN (SELECT id FROM tracks WHERE audio_hash = new.audio_hash);
END;
CREATE TRIGGER tag_proposals_word_removed AFTER DELETE ON genre_corrections BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written'
    AND track_id IN (SELECT id FROM tracks WHERE audio_hash = old.audio_hash);
END;
CREATE TRIGGER tag_proposals_own_word_added AFTER INSERT ON track_genre_corrections BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written' AND track_id = new.track_id;
END;
CREATE TRIGGER tag_proposals_own_word_changed AFTER UPDATE ON track_genre_corrections BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written' AND track_id = new.track_id;
END;
CREATE TRIGGER tag_proposals_own_word_removed AFTER DELETE ON track_genre_corrections BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written' AND track_id = old.track_id;
END;
