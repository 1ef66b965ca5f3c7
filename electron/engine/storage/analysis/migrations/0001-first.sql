-- Derived from audio alone: may be deleted, or merged from another machine. Keyed by the hash of the audio packets.
CREATE TABLE recordings (
  id INTEGER PRIMARY KEY,
  audio_hash BLOB NOT NULL UNIQUE CHECK (length(audio_hash) = 32),
  duration_seconds REAL NOT NULL,       -- as decoded
  damaged TEXT,                         -- what was wrong, null if nothing
  analysed_at INTEGER NOT NULL
) STRICT;

-- Labels of each model version that wrote here: values of different versions are never compared.
CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  version TEXT NOT NULL UNIQUE,
  labels TEXT NOT NULL                  -- JSON: { genres: [ids], tags: [ids] } in the order of the vectors
) STRICT;

CREATE TABLE predictions (
  recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
  model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  analysis_version INTEGER NOT NULL,
  embedding BLOB NOT NULL,              -- float32 little-endian, unit length
  genres BLOB NOT NULL,                 -- float32: calibrated probability per genre label
  tags BLOB NOT NULL,                   -- float32: moods, instruments, voice
  segment_seconds REAL NOT NULL,        -- length of one step of the timeline
  segment_genres BLOB NOT NULL,         -- uint8 [segments x genres], 255 = 1.0
  window_seconds REAL NOT NULL,         -- length of one embedded window
  window_embeddings BLOB NOT NULL,      -- int8 [windows x embedding size], 127 = 1.0
  PRIMARY KEY (recording_id, model_id)
) STRICT;

-- The scores worth searching for (see MINIMUM_STORED_CONFIDENCE), best found by index.
CREATE TABLE genre_scores (
  model_id INTEGER NOT NULL,
  genre TEXT NOT NULL,                  -- label id
  recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
  confidence REAL NOT NULL,
  PRIMARY KEY (model_id, genre, recording_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX genre_scores_by_confidence ON genre_scores (model_id, genre, confidence DESC, recording_id);
CREATE INDEX genre_scores_by_recording ON genre_scores (recording_id, model_id, confidence DESC, genre);
