/** The app for measuring: started as a user starts it, looked at through Chromium's debugging port. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import type { ResolvedElectron } from '#build/electron-runtime/resolve.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PORT_TIMEOUT_MS = 60_000;

export interface MeasuredApp {
  readonly page: Page;
  readonly session: CDPSession;
  /** When the process was started, ms since 1970. */
  readonly startedAt: number;
  /** What the page would ask the engine. */
  ask<Result>(name: string, input?: unknown): Promise<Result>;
  quit(): Promise<void>;
}

let nextRequest = 700_000;

/** @param folders of music to add */
export async function startApp(
  electron: ResolvedElectron,
  dataDir: string,
  folders: readonly string[] = [],
): Promise<MeasuredApp> {
  // Electron refuses its sandbox to root, which containers run as; the product never asks for this.
  const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const startedAt = Date.now();
  const child = spawn(
    electron.executable,
    [
      ...switches,
      '--remote-debugging-port=0',
      '--autoplay-policy=no-user-gesture-required',
      root,
      ...folders,
    ],
    { cwd: root, env: { ...process.env, CRATEWISE_DATA: dataDir }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    const impatience = setTimeout(
      () => reject(new Error(`The app did not start:\n${output}`)),
      PORT_TIMEOUT_MS,
    );
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(impatience);
      resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`The app ended with ${code ?? 'a signal'}:\n${output}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('The app has no window.');
  const page = context.pages()[0] ?? (await context.waitForEvent('page'));
  const session = await context.newCDPSession(page);
  return {
    page,
    session,
    startedAt,
    async ask<Result>(name: string, input: unknown = {}) {
      const reply = await page.evaluate(
        ([id, wanted, payload]) => window.cratewise.request(id as number, wanted as string, payload),
        [nextRequest++, name, input],
      );
      if (!reply.ok) throw new Error(`${name}: ${reply.error.code} ${reply.error.detail}`);
      return reply.value as Result;
    },
    async quit() {
      await page.close(); // the last window: the app quits
      await browser.close();
      await gone;
    },
  };
}
