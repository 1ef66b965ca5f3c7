/** What Electron runs: electron/** bundled into a flat dist/electron, packages left outside. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type InputOptions, type OutputOptions } from 'rolldown';

export type BuildMode = 'development' | 'production';

const at = (place: string): string => fileURLToPath(new URL(place, import.meta.url));
const output = at('../dist/electron');

/**
 * File in dist/electron, without its ending → where it begins. Each is started by its path: main, the
 * processes, their threads. Code that starts one looks for these names when it does not run from source.
 */
const entries: Readonly<Record<string, string>> = {
  main: at('../electron/main/main.ts'),
  'engine-process': at('../electron/main/engine-process.ts'),
  'analyser-process': at('../electron/engine/analysis/analyser/process.ts'),
  'player-process': at('../electron/engine/playing/player/process.ts'),
  'analysis-worker': at('../electron/engine/analysis/analyser/analysis.worker.ts'),
  'copy-worker': at('../electron/engine/storage/copy.worker.ts'),
  'watch-worker': at('../electron/engine/library/watch.worker.ts'),
};

/** Databases whose migrations are read as files. */
const migrations = ['library', 'analysis'] as const;

/** Packages stay where npm put them (natives, wasm files); only what is ours is bundled. */
function isPackage(id: string): boolean {
  return !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('#') && !/^[A-Za-z]:[\\/]/.test(id);
}

/** Bundles main, its processes and threads, and the preload script; copies the migrations. */
export async function bundleElectron(options: { readonly mode: BuildMode }): Promise<void> {
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const common: InputOptions & { readonly write: true } = {
    platform: 'node',
    external: isPackage,
    logLevel: 'warn',
    write: true,
  };
  const written: OutputOptions = {
    dir: output,
    sourcemap: options.mode === 'development',
    // Names in stack traces are worth more than kilobytes on a disk.
    minify: false,
    cleanDir: false,
  };
  await build({
    ...common,
    input: entries,
    output: { ...written, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
  });
  // A sandboxed preload script is CommonJS in one file.
  await build({
    ...common,
    input: at('../electron/preload/preload.ts'),
    output: { ...written, format: 'cjs', entryFileNames: 'preload.cjs' },
  });
  for (const database of migrations) {
    await cp(at(`../electron/engine/storage/${database}/migrations`), `${output}/migrations/${database}`, {
      recursive: true,
    });
  }
}
