/** Stage 2: decoding and log-mel by the app's own code, cut into windows of 29 s, one byte a value. */
import { Worker } from 'node:worker_threads';
import { readCorpus, type CorpusTrack } from './corpus.ts';
import { featuredTracks } from './feature-store.ts';
import type { FeatureReply, FeatureRequest } from './features.worker.ts';
import { progress, runStage, type Options } from './workspace.ts';

const threads = 2;

/** How many windows a track gives at most, and how far apart they start (s). Rare music gives more of itself. */
export function windowPlan(set: string): { readonly most: number; readonly apartSeconds: number } {
  if (set === 'debian' || set === 'folder') return { most: 8, apartSeconds: 29 };
  if (set === 'synthesised' || set.startsWith('gtzan')) return { most: 1, apartSeconds: 29 };
  return { most: 16, apartSeconds: 14.5 };
}

async function main(options: Options): Promise<void> {
  const { tracks } = await readCorpus(options.cache);
  const done = await featuredTracks(options.cache);
  const waiting = tracks.filter(({ id }) => !done.has(id)).sort(byRarity);
  const report = progress('features', waiting.length);
  let next = 0;
  let finished = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('features.worker.ts', import.meta.url));
      const give = () => {
        const track = waiting[next++];
        if (track) {
          const { most, apartSeconds } = windowPlan(track.set);
          worker.postMessage({
            cache: options.cache,
            id: track.id,
            path: track.path,
            most,
            apartSeconds,
          } satisfies FeatureRequest);
        } else worker.postMessage(null);
      };
      worker.on('message', (reply: FeatureReply) => {
        finished++;
        if (reply.refused !== null) process.stdout.write(`left out ${reply.path}: ${reply.refused}\n`);
        report(finished);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
      give();
    });
  await Promise.all(Array.from({ length: threads }, work));
}

/** Evaluation and labelled sets first: what the next stages want soonest. */
function byRarity(left: CorpusTrack, right: CorpusTrack): number {
  const rank = ({ set }: CorpusTrack) => (set === 'debian' ? 1 : set === 'synthesised' ? 2 : 0);
  return rank(left) - rank(right);
}

if (import.meta.main) await runStage(main);
