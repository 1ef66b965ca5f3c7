/** A child process as its parent sees it, whatever forked it; and how plain Node forks one. */
import { fork } from 'node:child_process';

export interface ChildProcess<Sent, Received> {
  post(message: Sent): void;
  onMessage(listener: (message: Received) => void): void;
  /** Called once, when the process is gone for whatever reason. */
  onExit(listener: (exit: { readonly code: number | null; readonly signal: string | null }) => void): void;
  kill(): void;
}

/** Starts a script of ours from plain Node: the terminal, the web host, tests. */
export function forkChild<Sent, Received>(file: URL): ChildProcess<Sent, Received> {
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
      if (child.connected) child.send(message as object, () => {});
    },
    onMessage: (listener) => void child.on('message', (message) => listener(message as Received)),
    onExit(listener) {
      if (gone === null) exits.push(listener);
      else listener(gone);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
