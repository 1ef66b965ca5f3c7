/**
 * The user's own word on tempo, grid, key and energy: kept by the hash of the audio, and by the track as long as that is
 * not known, as corrections of genres are (corrections.ts).
 */
import type { SoundWords, TrackId } from '#shared/domain.ts';
import { noSoundWords } from '#shared/music/sound-words.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';
import { subjectOf } from './corrections.ts';
import type { Subject } from './corrections.ts';

const columns = 'bpm, locked, beat_seconds AS beatSeconds, bar_seconds AS barSeconds, key, energy';

interface RawWords extends Omit<SoundWords, 'locked'> {
  readonly locked: number;
}

/** What the user said of the audio, or of a track whose audio is not known. */
export function readSoundWords(database: Database, subject: Subject): SoundWords {
  const { table, column, key } = placeOf(subject);
  const row = prepared(database, `SELECT ${columns} FROM main.${table} WHERE ${column} = ?`).get(key) as
    RawWords | undefined;
  return row === undefined ? noSoundWords : { ...row, locked: row.locked === 1 };
}

/**
 * Stores all words on a subject; without any, none are kept. Call it inside a transaction.
 * @returns false when they were so already
 */
export function writeSoundWords(
  database: Database,
  subject: Subject,
  words: SoundWords,
  at: number,
): boolean {
  if (isSame(readSoundWords(database, subject), words)) return false;
  const { table, column, key } = placeOf(subject);
  if (isSame(words, noSoundWords)) {
    prepared(database, `DELETE FROM main.${table} WHERE ${column} = ?`).run(key);
    return true;
  }
  prepared(
    database,
    `INSERT INTO main.${table} (${column}, bpm, locked, beat_seconds, bar_seconds, key, energy, at)
     VALUES (@subject, @bpm, @locked, @beatSeconds, @barSeconds, @key, @energy, @at)
     ON CONFLICT (${column}) DO UPDATE SET bpm = excluded.bpm, locked = excluded.locked,
       beat_seconds = excluded.beat_seconds, bar_seconds = excluded.bar_seconds, key = excluded.key,
       energy = excluded.energy, at = excluded.at`,
  ).run({ ...words, subject: key, locked: words.locked ? 1 : 0, at });
  return true;
}

/** The subject as it is called now: a track may have got a hash since. Null when it is gone. */
export function currentSubject(database: Database, subject: Subject): Subject | null {
  return subject.startsWith('t') ? subjectOf(database, Number(subject.slice(1))) : subject;
}

/** Of one track. */
export function readTrackSoundWords(database: Database, trackId: TrackId): SoundWords {
  const subject = subjectOf(database, trackId);
  return subject === null ? noSoundWords : readSoundWords(database, subject);
}

export function isSame(one: SoundWords, other: SoundWords): boolean {
  return (Object.keys(noSoundWords) as (keyof SoundWords)[]).every((name) => one[name] === other[name]);
}

function placeOf(subject: Subject): { table: string; column: string; key: number | Buffer } {
  return subject.startsWith('t')
    ? { table: 'track_sound_words', column: 'track_id', key: Number(subject.slice(1)) }
    : { table: 'sound_words', column: 'audio_hash', key: Buffer.from(subject, 'hex') };
}
