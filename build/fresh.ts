/** Is what `npm run build` made still what the sources say? */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './steps.ts';

/** What the app is made of, relative to the repository. */
const sources = ['electron', 'renderer', 'package-lock.json', 'build/bundle.ts', 'build/vite.config.ts'];

/** Names, sizes and times of all sources as one text: when it changes, build again. */
export function fingerprint(root: string, places: readonly string[]): string {
  const lines: string[] = [];
  const visit = (file: string): void => {
    const status = statSync(file);
    if (status.isDirectory()) for (const name of readdirSync(file).sort()) visit(path.join(file, name));
    else if (!file.endsWith('.test.ts')) lines.push(`${file} ${status.size} ${status.mtimeMs}`);
  };
  for (const place of places) visit(path.join(root, place));
  return lines.join('\n');
}

const stampFile = path.join(repository, 'dist', 'built-from.txt');

/** True when dist/ holds a build of exactly these sources. */
export function isBuilt(): boolean {
  try {
    return readFileSync(stampFile, 'utf8') === fingerprint(repository, sources);
  } catch {
    return false;
  }
}

/** Call it after a build; `before` is the fingerprint that was taken when the build began. */
export function markBuilt(before: string): void {
  writeFileSync(stampFile, before);
}

/** To be taken before a build: a file saved while it runs then counts as newer. */
export function currentFingerprint(): string {
  return fingerprint(repository, sources);
}
