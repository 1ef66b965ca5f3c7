/** What `npm start` is asked for, and where it can be done. */
import path from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Absolute. */
  readonly folders: readonly string[];
  /** Synthesise a library to try things with. */
  readonly demo: boolean;
  /** In the terminal: end when everything is analysed. */
  readonly once: boolean;
  /** Use the terminal even where a window could be opened. */
  readonly terminal: boolean;
}

/** Reads the arguments behind `npm start --`. Relative folders are relative to where npm was called. */
export function readStartOptions(argv: readonly string[], calledIn: string): StartOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      demo: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      terminal: { type: 'boolean', default: false },
    },
  });
  return { folders: positionals.map((folder) => path.resolve(calledIn, folder)), ...values };
}

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Why no window can be opened here, as a sentence; null when one can. */
export function whyNoWindow(machine: Machine, options: StartOptions): string | null {
  const { platform, isRoot, environment } = machine;
  if (options.terminal) return 'Asked to stay in the terminal.';
  if (options.once) return '--once is for the terminal: it ends when everything is analysed.';
  if (platform !== 'linux') return null;
  if (isRoot) {
    return 'No window as root: Chromium would have to run without its sandbox, and Cratewise never does that.';
  }
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return 'There is no display here.';
  return null;
}
