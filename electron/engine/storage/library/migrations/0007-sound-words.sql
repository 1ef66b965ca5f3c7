-- The user's own word on tempo, grid, key and energy. It goes with the audio; with the track as long as its audio is not
-- known. Null: no word on that. It wins over what was measured, now and later.
CREATE TABLE sound_words (
  audio_hash BLOB PRIMARY KEY CHECK (length(audio_hash) = 32),
  bpm REAL CHECK (bpm > 0),
  locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)), -- tempo and grid are not to be changed by mistake
  beat_seconds REAL,                    -- the grid goes through this moment
  bar_seconds REAL,                     -- a bar begins at the beat nearest to this moment
  key TEXT,                             -- Camelot
  energy REAL CHECK (energy BETWEEN 1 AND 10),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE track_sound_words (
  track_id INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  bpm REAL CHECK (bpm > 0),
  locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
  beat_seconds REAL,
  bar_seconds REAL,
  key TEXT,
  energy REAL CHECK (energy BETWEEN 1 AND 10),
  at INTEGER NOT NULL
) STRICT;
-- The later word wins, on each thing by itself.
CREATE TRIGGER sound_words_find_audio AFTER UPDATE OF audio_hash ON tracks
WHEN old.audio_hash IS NULL AND new.audio_hash IS NOT NULL
  AND EXISTS (SELECT 1 FROM track_sound_words WHERE track_id = new.id) BEGIN
  INSERT INTO sound_words (audio_hash, bpm, locked, beat_seconds, bar_seconds, key, energy, at)
  SELECT new.audio_hash, bpm, locked, beat_seconds, bar_seconds, key, energy, at
  FROM track_sound_words WHERE track_id = new.id
  ON CONFLICT (audio_hash) DO UPDATE SET
    bpm = CASE WHEN excluded.at >= at THEN coalesce(excluded.bpm, bpm) ELSE coalesce(bpm, excluded.bpm) END,
    locked = CASE WHEN excluded.at >= at AND excluded.bpm IS NOT NULL THEN excluded.locked ELSE locked END,
    beat_seconds = CASE WHEN excluded.at >= at THEN coalesce(excluded.beat_seconds, beat_seconds)
      ELSE coalesce(beat_seconds, excluded.beat_seconds) END,
    bar_seconds = CASE WHEN excluded.at >= at THEN coalesce(excluded.bar_seconds, bar_seconds)
      ELSE coalesce(bar_seconds, excluded.bar_seconds) END,
    key = CASE WHEN excluded.at >= at THEN coalesce(excluded.key, key) ELSE coalesce(key, excluded.key) END,
    energy = CASE WHEN excluded.at >= at THEN coalesce(excluded.energy, energy) ELSE coalesce(energy, excluded.energy) END,
    at = max(at, excluded.at);
  DELETE FROM track_sound_words WHERE track_id = new.id;
END;

-- What the tags say of tempo, key and energy; filled when the tags are read anew (a newer tag reader does).
ALTER TABLE tracks ADD COLUMN bpm_tags TEXT NOT NULL DEFAULT '[]';    -- JSON array of strings
ALTER TABLE tracks ADD COLUMN key_tags TEXT NOT NULL DEFAULT '[]';    -- JSON array of strings
ALTER TABLE tracks ADD COLUMN energy_tags TEXT NOT NULL DEFAULT '[]'; -- JSON array of strings
CREATE TRIGGER tag_proposals_bpm_read AFTER UPDATE OF bpm_tags ON tracks WHEN old.bpm_tags <> new.bpm_tags BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE track_id = new.id AND field = 'bpm'
    AND CASE state WHEN 'written' THEN proposed ELSE old END <> new.bpm_tags;
END;
CREATE TRIGGER tag_proposals_key_read AFTER UPDATE OF key_tags ON tracks WHEN old.key_tags <> new.key_tags BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE track_id = new.id AND field = 'initialKey'
    AND CASE state WHEN 'written' THEN proposed ELSE old END <> new.key_tags;
END;
CREATE TRIGGER tag_proposals_energy_read AFTER UPDATE OF energy_tags ON tracks WHEN old.energy_tags <> new.energy_tags BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE track_id = new.id AND field = 'energy'
    AND CASE state WHEN 'written' THEN proposed ELSE old END <> new.energy_tags;
END;

-- The user's word changes what is proposed.
CREATE TRIGGER tag_proposals_sound_word_added AFTER INSERT ON sound_words BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written' AND field IN ('bpm', 'initialKey', 'energy')
    AND track_id IN (SELECT id FROM tracks WHERE audio_hash = new.audio_hash);
END;
CREATE TRIGGER tag_proposals_sound_word_changed AFTER UPDATE ON sound_words BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written' AND field IN ('bpm', 'initialKey', 'energy')
    AND track_id IN (SELECT id FROM tracks WHERE audio_hash = new.audio_hash);
END;
CREATE TRIGGER tag_proposals_sound_word_removed AFTER DELETE ON sound_words BEGIN
  UPDATE tag_proposals SET stale = 1 WHERE state <> 'written' AND field IN ('bpm', 'initialKey', 'energy')
    AND track_id IN (SELECT id FROM tracks WHERE audio_hash = old.audio_hash);
END;
