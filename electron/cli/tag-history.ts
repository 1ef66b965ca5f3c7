/** `cratewise tag history`: what was written, and taken back. */
import { Option } from 'commander';
import type { Command } from 'commander';
import type { TagBatch, TagWrite } from '#shared/domain.ts';
import { wholeNumber } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { isPipeGone, note, printList } from './output.ts';
import { findTrack } from './references.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';
import { batchText, writeText } from './tag-lists.ts';

interface HistoryOptions extends GlobalOptions {
  readonly batch?: number;
}

/** Rows of one request. */
const PAGE = 1000;

export function addHistoryCommand(tag: Command): void {
  tag
    .command('history')
    .description('what was written: all batches, or every field of one batch or track')
    .argument('[track]', 'path or id')
    .addOption(
      new Option('--batch <n>', 'the fields of this batch').argParser(
        wholeNumber(1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .action(async (track: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<HistoryOptions>();
      if (track !== undefined && options.batch !== undefined) {
        command.error('error: say a track or --batch, not both');
      }
      await history(track, options);
    });
}

async function history(track: string | undefined, options: HistoryOptions): Promise<void> {
  await withLibrary(options, async (session) => {
    const { batch: batchId } = options;
    let count: number;
    if (track !== undefined) {
      const { id: trackId } = await findTrack(session, track);
      count = await printList(options, writes(session, { trackId }), (write) => write, writeText);
    } else if (batchId !== undefined) {
      count = await printList(options, writes(session, { batchId }), (write) => write, writeText);
    } else {
      count = await printList(options, batches(session), (batch) => batch, batchText);
    }
    if (count === 0) note(options, 'Nothing was written yet.');
  });
}

async function* batches(session: Session): AsyncGenerator<TagBatch> {
  for (let offset = 0; ; offset += PAGE) {
    const page = await session.request('tags.batches', { offset, limit: PAGE });
    yield* page.batches;
    if (offset + PAGE >= page.total || isPipeGone()) return;
  }
}

async function* writes(
  session: Session,
  of: { readonly batchId: number } | { readonly trackId: number },
): AsyncGenerator<TagWrite> {
  for (let offset = 0; ; offset += PAGE) {
    const page = await session.request('tags.writes', { ...of, offset, limit: PAGE });
    yield* page.writes;
    if (offset + PAGE >= page.total || isPipeGone()) return;
  }
}
