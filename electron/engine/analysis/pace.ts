/** How much may be listened to at a time: what the user set, what the caller asked for, and what the computer is doing. */
import { availableParallelism } from 'node:os';
import type { Settings } from '#shared/domain.ts';

/** What the host knows of the computer. */
export interface ComputerState {
  readonly onBattery: boolean;
  /** A window of ours is in front: somebody works here. */
  readonly inFront: boolean;
}

export interface PaceOptions {
  /** For this run, instead of the setting. */
  readonly workers?: number | undefined;
  /** Default: on the mains, and nobody looks. */
  readonly computer?: (() => ComputerState) | undefined;
}

type PaceSettings = Pick<Settings, 'analysisPaused' | 'analysisWorkers' | 'pauseOnBattery'>;

export interface Pace {
  /** Takes over changed settings. */
  heed(settings: PaceSettings): void;
  /** Threads of the analyser. */
  workers(): number;
  /** The user stopped it. */
  isStopped(): boolean;
  /** It would go on if the computer were on the mains. */
  waitsForMains(): boolean;
  isPaused(): boolean;
  /** Tracks given to the analyser at a time. */
  mostHands(): number;
}

export function createPace(first: PaceSettings, options: PaceOptions): Pace {
  let settings = first;
  const computer = () => options.computer?.() ?? { onBattery: false, inFront: false };
  const chosen = () => options.workers ?? settings.analysisWorkers;
  const pace: Pace = {
    heed(changed) {
      settings = changed;
    },
    workers: () => chosen() ?? availableParallelism(),
    isStopped: () => settings.analysisPaused,
    waitsForMains: () => settings.pauseOnBattery && computer().onBattery,
    isPaused: () => pace.isStopped() || pace.waitsForMains(),
    mostHands() {
      const all = pace.workers();
      // A core is left to whoever looks at the window, unless the number of workers was chosen. Otherwise one more than
      // there are workers for each of them: none waits for the engine to answer.
      return chosen() === null && computer().inFront && all > 1 ? all - 1 : 2 * all;
    },
  };
  return pace;
}
