/** Starts the analyser process from plain Node: the terminal, the web host, tests. */
import { fork } from 'node:child_process';
import type { AnalyserProcess, FromAnalyser, SpawnAnalyser } from './protocol.ts';

/** The bundle is one flat folder of scripts; from source the file itself is run. */
function processFile(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './analyser/process.ts' : './analyser-process.js',
    import.meta.url,
  );
}

/** @param file what to run instead of the analyser's own entry, for tests. */
export function createForkAnalyser(file: URL = processFile()): SpawnAnalyser {
  return (): AnalyserProcess => {
    const child = fork(file, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // A debugger's port is taken by this process; node flags of a test runner mean nothing to it.
      // What TensorFlow's makers should mend is no news for a terminal.
      execArgv: ['--no-deprecation'],
    });
    const exits: ((exit: { readonly code: number | null; readonly signal: string | null }) => void)[] = [];
    let gone: { readonly code: number | null; readonly signal: string | null } | null = null;
    function leave(code: number | null, signal: string | null): void {
      if (gone !== null) return;
      gone = { code, signal };
      for (const listener of exits) listener(gone);
    }
    child.on('exit', leave);
    // It could not be started, or a message could not be sent to one that is just dying.
    child.on('error', () => {
      if (child.pid === undefined) leave(null, null);
    });
    return {
      post(message) {
        if (child.connected) child.send(message, () => {});
      },
      onMessage: (listener) => void child.on('message', (message) => listener(message as FromAnalyser)),
      onExit(listener) {
        if (gone === null) exits.push(listener);
        else listener(gone);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
