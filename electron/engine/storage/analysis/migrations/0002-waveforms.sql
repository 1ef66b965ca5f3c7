-- Three-band peaks of a recording, to draw. Of recordings analysed before there were any: made when they are first shown.
CREATE TABLE waveforms (
  recording_id INTEGER PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,             -- of the filters and the coding
  seconds_per_point REAL NOT NULL,
  peaks BLOB NOT NULL CHECK (length(peaks) % 3 = 0) -- low, mid, high of each point; 255 * sqrt(amplitude)
) STRICT;
