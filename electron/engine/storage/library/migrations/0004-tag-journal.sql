-- The journal of tags written into files. A row is on the disk before the first byte of its file changes, and holds all
-- that is needed to find out, by looking at the file, how far a write came, and to take it back at any later time.
CREATE TABLE tag_batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('write', 'undo')),
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
  policy TEXT NOT NULL,                   -- JSON, WritePolicy: a batch goes on as it was ordered
  files INTEGER NOT NULL DEFAULT 0,       -- counted by the triggers below
  written INTEGER NOT NULL DEFAULT 0,     -- undone ones included
  failed INTEGER NOT NULL DEFAULT 0,
  undone INTEGER NOT NULL DEFAULT 0       -- files of which every field was taken back
) STRICT;

-- One file of a batch. No references to tracks: what was done to a file outlives its row.
CREATE TABLE tag_writes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id INTEGER NOT NULL REFERENCES tag_batches (id),
  track_id INTEGER NOT NULL,
  audio_hash BLOB CHECK (audio_hash IS NULL OR length(audio_hash) = 32), -- finds the file where the track is gone
  path TEXT NOT NULL,                     -- absolute: where the file was
  state TEXT NOT NULL CHECK (state IN ('planned', 'waiting', 'writing', 'written', 'failed', 'undone')),
  at INTEGER NOT NULL,                    -- of the last change of state
  code TEXT,                              -- why it failed, or waits
  detail TEXT,
  -- From 'writing' on: what the file was, and what it is to be.
  real_path TEXT,                         -- links followed
  temporary TEXT,                         -- name of the new file beside it; null: written in place, see tag_patches
  stamp_before TEXT,                      -- JSON: size, modified (ms), inode
  stamp_after TEXT,                       -- the same, once it is written
  size_after INTEGER,
  new_ranges TEXT,                        -- JSON [[start, length], …]: what of the new file is new …
  new_hash BLOB CHECK (new_hash IS NULL OR length(new_hash) = 32), -- … and the SHA-256 of it
  -- The old file made of the new one: gives back the very bytes where nothing else changed since.
  inverse_pieces TEXT,                    -- JSON [[start, end] of the new file | length of inverse_bytes, …]
  inverse_bytes BLOB                      -- deflated; null where it would be large: then the items are put back
) STRICT;
CREATE INDEX tag_writes_by_batch ON tag_writes (batch_id, state, id);
CREATE INDEX tag_writes_by_track ON tag_writes (track_id, id);
CREATE INDEX tag_writes_open ON tag_writes (state, batch_id) WHERE state IN ('planned', 'waiting', 'writing');

CREATE TABLE tag_write_fields (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  write_id INTEGER NOT NULL REFERENCES tag_writes (id) ON DELETE CASCADE,
  field TEXT NOT NULL,
  before TEXT NOT NULL,                   -- JSON array of strings: what was reviewed, and has to stand there still
  after TEXT NOT NULL,
  old_items TEXT,                         -- JSON of RawItem, bytes in base64: exactly what stood there
  restore_items TEXT,                     -- of an undo: the items to put back; null: the values of `after` are set
  undone_by INTEGER REFERENCES tag_write_fields (id) ON DELETE SET NULL
) STRICT;
CREATE UNIQUE INDEX tag_write_fields_of_write ON tag_write_fields (write_id, field);
CREATE INDEX tag_write_fields_undone ON tag_write_fields (undone_by) WHERE undone_by IS NOT NULL;

-- Which fields a field of an undo takes back: several where they were written one over the other.
CREATE TABLE tag_undos (
  field_id INTEGER NOT NULL REFERENCES tag_write_fields (id) ON DELETE CASCADE,
  undoes_id INTEGER NOT NULL REFERENCES tag_write_fields (id) ON DELETE CASCADE,
  PRIMARY KEY (field_id, undoes_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_undos_of ON tag_undos (undoes_id);

-- Bytes that are overwritten in place; there only while a file is 'writing'.
CREATE TABLE tag_patches (
  write_id INTEGER NOT NULL REFERENCES tag_writes (id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  old BLOB NOT NULL,
  new BLOB NOT NULL CHECK (length(new) = length(old)),
  PRIMARY KEY (write_id, start)
) STRICT;

CREATE TRIGGER tag_writes_count_new AFTER INSERT ON tag_writes BEGIN
  UPDATE tag_batches SET files = files + 1,
    written = written + (new.state IN ('written', 'undone')),
    failed = failed + (new.state = 'failed'),
    undone = undone + (new.state = 'undone')
  WHERE id = new.batch_id;
END;
CREATE TRIGGER tag_writes_count AFTER UPDATE OF state ON tag_writes WHEN old.state <> new.state BEGIN
  UPDATE tag_batches SET
    written = written + (new.state IN ('written', 'undone')) - (old.state IN ('written', 'undone')),
    failed = failed + (new.state = 'failed') - (old.state = 'failed'),
    undone = undone + (new.state = 'undone') - (old.state = 'undone')
  WHERE id = new.batch_id;
END;
-- A file is undone when all of its fields are, and written again when one of them came back.
CREATE TRIGGER tag_writes_undone AFTER UPDATE OF undone_by ON tag_write_fields BEGIN
  UPDATE tag_writes SET state = CASE WHEN EXISTS (
      SELECT 1 FROM tag_write_fields WHERE write_id = new.write_id AND undone_by IS NULL)
    THEN 'written' ELSE 'undone' END
  WHERE id = new.write_id AND state IN ('written', 'undone');
END;

-- What the writer itself changes is told by tag_writes.
DROP TRIGGER track_events_changed;
CREATE TRIGGER track_events_changed AFTER UPDATE OF size_bytes, modified_at ON tracks
WHEN old.folder_id = new.folder_id AND old.relative_path = new.relative_path
  AND (old.size_bytes <> new.size_bytes OR old.modified_at <> new.modified_at)
  AND NOT EXISTS (SELECT 1 FROM tag_writes WHERE track_id = new.id AND state = 'writing') BEGIN
  INSERT INTO track_events (track_id, at, kind, detail)
  VALUES (new.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'changed', '{}');
END;
