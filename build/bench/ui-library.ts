/**
 * A library of made-up tracks to measure the window with: databases as an analysis leaves them, and files that hold
 * nothing, of the sizes and times that the databases name, so that a scan at the start finds all as it was.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  futimesSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ModelManifest } from '#engine/analysis/model-manifest.ts';
import { readModelFolder } from '#engine/analysis/model-folder.ts';
import { ANALYSIS_VERSION, SOUND_VERSION } from '#engine/analysis/protocol.ts';
import { TAG_READER_VERSION } from '#engine/library/tags.ts';
import { useModel } from '#engine/storage/analysis/current-model.ts';
import { storeSound } from '#engine/storage/analysis/sounds.ts';
import type { Database } from '#engine/storage/database.ts';
import { openStorage } from '#engine/storage/open.ts';
import { madeSound } from './made-sound.ts';
import { numbersFrom, trackNames, type TrackName } from './ui-names.ts';

export interface UiLibrary {
  /** The data folder of the app. */
  readonly dataDir: string;
}

const PLAYLIST_ROWS = 50_000;
/** Steps of the genre timeline: fewer than real ones have, so that the file stays below 300 MB. */
const SEGMENTS = 12;
const ADDED_FROM = Date.UTC(2021, 0, 1);
const ADDED_SPAN = 5 * 365 * 86_400_000;

/** Makes the library below `cache` when it is not there yet: it takes minutes and 300 MB. */
export function uiLibrary(cache: string, modelDir: string, count: number): UiLibrary {
  const { manifest } = readModelFolder(modelDir);
  const folder = join(
    cache,
    `ui-${count}-${manifest.version}-${ANALYSIS_VERSION}-${SOUND_VERSION}-${TAG_READER_VERSION}`,
  );
  if (!existsSync(folder)) {
    console.log(`Making a library of ${count.toLocaleString('en')} tracks …`);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    // The database names the folder where it will be.
    fill(unfinished, folder, manifest, count);
    renameSync(unfinished, folder);
  }
  return { dataDir: join(folder, 'data') };
}

function fill(place: string, finalPlace: string, manifest: ModelManifest, count: number): void {
  const storage = openStorage({
    libraryFile: join(place, 'data', 'library.db'),
    clock: () => ADDED_FROM,
    log: pino({ level: 'silent' }),
  });
  const { database } = storage;
  try {
    const modelId = useModel(database, manifest);
    const addTrack = trackWriter(database, join(finalPlace, 'music'));
    const addPrediction = predictionWriter(database, manifest, modelId);
    const files = fileWriter(join(place, 'music'));
    const random = numbersFrom(1);
    database.transaction(() => {
      let number = 0;
      for (const name of trackNames(count)) {
        number += 1;
        const hash = createHash('sha256').update(String(number)).digest();
        const style = styleOf(name, manifest, random);
        const path = pathOf(name);
        const file = { path, size: 3_000_000 + Math.floor(random() * 1e7), seconds: 1.6e9 + number };
        files(file);
        const tagged = random() < 0.7 ? manifest.genres[style]?.name : undefined;
        addTrack({ name, file, hash, genreTag: tagged, random });
        addPrediction({ hash, style, random });
      }
      addLongPlaylist(database, Math.min(PLAYLIST_ROWS, count), count);
    })();
  } finally {
    storage.close();
  }
}

interface MadeFile {
  /** Below the folder of the music. */
  readonly path: string;
  readonly size: number;
  /** Since 1970. */
  readonly seconds: number;
}

function pathOf(name: TrackName): string {
  const number = String(name.trackNumber).padStart(2, '0');
  // One artist may have two albums of one name: the number of the artist and the year keep them apart often enough.
  const album = `${name.year} ${name.album}`;
  return `${name.artist} [${name.artistNumber}]/${album}/${number} ${(name.title ?? 'Track').slice(0, 60)}.mp3`
    .replaceAll(/[<>:"\\|?*]/g, '_')
    .replaceAll(/\s+/g, ' ');
}

/** Files with a size and no content: they take no room. */
function fileWriter(folder: string): (file: MadeFile) => void {
  const made = new Set<string>();
  return ({ path, size, seconds }) => {
    const full = join(folder, path);
    const parent = join(full, '..');
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    const file = openSync(full, 'w');
    ftruncateSync(file, size);
    futimesSync(file, seconds, seconds);
    closeSync(file);
  };
}

interface MadeTrack {
  readonly name: TrackName;
  readonly file: MadeFile;
  readonly hash: Buffer;
  readonly genreTag: string | undefined;
  readonly random: () => number;
}

function trackWriter(database: Database, folder: string): (track: MadeTrack) => void {
  const folderId = database
    .prepare('INSERT INTO folders (path, added_at, last_scan_at) VALUES (?, ?, ?)')
    .run(folder, ADDED_FROM, ADDED_FROM).lastInsertRowid;
  const insert = database.prepare(
    `INSERT OR IGNORE INTO tracks (folder_id, relative_path, size_bytes, modified_at, added_at, audio_hash, hash_verified,
       analysis, tags_read, title, artist, album, album_artist, year, track_number, genre_tags, duration_seconds,
       container, codec, bitrate_kbps, sample_rate_hz, channels, rating)
     VALUES (?, ?, ?, ?, ?, ?, 1, 'done', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'MPEG', 'MPEG 1 Layer 3', ?, 44100, 2, ?)`,
  );
  return ({ name, file, hash, genreTag, random }) => {
    const tagged = name.title !== null;
    insert.run(
      ...[
        folderId,
        file.path,
        file.size,
        file.seconds * 1000,
        ADDED_FROM + Math.floor(random() * ADDED_SPAN),
      ],
      ...[hash, TAG_READER_VERSION, name.title, tagged ? name.artist : null, tagged ? name.album : null],
      ...[tagged ? name.artist : null, tagged ? name.year : null, tagged ? name.trackNumber : null],
      ...[JSON.stringify(genreTag === undefined ? [] : [genreTag]), 120 + random() * 300],
      ...[128 + Math.floor(random() * 193), random() < 0.3 ? 1 + Math.floor(random() * 5) : 0],
    );
  };
}

/** The place of a style in the model's vectors; most tracks of an artist are of one. */
function styleOf(name: TrackName, manifest: ModelManifest, random: () => number): number {
  const { length } = manifest.genres;
  const own = Math.floor(numbersFrom(name.artistNumber + 99)() * length);
  return random() < 0.8 ? own : Math.floor(random() * length);
}

interface MadePrediction {
  readonly hash: Buffer;
  readonly style: number;
  readonly random: () => number;
}

function predictionWriter(
  database: Database,
  { genres, tags, embeddingSize }: ModelManifest,
  modelId: number,
): (prediction: MadePrediction) => void {
  const recording = database.prepare(
    'INSERT INTO analysis.recordings (audio_hash, duration_seconds, analysed_at) VALUES (?, 240, ?)',
  );
  const insert = database.prepare(
    `INSERT INTO analysis.predictions (recording_id, model_id, analysis_version, embedding, genres, tags, segment_seconds,
       segment_genres, window_seconds, window_embeddings) VALUES (?, ?, ${ANALYSIS_VERSION}, ?, ?, ?, 20, ?, 240, x'')`,
  );
  const score = database.prepare('INSERT INTO analysis.genre_scores VALUES (?, ?, ?, ?)');
  const placeOf = new Map(genres.map(({ id }, place) => [id, place]));
  const centres = genres.map((_genre, place) => {
    const numbers = numbersFrom(1000 + place);
    return Float32Array.from({ length: embeddingSize }, () => numbers() - 0.5);
  });
  return ({ hash, style, random }) => {
    const values = Float32Array.from(genres, () => random() ** 6 * 0.5);
    values[style] = 0.5 + random() / 2;
    const family = placeOf.get((genres[style]?.id ?? '').split('/')[0] ?? '');
    if (family !== undefined) values[family] = Math.max(values[family] ?? 0, 0.6 + random() * 0.4);
    const near = Float32Array.from(centres[style] ?? [], (value) => value + (random() - 0.5) * 0.6);
    const norm = Math.hypot(...near);
    const recordingId = recording.run(hash, ADDED_FROM).lastInsertRowid;
    storeSound(database, Number(recordingId), SOUND_VERSION, madeSound(Number(recordingId)));
    const moods = Float32Array.from(tags, () => random() ** 3);
    const segments = new Uint8Array(SEGMENTS * genres.length);
    for (let at = 0; at < segments.length; at += 1)
      segments[at] = 255 * (values[at % genres.length] ?? 0) * (0.7 + 0.3 * random());
    insert.run(
      recordingId,
      modelId,
      Buffer.from(near.map((value) => value / norm).buffer),
      Buffer.from(values.buffer),
      Buffer.from(moods.buffer),
      Buffer.from(segments.buffer),
    );
    genres.forEach(({ id }, place) => {
      const confidence = values[place] ?? 0;
      // As the analysis does: traces are not stored.
      if (confidence >= 0.05) score.run(modelId, id, recordingId, confidence);
    });
  };
}

function addLongPlaylist(database: Database, rows: number, tracks: number): void {
  const playlist = database.prepare(
    'INSERT INTO playlists (name, created_at, updated_at, position) VALUES (?, ?, ?, ?)',
  );
  const id = playlist.run('Everything played in 2025', ADDED_FROM, ADDED_FROM, 1).lastInsertRowid;
  for (const [place, name] of ['Warm-up', 'Peak time', 'After hours'].entries())
    playlist.run(name, ADDED_FROM, ADDED_FROM, place + 2);
  const entry = database.prepare(
    'INSERT INTO playlist_entries (playlist_id, track_id, position) SELECT ?, id, ? FROM tracks WHERE id = ?',
  );
  for (let row = 0; row < rows; row += 1) entry.run(id, row, 1 + ((row * 7919) % tracks));
}
