/**
 * `npm start -- [FOLDER…] [--demo] [--once]`: the desktop app where a window can be opened, the same engine
 * in the terminal where not.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readStartOptions, whyNoWindow, type StartOptions } from './launch.ts';
import { repository } from './steps.ts';

/** A window that is gone sooner than this with an error never opened. */
const NEVER_OPENED_MS = 15_000;

/** Synthesises the demo library; its folder and the library's data live in one temporary folder. */
async function prepareDemo(): Promise<{ readonly folder: string; remove(): void }> {
  const { writeDemoLibrary } = await import('./demo/library.ts');
  const place = mkdtempSync(path.join(tmpdir(), 'cratewise-demo-'));
  const folder = path.join(place, 'Demo Music');
  // Keeps the demo apart from the user's own library.
  process.env['CRATEWISE_DATA'] = path.join(place, 'data');
  const interactive = process.stderr.isTTY;
  process.stderr.write('Synthesising the demo library …\n');
  const tracks = await writeDemoLibrary(folder, {
    onWritten: (written, total) => {
      if (interactive) process.stderr.write(`\r${written} of ${total} pieces`);
    },
  });
  process.stderr.write(`${interactive ? '\r' : ''}${tracks.length} pieces in ${folder}\n`);
  return { folder, remove: () => rmSync(place, { recursive: true, force: true }) };
}

async function build(): Promise<void> {
  // Vite is loaded only where it is wanted.
  const { ensureBuilt } = await import('./build-app.ts');
  await ensureBuilt();
}

/** Opens the window and waits until it is closed. Returns why it never opened, or null. */
async function openWindow(folders: readonly string[]): Promise<string | null> {
  await build();
  const { resolveElectron } = await import('./electron-runtime/resolve.ts');
  const { executable } = await resolveElectron();
  const started = performance.now();
  // Ctrl-C reaches Electron too; it closes properly, and then we go (and remove the demo).
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => {
    const child = spawn(executable, [repository, '--', ...folders], { stdio: 'inherit' });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      const failed = code !== 0 && performance.now() - started < NEVER_OPENED_MS;
      if (failed) resolve(`Electron ended at once (${signal ?? `exit code ${code ?? 'unknown'}`})`);
      else {
        process.exitCode = code ?? 1;
        resolve(null);
      }
    });
  });
}

async function start(options: StartOptions): Promise<void> {
  const demo = options.demo ? await prepareDemo() : null;
  if (demo !== null) process.on('exit', demo.remove);
  const folders = demo === null ? options.folders : [...options.folders, demo.folder];

  let reason = whyNoWindow(
    { platform: process.platform, isRoot: process.getuid?.() === 0, environment: process.env },
    options,
  );
  if (reason === null) {
    const failure = await openWindow(folders).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (failure === null) return;
    reason = `The window could not be opened: ${failure}.`;
  }
  process.stderr.write(`${reason} The same engine runs in the terminal.\n`);
  // The local web app that the terminal offers is the window's renderer.
  if (!options.once) {
    await build().catch((error: unknown) => {
      process.stderr.write(`The local web app could not be built: ${String(error)}\n`);
    });
  }
  const { runTerminal } = await import('../electron/cli/terminal.ts');
  await runTerminal({ folders, once: options.once });
}

try {
  // npm changes to the repository's folder and says where it was called from.
  await start(readStartOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd()));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
