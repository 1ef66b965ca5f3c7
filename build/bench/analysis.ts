/** Throughput of the analyser process, its time by stage, and its memory. */
import type { FromAnalyser } from '#engine/engine.ts';
import { createForkAnalyser } from '#engine/engine.ts';
import { childProcesses, peakMemoryMiB } from './process-figures.ts';

export interface AnalysisFigures {
  readonly backend: string;
  readonly workers: number;
  readonly tracks: number;
  readonly failed: number;
  readonly audioSeconds: number;
  readonly wallSeconds: number;
  readonly tracksPerMinute: number;
  /** For tracks of four minutes, from the audio's length. */
  readonly fourMinuteTracksPerMinute: number;
  readonly timesRealtime: number;
  /** Milliseconds of one thread a minute of audio. */
  readonly decodeMsPerMinute: number;
  readonly frontEndMsPerMinute: number;
  readonly waveformMsPerMinute: number;
  /** Tempo, key, loudness, quality, character, structure: to be less than half of the decoding. */
  readonly soundMsPerMinute: number;
  readonly modelMsPerMinute: number;
  readonly peakMemoryMiB: number | null;
  readonly peakMemoryMiBPerWorker: number | null;
}

/** Jobs given ahead to each worker, so that none waits for the next. */
const JOBS_A_WORKER = 2;

/** Analyses the files with a fresh analyser process. Rejects when it cannot start or dies. */
export function measureAnalysis(
  files: readonly string[],
  options: { readonly modelDir: string; readonly workers: number; readonly backend: 'wasm' | 'tensorflow' },
): Promise<AnalysisFigures> {
  const before = new Set(childProcesses());
  const analyser = createForkAnalyser()();
  const pid = childProcesses().find((child) => !before.has(child));
  let backend = '';
  let started = 0;
  let next = 0;
  let done = 0;
  let failed = 0;
  const sums = { audio: 0, decode: 0, frontEnd: 0, waveform: 0, sound: 0, model: 0 };

  return new Promise((resolve, reject) => {
    const give = (): void => {
      const path = files[next];
      if (path !== undefined) analyser.post({ kind: 'analyse', job: ++next, path });
    };
    const finish = (): void => {
      if (++done < files.length) {
        give();
        return;
      }
      const wallSeconds = (performance.now() - started) / 1000;
      const minutes = sums.audio / 60;
      const peak = pid === undefined ? null : peakMemoryMiB(pid);
      analyser.post({ kind: 'stop' });
      resolve({
        ...{ backend, workers: options.workers, tracks: files.length, failed, wallSeconds },
        audioSeconds: sums.audio,
        tracksPerMinute: (files.length / wallSeconds) * 60,
        fourMinuteTracksPerMinute: (minutes / 4 / wallSeconds) * 60,
        timesRealtime: sums.audio / wallSeconds,
        decodeMsPerMinute: sums.decode / minutes,
        frontEndMsPerMinute: sums.frontEnd / minutes,
        waveformMsPerMinute: sums.waveform / minutes,
        soundMsPerMinute: sums.sound / minutes,
        modelMsPerMinute: sums.model / minutes,
        peakMemoryMiB: peak,
        peakMemoryMiBPerWorker: peak === null ? null : peak / options.workers,
      });
    };
    analyser.onExit(({ code, signal }) => reject(new Error(`The analyser died (${signal ?? code}).`)));
    analyser.onMessage((message: FromAnalyser) => {
      if (message.kind === 'ready') {
        backend = message.backend;
        started = performance.now();
        for (let i = 0; i < options.workers * JOBS_A_WORKER; i++) give();
      } else if (message.kind === 'analysed') {
        const { durationSeconds, timings } = message.analysis;
        sums.audio += durationSeconds;
        sums.decode += timings.decode;
        sums.frontEnd += timings.frontEnd;
        sums.waveform += timings.waveform;
        sums.sound += timings.sound;
        sums.model += timings.model;
        finish();
      } else if (message.kind === 'failed') {
        failed++;
        finish();
      } else if (message.kind === 'unusable') {
        reject(new Error(`${message.code}: ${message.detail}`));
        analyser.kill();
      }
    });
    analyser.post({ kind: 'start', options });
  });
}
