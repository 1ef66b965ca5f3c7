/**
 * Messages between a host (or the engine) and the player's decoder process. Numeric job ids; every job but a
 * 'close' is answered once at its end.
 */
import type { ErrorCode } from '#shared/errors.ts';
import type { ChildProcess } from '../child-process.ts';
import type { WaveformPeaks } from '../analysis/protocol.ts';
import type { WavFormat } from './wav-format.ts';

export type ToPlayer =
  /** Makes ready for reading; the job's number is then the name of what is open. */
  | {
      readonly kind: 'open';
      readonly job: number;
      readonly path: string;
      /** How long it is when decoded; null while that is unknown. */
      readonly decodedSeconds: number | null;
    }
  /** Bytes of an open recording as a WAV file, header included. */
  | {
      readonly kind: 'read';
      readonly job: number;
      readonly open: number;
      readonly start: number;
      readonly length: number;
    }
  | { readonly kind: 'close'; readonly open: number }
  | {
      readonly kind: 'waveform';
      readonly job: number;
      readonly path: string;
      /** How long it is, roughly: long ones get a quick waveform first. */
      readonly seconds: number | null;
    }
  /** Decodes a file and writes another one; what is there of it when the job fails is the sender's to remove. */
  | {
      readonly kind: 'convert';
      readonly job: number;
      readonly path: string;
      readonly target: string;
      readonly order: ConversionOrder;
    }
  /** The job fails as 'cancelled', soon. */
  | { readonly kind: 'cancel'; readonly job: number };

export type FromPlayer =
  | { readonly kind: 'opened'; readonly job: number; readonly format: WavFormat }
  | { readonly kind: 'bytes'; readonly job: number; readonly bytes: Uint8Array }
  /** Alive: jobs that take longer say so every second at least. */
  | { readonly kind: 'progress'; readonly job: number }
  /** What excerpts let guess, when the whole takes longer than a moment; the job goes on. */
  | { readonly kind: 'quick-waveform'; readonly job: number; readonly overview: WaveformPeaks }
  | { readonly kind: 'waveform'; readonly job: number; readonly waveform: FullWaveform }
  | { readonly kind: 'converted'; readonly job: number }
  | { readonly kind: 'failed'; readonly job: number; readonly code: ErrorCode; readonly detail: string };

export interface ConversionOrder {
  readonly format: 'wav' | 'aiff' | 'flac' | 'mp3';
  /** Faster recordings are made slower; null: any that the format has. */
  readonly mostSampleRateHz: number | null;
  /** Deeper ones are made of so many bits; null: 24 where the recording has more than 16. */
  readonly mostBits: 16 | null;
  /** In FFmpeg's names. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface FullWaveform {
  /** Whose it is: SHA-256 over the audio packets, as the analyser makes it. */
  readonly audioHash: Uint8Array;
  readonly overview: WaveformPeaks;
  readonly detail: WaveformPeaks;
}

export type PlayerProcess = ChildProcess<ToPlayer, FromPlayer>;
export type SpawnPlayer = () => PlayerProcess;
