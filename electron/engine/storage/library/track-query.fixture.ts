import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { noSoundWords } from '#shared/music/sound-words.ts';
import { freshenBestGenres } from '../analysis/best-genres.ts';
import { storeSound } from '../analysis/sounds.ts';
import { freshenTrackSounds } from '../analysis/track-sounds.ts';
import { soundOf } from '../filled-library.fixture.ts';
import { openStorage } from '../open.ts';
import type { Storage } from '../open.ts';
import { subjectOf } from './corrections.ts';
import { writeSoundWords } from './sound-words.ts';
import { labels, tags, tracks } from './track-query.cases.ts';

/** A noon, in the time zone of whoever runs this. */
export const now = new Date(2024, 4, 31, 12).getTime();
/** The tracks of track-query.cases.ts in a database of their own. */
export function openTestLibrary(): Storage {
  const folder = mkdtempSync(join(tmpdir(), 'cratewise-query-'));
  const storage = openStorage({
    libraryFile: join(folder, 'library.db'),
    clock: () => now,
    log: pino({ level: 'silent' }),
  });
  const { database } = storage;
  database.exec(`
    INSERT INTO folders (id, path, added_at) VALUES (1, '/music', 0), (2, 'D:\\Sammlung', 0);
    INSERT INTO playlists (id, name, created_at, updated_at) VALUES (1, 'Friday night', 0, 0), (2, 'Empty', 0, 0);
    INSERT INTO temp.current_model VALUES (7);
    INSERT INTO analysis.models VALUES (7, 'now', '{}'), (6, 'before', '{}');`);
  const label = database.prepare("INSERT INTO temp.current_labels VALUES (?, ?, ?, ?, 'well', ?)");
  labels.forEach(({ id, name, parent, threshold }, position) => {
    label.run(id, name, parent, threshold, position);
  });
  const tag = database.prepare('INSERT INTO temp.current_tags VALUES (?, ?, 0.5, ?)');
  tags.forEach(({ id, name }, position) => tag.run(id, name, position));
  const hashes = new Map<string, number>();
  for (const track of tracks) {
    const {
      id,
      audio,
      genres = {},
      error,
      playlistAt,
      damaged,
      sound,
      heard = [],
      words,
      ...columns
    } = track;
    const hash = audio === undefined ? null : createHash('sha256').update(audio).digest();
    const values: Record<string, string | number | Buffer | null> = {
      id,
      folder_id: 1,
      relative_path: `${id}.mp3`,
      size_bytes: id,
      modified_at: 0.5,
      added_at: now - id * 86_400_000,
      audio_hash: hash,
      analysis: hash === null ? 'pending' : 'done',
      ...columns,
    };
    const names = Object.keys(values);
    database
      .prepare(`INSERT INTO tracks (${names.join()}) VALUES (${names.map(() => '?').join()})`)
      .run(...Object.values(values));
    if (audio !== undefined && !hashes.has(audio)) {
      const added = database
        .prepare(
          'INSERT INTO analysis.recordings (audio_hash, duration_seconds, damaged, analysed_at) VALUES (?, 1, ?, 0)',
        )
        .run(hash, damaged ?? null);
      hashes.set(audio, Number(added.lastInsertRowid));
      const score = database.prepare('INSERT INTO analysis.genre_scores VALUES (?, ?, ?, ?)');
      for (const [genre, confidence] of Object.entries(genres)) {
        score.run(7, genre, added.lastInsertRowid, confidence);
      }
      const recordingId = Number(added.lastInsertRowid);
      if (sound !== undefined) storeSound(database, recordingId, 1, soundOf(sound));
      for (const tag of [...heard, ...(id === 4 ? [] : ['mood/happy'])]) {
        database
          .prepare('INSERT INTO analysis.heard_tags VALUES (?, ?, ?)')
          .run(tag === 'mood/happy' ? 6 : 7, tag, recordingId);
      }
      // Another model's opinion never counts.
      score.run(6, 'country', added.lastInsertRowid, 1);
    }
    if (words !== undefined) {
      const subject = subjectOf(database, id) as string;
      writeSoundWords(database, subject, { ...noSoundWords, ...words }, 1);
    }
    if (error !== undefined) {
      database.prepare("INSERT INTO track_errors VALUES (?, 'tags', ?, '', 1, 0)").run(id, error);
    }
    for (const position of playlistAt ?? []) {
      database
        .prepare('INSERT INTO playlist_entries (playlist_id, track_id, position) VALUES (1, ?, ?)')
        .run(id, position);
    }
  }
  freshenBestGenres(database);
  freshenTrackSounds(database);
  return storage;
}

export function closeTestLibrary(storage: Storage): void {
  storage.close();
  rmSync(dirname(storage.libraryFile), { recursive: true });
}
