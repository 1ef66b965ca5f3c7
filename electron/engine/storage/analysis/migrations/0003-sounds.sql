-- What is measured of a recording besides its genres. Small rows: what is searched for, shown in lists and ordered by.
CREATE TABLE sounds (
  recording_id INTEGER PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,             -- of the measurement (SOUND_VERSION); values of others are measured again
  bpm REAL,                             -- null wherever it would be made up
  bpm_confidence REAL,
  key TEXT,                             -- Camelot: 1A to 12B
  key_confidence REAL,
  energy REAL,                          -- 1 to 10
  lufs REAL                             -- EBU R128, integrated
) STRICT;

-- The rest, for whoever looks at one track.
CREATE TABLE sound_details (
  recording_id INTEGER PRIMARY KEY REFERENCES sounds (recording_id) ON DELETE CASCADE,
  detail TEXT NOT NULL,                 -- JSON, TrackSound without the beats of a warped grid …
  beats BLOB CHECK (length(beats) % 4 = 0) -- … which are here: uint32 little-endian, tenths of a millisecond
) STRICT;
