/** `cratewise similar TRACK [--limit N]` */
import type { Command } from 'commander';
import { defaultFields, pick } from './fields.ts';
import type { GlobalOptions } from './global-options.ts';
import { wholeNumber } from './global-options.ts';
import { lineOf } from './list.ts';
import { printList } from './output.ts';
import { findTrack } from './references.ts';
import { withLibrary } from './session.ts';

interface SimilarOptions extends GlobalOptions {
  readonly limit: number;
}

const DEFAULT_LIMIT = 20;

export function addSimilarCommand(program: Command): void {
  program
    .command('similar')
    .description('tracks that sound like this one, the most similar first, with score and reason')
    .argument('<track>', 'path or id')
    .option('--limit <n>', 'how many', wholeNumber(1, 5000), DEFAULT_LIMIT)
    .action(async (reference: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SimilarOptions>();
      const found = await withLibrary(options, async (session) => {
        const { id } = await findTrack(session, reference);
        return await session.request('similar.find', { trackId: id, limit: options.limit });
      });
      await printList(
        options,
        found,
        ({ track, score, reason, duplicates }) => ({
          score,
          ...pick(track, null, defaultFields),
          reason,
          duplicates,
        }),
        ({ track, score, reason }) => `${score.toFixed(3)}  ${lineOf(track)}\n       ${reason}`,
      );
    });
}
