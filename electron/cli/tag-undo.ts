/** `cratewise tag undo --yes (--all | --batch N | TRACK…)` */
import type { Command } from 'commander';
import type { Input } from '#shared/contract.ts';
import { wholeNumber } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { note, printResult } from './output.ts';
import { findTrack, readReferences } from './references.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';
import { undoText } from './tag-lists.ts';

interface UndoOptions extends GlobalOptions {
  readonly all?: true;
  readonly batch?: number;
  readonly yes?: true;
}

export function addUndoCommand(tag: Command): void {
  tag
    .command('undo')
    .description(
      'put tags back as they were before Cratewise wrote them; without --yes, only say what would be',
    )
    .argument('[tracks...]', 'paths or ids; - reads one a line from stdin')
    .option('--all', 'everything that was ever written')
    .option(
      '--batch <n>',
      'one batch; “cratewise tag history” lists them',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--yes', 'really put them back')
    .action(async (tracks: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<UndoOptions>();
      const named = [options.all === true, options.batch !== undefined, tracks.length > 0];
      if (named.filter(Boolean).length !== 1) {
        command.error('error: say what to undo: --all, --batch N, or tracks (one of these)');
      }
      await undo(tracks, options);
    });
}

async function undo(tracks: readonly string[], options: UndoOptions): Promise<void> {
  const references = await readReferences(tracks);
  const isDone = options.yes === true;
  const summary = await withLibrary(options, async (session) => {
    const what = await selectionOf(session, references, options);
    return await session.request('tags.undo', { what, dryRun: !isDone });
  });
  await printResult(options, summary, () => undoText(summary, isDone));
  if (!isDone) note(options, 'Nothing was changed: add --yes for that.');
}

async function selectionOf(
  session: Session,
  references: readonly string[],
  { all, batch }: UndoOptions,
): Promise<Input<'tags.undo'>['what']> {
  if (all === true) return { all: true };
  if (batch !== undefined) return { batchId: batch };
  const trackIds: number[] = [];
  for (const reference of references) trackIds.push((await findTrack(session, reference)).id);
  return { trackIds };
}
