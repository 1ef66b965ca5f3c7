/** Unit tests: one project for what runs in Node, one for the renderer in a simulated browser; three for what wants more set up. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Tests of the optional accelerator: they need `npm run setup:tensorflow` and run by themselves. */
const parity = '**/*.parity.test.ts';
/** Tests that train: they need `npm run setup:tensorflow -- --training`, take a minute or two, and run by themselves. */
const training = '**/*.training.test.ts';
/** Tests of tagging with other programs: they need `npm run setup:system -- tagging` and `npm run setup:tag-samples`. */
const tagging = '**/*.tagging.test.ts';

export default defineConfig({
  root,
  test: {
    // The machines that matter (CI, a laptop beside other work) have two cores.
    maxWorkers: 2,
    projects: [
      {
        root,
        test: {
          name: 'node',
          environment: 'node',
          // Natives (SQLite, libav) and forked analysers: a process each, so that one that dies takes only its file along.
          pool: 'forks',
          include: ['electron/**/*.test.ts', 'build/**/*.test.ts'],
          exclude: ['**/node_modules/**', parity, training, tagging],
          // Whole engines with analysers run in some: long for a busy machine, short for one that hangs.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          name: 'parity',
          environment: 'node',
          pool: 'forks',
          include: [`electron/${parity}`, `build/${parity}`],
          exclude: ['**/node_modules/**'],
          testTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          name: 'training',
          environment: 'node',
          pool: 'forks',
          include: [`build/${training}`],
          exclude: ['**/node_modules/**'],
          testTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          name: 'tagging',
          environment: 'node',
          pool: 'forks',
          include: [`electron/${tagging}`],
          exclude: ['**/node_modules/**'],
          testTimeout: 120_000,
        },
      },
      {
        root,
        plugins: [svelte({ configFile: false })],
        // Without this, runes files load Svelte's server build and effects never run.
        resolve: { conditions: ['browser'] },
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['renderer/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
        },
      },
    ],
  },
});
