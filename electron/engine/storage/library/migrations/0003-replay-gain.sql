-- What the tags say about loudness; filled when the tags are read anew (a newer tag reader does).
ALTER TABLE tracks ADD COLUMN track_gain_db REAL;
ALTER TABLE tracks ADD COLUMN track_peak REAL;     -- 1.0 is full scale
ALTER TABLE tracks ADD COLUMN album_gain_db REAL;
ALTER TABLE tracks ADD COLUMN album_peak REAL;
