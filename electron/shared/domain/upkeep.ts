/** How the library's work goes on, what the program is and has, and what the user set. */
import type { ErrorCode } from '../errors.ts';

export interface ScanProgress {
  readonly phase: 'walking' | 'reading-tags' | 'done';
  readonly folderId: number | null;
  readonly filesFound: number;
  readonly filesRead: number;
  readonly errors: number;
}

/** What a scan did; printed by the command line. */
export interface ScanSummary {
  readonly files: number;
  readonly new: number;
  readonly changed: number;
  readonly moved: number;
  readonly missing: number;
  readonly unchanged: number;
  readonly errors: number;
  readonly seconds: number;
}

export interface AnalysisStatus {
  /** Not finished yet, the active ones included. */
  readonly queued: number;
  readonly active: readonly { readonly trackId: number; readonly path: string }[];
  /** Since the analyser was last idle. */
  readonly done: number;
  readonly failed: number;
  readonly tracksPerMinute: number | null;
  readonly secondsLeft: number | null;
  readonly paused: boolean;
  /** Waits for the mains: the computer runs on battery, and the user wants no analysis then. */
  readonly onBattery: boolean;
  /** Why nothing is analysed although tracks wait: the notice that told so, for whoever asks later. */
  readonly problem: Notice | null;
  readonly workers: number;
  /** Null until the analyser has started. */
  readonly backend: 'tensorflow' | 'wasm' | null;
}

export interface ModelInfo {
  readonly name: string;
  readonly version: string;
  readonly embeddingSize: number;
  readonly genreCount: number;
  readonly folder: string;
}

export interface AppInfo {
  readonly version: string;
  readonly host: HostKind;
  readonly libraryFile: string;
  readonly dataDir: string;
  readonly model: ModelInfo;
}

export type HostKind = 'desktop' | 'terminal' | 'web';

/** One line of `cratewise doctor`. */
export interface DoctorCheck {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly detail: string;
}

export interface Settings {
  /** Worker threads of the analyser; null: as many as cores. */
  readonly analysisWorkers: number | null;
  readonly analysisPaused: boolean;
  /** No analysis while the computer runs on battery. */
  readonly pauseOnBattery: boolean;
}

/** Something the user should know, which belongs to no single request (for example 'watch-limit'). */
export interface Notice {
  readonly code: ErrorCode;
  readonly detail: string;
}
