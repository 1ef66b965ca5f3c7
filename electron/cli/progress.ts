/** Progress on stderr: a bar on a terminal, a line every five seconds otherwise, nothing when asked to be quiet. */
import cliProgress from 'cli-progress';

const LINE_MS = 5000;

export interface ProgressState {
  /** "Looking for music", "Analysing". */
  readonly phase: string;
  readonly done: number;
  /** null: not known yet. */
  readonly total: number | null;
  readonly tracksPerMinute: number | null;
  readonly secondsLeft: number | null;
}

export interface Progress {
  update(state: ProgressState): void;
  /** A line that stays. */
  say(text: string): void;
  stop(): void;
}

export function createProgress(quiet: boolean): Progress {
  if (quiet) return { update: () => {}, say: () => {}, stop: () => {} };
  return process.stderr.isTTY ? createBar() : createLines();
}

function createBar(): Progress {
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: '{phase} {bar} {numbers}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    linewrap: false,
    fps: 8,
    // Ctrl-C is ours: the library is closed in order.
    gracefulExit: false,
  });
  let running = false;
  return {
    update(state) {
      const total = Math.max(1, state.total ?? 1);
      const payload = { phase: state.phase, numbers: numbersOf(state) };
      if (!running) bar.start(total, 0, payload);
      running = true;
      bar.setTotal(total);
      bar.update(state.total === null ? 0 : state.done, payload);
    },
    say(text) {
      if (running) bar.stop();
      running = false;
      process.stderr.write(`${text}\n`);
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}

function createLines(): Progress {
  let last = performance.now();
  return {
    update(state) {
      if (performance.now() - last < LINE_MS) return;
      last = performance.now();
      process.stderr.write(`${state.phase}: ${numbersOf(state)}\n`);
    },
    say: (text) => void process.stderr.write(`${text}\n`),
    stop: () => {},
  };
}

/** "120/300 files, 95 tracks/min, 1 min 54 s left". */
export function numbersOf({ done, total, tracksPerMinute, secondsLeft }: ProgressState): string {
  const parts = [total === null ? `${done} files` : `${done}/${total} files`];
  if (tracksPerMinute !== null) parts.push(`${Math.round(tracksPerMinute)} tracks/min`);
  if (secondsLeft !== null) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(', ');
}

/** "42 s", "1 min 54 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
