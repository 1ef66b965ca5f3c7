/** `npm run build`: the window (Vite) and what Electron runs (Rolldown) into dist/. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { bundleElectron, type BuildMode } from './bundle.ts';
import { currentFingerprint, isBuilt, markBuilt } from './fresh.ts';

/** Builds everything that the desktop app and the local web app need. */
export async function buildApp(mode: BuildMode): Promise<void> {
  await Promise.all([
    bundleElectron({ mode }),
    build({
      configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
      mode,
      logLevel: 'warn',
      build: { sourcemap: mode === 'development' },
    }),
  ]);
}

/** For everything that uses the app as it is now: builds it where dist/ is of other sources. */
export async function ensureBuilt(): Promise<void> {
  if (isBuilt()) return;
  process.stderr.write('Building the app …\n');
  const from = currentFingerprint();
  await buildApp('production');
  markBuilt(from);
}

if (import.meta.main) await buildApp(process.argv.includes('--development') ? 'development' : 'production');
