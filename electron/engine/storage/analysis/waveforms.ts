/** Three-band peaks of recordings, as they are drawn. */
import type { WaveformPeaks } from '#engine/analysis/protocol.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** Peaks of another version are as good as none. */
export function readWaveform(
  database: Database,
  audioHash: Uint8Array,
  version: number,
): WaveformPeaks | null {
  const row = prepared(
    database,
    `SELECT seconds_per_point AS secondsPerPoint, peaks FROM analysis.recordings AS recordings
     JOIN analysis.waveforms AS waveforms ON waveforms.recording_id = recordings.id
     WHERE recordings.audio_hash = ? AND waveforms.version = ?`,
  ).get(audioHash, version) as WaveformPeaks | undefined;
  return row ?? null;
}

/** Keeps the peaks of a recording. False, and nothing is kept, when the recording was never analysed. */
export function storeWaveform(
  database: Database,
  audioHash: Uint8Array,
  version: number,
  { secondsPerPoint, peaks }: WaveformPeaks,
): boolean {
  const result = prepared(
    database,
    `INSERT INTO analysis.waveforms (recording_id, version, seconds_per_point, peaks)
     SELECT id, ?, ?, ? FROM analysis.recordings WHERE audio_hash = ?
     ON CONFLICT (recording_id) DO UPDATE SET
       version = excluded.version, seconds_per_point = excluded.seconds_per_point, peaks = excluded.peaks`,
  ).run(version, secondsPerPoint, Buffer.from(peaks.buffer, peaks.byteOffset, peaks.byteLength), audioHash);
  return result.changes > 0;
}
