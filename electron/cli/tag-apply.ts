/** `cratewise tag apply --yes [--above P]` */
import { Option } from 'commander';
import type { Command } from 'commander';
import { proposedFields } from '#shared/domain.ts';
import type { Input } from '#shared/contract.ts';
import type { ProposedField, TagBatch } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { confidence } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { interrupt } from './interrupt.ts';
import { counted, note, printList, printResult } from './output.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';
import { batchText, proposalLine, proposalValue, reviewed } from './tag-lists.ts';
import type { ReviewedProposal } from './tag-lists.ts';

interface ApplyOptions extends GlobalOptions {
  readonly above?: number;
  readonly field?: ProposedField;
  readonly yes?: true;
  readonly strict?: true;
}

/** Events tell at once; this is for what no event tells. */
const LOOK_MS = 1000;
/** Rows of one request. */
const PAGE = 1000;

export function addApplyCommand(tag: Command, ends: (code: ExitCode) => void): void {
  tag
    .command('apply')
    .description('write what is accepted into the files; without --yes, only list it')
    .argument('[query]', 'only tracks that this search finds')
    .option('--above <c>', 'accept what is at least as sure as this first', confidence)
    .addOption(new Option('--field <field>', 'only this field').choices(proposedFields))
    .option('--strict', 'end with 3 when some files could not be written')
    .option('--yes', 'really write')
    .action(async (query: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ApplyOptions>();
      if (options.yes !== true) {
        await showWhatWouldBeWritten(query, options);
        return;
      }
      const batch = await withLibrary(options, (session) => apply(session, query, options));
      if (batch === null) {
        await printResult(options, null, () => 'There is nothing to write: no proposal is accepted.');
        return;
      }
      await printResult(options, batch, () => batchText(batch));
      if (options.strict === true && batch.failed > 0) ends(exitCodes.filesFailed);
    });
}

async function showWhatWouldBeWritten(text: string | undefined, options: ApplyOptions): Promise<void> {
  const { field, above } = options;
  const filter = { ...(text === undefined ? {} : { query: { text } }), field };
  const files = new Set<number>();
  await withLibrary(options, async (session) => {
    async function* rows(): AsyncGenerator<ReviewedProposal> {
      yield* reviewed(session, { ...filter, state: 'accepted' });
      if (above !== undefined)
        yield* reviewed(session, { ...filter, state: 'open', minimumConfidence: above });
    }
    async function* counting(): AsyncGenerator<ReviewedProposal> {
      for await (const row of rows()) {
        files.add(row.track.id);
        yield row;
      }
    }
    const fields = await printList(options, counting(), proposalValue, proposalLine);
    note(
      options,
      fields === 0
        ? 'Nothing would be written. Accept proposals first, or say --above 0.8.'
        : `${counted(fields, 'field')} of ${counted(files.size, 'file')} would be written. Nothing was: add --yes for that.`,
    );
  });
}

/** Null: there was nothing to write. Resolves when the batch is done, or waits for a player. */
async function apply(
  session: Session,
  text: string | undefined,
  { field, above: minimumConfidence, quiet }: ApplyOptions,
): Promise<TagBatch | null> {
  const batch = await begin(session, {
    ...(text === undefined ? {} : { query: { text } }),
    field,
    minimumConfidence,
  });
  if (batch === null) return null;
  const progress = createProgress(quiet === true);
  try {
    return await follow(session, batch, progress);
  } catch (error) {
    // The one who does the work may be another process, which goes on without us.
    if (interrupt().signal.aborted) await session.client.request('tags.cancel', {}).catch(() => null);
    throw error;
  } finally {
    progress.stop();
  }
}

async function begin(session: Session, input: Input<'tags.apply'>): Promise<TagBatch | null> {
  try {
    return await session.request('tags.apply', input);
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null;
    throw error;
  }
}

async function follow(session: Session, { id }: TagBatch, progress: Progress): Promise<TagBatch> {
  let wake = (): void => {};
  const stop = session.client.subscribe('tags.progress', (state) => {
    if (state.batchId !== id) return;
    const { done, failed, files: total, secondsLeft } = state;
    progress.update({ phase: 'Writing', done: done + failed, total, tracksPerMinute: null, secondsLeft });
    if (state.finished) wake();
  });
  try {
    let ended = -1;
    for (;;) {
      const batch = await findBatch(session, id);
      if (batch.state !== 'running') return batch;
      // Nothing has come to an end since the last look: perhaps the rest plays.
      if (batch.written + batch.failed === ended && !(await hasPlanned(session, id))) {
        progress.say('What is left is playing; it is written when the player lets go of it.');
        return batch;
      }
      ended = batch.written + batch.failed;
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, LOOK_MS);
      });
      interrupt().signal.throwIfAborted();
    }
  } finally {
    stop();
  }
}

async function findBatch(session: Session, id: number): Promise<TagBatch> {
  for (let offset = 0; ; offset += PAGE) {
    const { total, batches } = await session.request('tags.batches', { offset, limit: PAGE });
    const found = batches.find((batch) => batch.id === id);
    if (found !== undefined) return found;
    if (offset + PAGE >= total)
      throw new AppError('not-found', `The batch ${id} is no longer in the journal.`);
  }
}

async function hasPlanned(session: Session, batchId: number): Promise<boolean> {
  for (let offset = 0; ; offset += PAGE) {
    const { total, writes } = await session.request('tags.writes', { batchId, offset, limit: PAGE });
    if (writes.some(({ state }) => state === 'planned')) return true;
    if (offset + PAGE >= total) return false;
  }
}
