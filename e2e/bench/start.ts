/**
 * How long the app takes from its start to its first rows: started as a user starts it, without Playwright, which holds
 * an app back until it is connected. The page is asked through Chromium's debugging port.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ResolvedElectron } from '#build/electron-runtime/resolve.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const GIVE_UP_MS = 90_000;
const LOOK_AGAIN_MS = 20;

/** Runs in the page: resolves in the frame that shows the first row, with the time. */
const rowsShown = `new Promise((resolve) => {
  const look = () => {
    if (document.querySelector('main [role="grid"] [data-index="0"]:not([aria-busy])') === null)
      requestAnimationFrame(look);
    else requestAnimationFrame(() => resolve(Date.now()));
  };
  look();
})`;

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
  readonly error?: unknown;
}

/** Milliseconds from the start of the process to the first rows on screen. Ends the app again. */
export async function timeStart(electron: ResolvedElectron, dataDir: string): Promise<number> {
  // Electron refuses its sandbox to root, which containers run as; the product never asks for this.
  const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const startedAt = Date.now();
  const child = spawn(electron.executable, [...switches, '--remote-debugging-port=0', root], {
    cwd: root,
    env: { ...process.env, CRATEWISE_DATA: dataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    const until = startedAt + GIVE_UP_MS;
    while (Date.now() < until && child.exitCode === null) {
      const shownAt = await firstRows(output);
      if (shownAt !== null) return shownAt - startedAt;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    throw new Error(`The app showed no rows:\n${output}`);
  } finally {
    child.kill('SIGTERM'); // quits as at the end of a session
    await gone;
  }
}

/** Null while there is no page to ask, or when it was replaced meanwhile. */
async function firstRows(output: string): Promise<number | null> {
  const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(output)?.[1];
  if (port === undefined) return null;
  const targets = (await fetch(`http://127.0.0.1:${port}/json/list`)
    .then((answer) => answer.json())
    .catch(() => [])) as readonly { type: string; url: string; webSocketDebuggerUrl: string }[];
  const page = targets.find(({ type, url }) => type === 'page' && url.startsWith('app:'));
  if (page === undefined) return null;
  return new Promise((resolve) => {
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    const params = { expression: rowsShown, awaitPromise: true, returnByValue: true };
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    socket.onmessage = ({ data }) => {
      const { result } = JSON.parse(String(data)) as Reply;
      socket.close();
      resolve(typeof result?.result?.value === 'number' ? result.result.value : null);
    };
    socket.onclose = () => resolve(null);
  });
}
