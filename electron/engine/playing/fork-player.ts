/** Starts the player's decoder process from plain Node: the terminal, the web host, tests. */
import { forkChild } from '../child-process.ts';
import type { SpawnPlayer } from './protocol.ts';

/** The bundle is one flat folder of scripts; from source the file itself is run. */
function processFile(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './player/process.ts' : './player-process.js',
    import.meta.url,
  );
}

/** @param file what to run instead of the player's own entry, for tests. */
export function createForkPlayer(file: URL = processFile()): SpawnPlayer {
  return () => forkChild(file);
}
