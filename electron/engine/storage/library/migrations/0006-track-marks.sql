-- What other DJ programs knew of a track, taken over by an import: the user's own work there. Null or empty where none said.
CREATE TABLE track_marks (
  track_id INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  play_count INTEGER CHECK (play_count >= 0),
  colour TEXT CHECK (colour GLOB '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
  cues TEXT NOT NULL DEFAULT '[]',      -- JSON, TrackCue[]
  grid TEXT NOT NULL DEFAULT '[]',      -- JSON, GridMarker[]
  source TEXT NOT NULL,                 -- ImportFormat of the last import that said something
  at INTEGER NOT NULL
) STRICT;
