/** A library of made-up tracks for measuring searches: names of a real shape, four in five tracks analysed. */
import { createHash } from 'node:crypto';
import { SOUND_VERSION } from '#engine/analysis/protocol.ts';
import { storeSound } from '#engine/storage/analysis/sounds.ts';
import type { Database } from '#engine/storage/database.ts';
import { madeSound } from './made-sound.ts';

const syllables = [
  'ka',
  'lo',
  'mi',
  'ren',
  'sto',
  'vel',
  'dar',
  'no',
  'tri',
  'sha',
  'bel',
  'or',
  'an',
  'é',
  'zu',
  'pho',
];
const words =
  'love night blue deep house summer light dream city moon fire river dance shadow golden lost heart sound electric wave'.split(
    ' ',
  );
const suffixes = ['', '', '', ' (Original Mix)', ' (Extended Mix)', ' (Radio Edit)', ' feat. Ana'];
const families = ['electronic', 'rock', 'jazz', 'classical', 'hip hop', 'folk', 'latin', 'pop'];
const stylesOfFamily = 11;

/** A sequence of numbers from 0 up to 1 that is the same with every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Fills an empty library (migrated, analysis attached, temporary tables made). */
export function fillLibrary(database: Database, count: number): void {
  const random = randomNumbers(1);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]) => values[below(values.length)] as T;
  const name = () => Array.from({ length: 2 + below(3) }, () => pick(syllables)).join('');
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const artists = Array.from({ length: count / 12 }, () => `${capital(name())} ${capital(name())}`);

  database.transaction(() => {
    database.prepare('INSERT INTO temp.current_model VALUES (1)').run();
    database.prepare("INSERT INTO analysis.models (id, version, labels) VALUES (1, 'bench', '{}')").run();
    const labels = fillLabels(database, capital);
    const folder = database.prepare('INSERT INTO folders (id, path, added_at) VALUES (?, ?, 0)');
    for (let id = 1; id <= 4; id += 1) folder.run(id, `/music/disk ${id}`);
    const track = database.prepare(
      `INSERT INTO tracks (folder_id, relative_path, size_bytes, modified_at, added_at, audio_hash, analysis, tags_read,
       title, artist, album, album_artist, comment, year, track_number, genre_tags, duration_seconds, container, codec, bitrate_kbps,
       sample_rate_hz, channels, rating, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'MPEG', 'MPEG 1 Layer 3', ?, 44100, 2, ?, ?)`,
    );
    const recording = database.prepare(
      'INSERT INTO analysis.recordings (id, audio_hash, duration_seconds, analysed_at) VALUES (?, ?, 240, 0)',
    );
    const score = database.prepare('INSERT OR IGNORE INTO analysis.genre_scores VALUES (1, ?, ?, ?)');
    for (let number = 1; number <= count; number += 1) {
      const artist = pick(artists);
      const album = `${capital(pick(words))} ${name()}`;
      const title = `${capital(pick(words))} ${pick(words)} ${name()}${pick(suffixes)}`;
      const hash = random() < 0.8 ? createHash('sha256').update(String(number)).digest() : null;
      track.run(
        1 + below(4),
        `${artist}/${album}/${String(number).padStart(6, '0')} ${title}.mp3`,
        3e6 + below(1e7),
        1.7e12 + below(1e9),
        1.7e12 + below(6e10),
        hash,
        hash === null ? 'pending' : 'done',
        random() < 0.98 ? title : null,
        random() < 0.98 ? artist : null,
        random() < 0.9 ? album : null,
        artist,
        random() < 0.3 ? `comment ${name()}` : null,
        random() < 0.9 ? 1960 + below(65) : null,
        1 + below(14),
        JSON.stringify(random() < 0.7 ? [capital(pick(families))] : []),
        120 + random() * 300,
        128 + below(193),
        below(6),
        random() < 0.98 ? 'present' : 'missing',
      );
      if (hash === null) continue;
      recording.run(number, hash);
      storeSound(database, number, SOUND_VERSION, madeSound(number));
      const family = pick(families);
      score.run(family, number, 0.5 + random() / 2);
      for (let more = 0; more < 4; more += 1)
        score.run(pick(labels.filter((id) => more > 1 || id.startsWith(family))), number, random());
    }
    const entry = database.prepare(
      'INSERT INTO playlist_entries (playlist_id, track_id, position) VALUES (1, ?, ?)',
    );
    database
      .prepare("INSERT INTO playlists (id, name, created_at, updated_at) VALUES (1, 'Long one', 0, 0)")
      .run();
    for (let position = 0; position < count / 10; position += 1) entry.run(1 + below(count), position);
  })();
}

function fillLabels(database: Database, capital: (text: string) => string): string[] {
  const label = database.prepare("INSERT INTO temp.current_labels VALUES (?, ?, ?, 0.4, 'well', ?)");
  const ids: string[] = [];
  for (const family of families) {
    label.run(family, capital(family), null, ids.length);
    ids.push(family);
    for (let style = 0; style < stylesOfFamily; style += 1) {
      const id = `${family}/style ${style}`;
      label.run(id, `${capital(family)} style ${style}`, family, ids.length);
      ids.push(id);
    }
  }
  return ids;
}
