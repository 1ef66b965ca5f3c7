/** Starts the analyser process from plain Node: the terminal, the web host, tests. */
import { forkChild } from '../child-process.ts';
import type { SpawnAnalyser } from './protocol.ts';

/** The bundle is one flat folder of scripts; from source the file itself is run. */
function processFile(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './analyser/process.ts' : './analyser-process.js',
    import.meta.url,
  );
}

/** @param file what to run instead of the analyser's own entry, for tests. */
export function createForkAnalyser(file: URL = processFile()): SpawnAnalyser {
  return () => forkChild(file);
}
