/** Messages between the analyser process and its worker threads; typed arrays are transferred, not copied. */
import type { ErrorCode } from '#shared/errors.ts';
import type { ExplainRequest, KnownPrediction, TrackAnalysis, TrackEvidence } from '../protocol.ts';
import type { WindowOutputs } from './predictor.ts';

/** What a worker is started with. */
export interface WorkerSettings {
  readonly modelDir: string;
  /** own: loads the network itself (WASM). process: sends its windows to the one network of the process. */
  readonly network: 'own' | 'process';
  /** Int32 [1]: the number of the job that shall end; 0 for none. Read while decoding, when no message gets through. */
  readonly cancelled: SharedArrayBuffer;
}

export type ToWorker =
  | {
      readonly kind: 'analyse';
      readonly job: number;
      readonly path: string;
      readonly known?: KnownPrediction;
    }
  | { readonly kind: 'hash'; readonly job: number; readonly path: string }
  | {
      readonly kind: 'explain';
      readonly job: number;
      readonly path: string;
      readonly request: ExplainRequest;
    }
  | { readonly kind: 'predicted'; readonly request: number; readonly outputs: WindowOutputs }
  | {
      readonly kind: 'not-predicted';
      readonly request: number;
      readonly code: ErrorCode;
      readonly detail: string;
    }
  /** No more jobs: the thread ends by itself. */
  | { readonly kind: 'end' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly code: ErrorCode; readonly detail: string }
  | { readonly kind: 'progress'; readonly job: number; readonly decodedSeconds: number }
  | { readonly kind: 'analysed'; readonly job: number; readonly analysis: TrackAnalysis }
  | { readonly kind: 'hashed'; readonly job: number; readonly audioHash: Uint8Array }
  | { readonly kind: 'explained'; readonly job: number; readonly evidence: TrackEvidence }
  | { readonly kind: 'failed'; readonly job: number; readonly code: ErrorCode; readonly detail: string }
  | {
      readonly kind: 'predict';
      readonly request: number;
      readonly windows: Float32Array;
      readonly count: number;
    };
