-- Moods, instruments and voices that a model heard from their thresholds on, to search for. Filled with predictions.
-- A row of a recording that is gone finds no track, and goes when the number is used again.
CREATE TABLE heard_tags (
  model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,                    -- label id
  recording_id INTEGER NOT NULL,
  PRIMARY KEY (model_id, tag, recording_id)
) STRICT, WITHOUT ROWID;
