/** What is measured of recordings besides their genres: tempo, key, loudness, energy, sections. */
import type { TrackSound } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Beats are stored in so many steps a second. */
const STEPS_PER_SECOND = 10_000;

/** Keeps the measurements of a recording that is there; replaces older ones. Call it inside a transaction. */
export function storeSound(
  database: Database,
  recordingId: number,
  version: number,
  sound: TrackSound,
): void {
  prepared(
    database,
    `INSERT INTO analysis.sounds (recording_id, version, bpm, bpm_confidence, key, key_confidence, energy, lufs)
     VALUES (@recordingId, @version, @bpm, @bpmConfidence, @key, @keyConfidence, @energy, @lufs)
     ON CONFLICT (recording_id) DO UPDATE SET version = excluded.version, bpm = excluded.bpm,
       bpm_confidence = excluded.bpm_confidence, key = excluded.key, key_confidence = excluded.key_confidence,
       energy = excluded.energy, lufs = excluded.lufs`,
  ).run({
    recordingId,
    version,
    bpm: sound.tempo?.bpm ?? null,
    bpmConfidence: sound.tempo?.confidence ?? null,
    key: sound.key?.key ?? null,
    keyConfidence: sound.key?.confidence ?? null,
    energy: sound.character?.energy ?? null,
    lufs: sound.loudness.integratedLufs,
  });
  const beats = sound.tempo?.grid.beats ?? null;
  prepared(
    database,
    `INSERT INTO analysis.sound_details (recording_id, detail, beats) VALUES (?, ?, ?)
     ON CONFLICT (recording_id) DO UPDATE SET detail = excluded.detail, beats = excluded.beats`,
  ).run(recordingId, encode(sound), beats === null ? null : encodeBeats(beats));
}

/** What was measured of a recording, without the user's word; null when nothing was yet. Older versions count, too. */
export function readSound(database: Database, audioHash: Uint8Array): TrackSound | null {
  const row = prepared(
    database,
    `SELECT details.detail, details.beats FROM analysis.recordings AS recordings
     JOIN analysis.sound_details AS details ON details.recording_id = recordings.id
     WHERE recordings.audio_hash = ?`,
  ).get(audioHash) as { detail: string; beats: Buffer | null } | undefined;
  if (row === undefined) return null;
  const sound = JSON.parse(row.detail) as TrackSound;
  if (sound.tempo === null || row.beats === null) return sound;
  return {
    ...sound,
    tempo: { ...sound.tempo, grid: { ...sound.tempo.grid, beats: decodeBeats(row.beats) } },
  };
}

/** Without digits that mean nothing: a tenth of a millisecond, a thousandth of a decibel are beyond any measurement. */
function encode(sound: TrackSound): string {
  const { tempo } = sound;
  const lean =
    tempo === null ? sound : { ...sound, tempo: { ...tempo, grid: { ...tempo.grid, beats: null } } };
  return JSON.stringify(lean, (_, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
  );
}

function encodeBeats(beats: readonly number[]): Buffer {
  const steps = Uint32Array.from(beats, (beat) => Math.max(0, Math.round(beat * STEPS_PER_SECOND)));
  return Buffer.from(steps.buffer);
}

function decodeBeats(blob: Buffer): readonly number[] {
  const steps = new Uint32Array(new Uint8Array(blob).buffer);
  return Array.from(steps, (step) => step / STEPS_PER_SECOND);
}
