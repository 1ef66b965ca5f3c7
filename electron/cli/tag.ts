/** `cratewise tag propose/review/apply/undo/history`: nothing is written into files without `--yes`. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { fieldModes, proposalStates, proposedFields } from '#shared/domain.ts';
import type { FieldMode, ProposalState, ProposedField, TagPolicy } from '#shared/domain.ts';
import type { ExitCode } from './exit-codes.ts';
import { confidence, wholeNumber } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { counted, note, printList, printResult } from './output.ts';
import { withLibrary } from './session.ts';
import { addApplyCommand } from './tag-apply.ts';
import { addHistoryCommand } from './tag-history.ts';
import { proposalLine, proposalValue, proposeText, reviewed } from './tag-lists.ts';
import type { ReviewedProposal } from './tag-lists.ts';
import { addUndoCommand } from './tag-undo.ts';

interface ProposeOptions extends GlobalOptions {
  readonly field?: ProposedField;
  readonly mode?: FieldMode;
  readonly minConfidence?: number;
  readonly most?: number;
  readonly save?: true;
}
interface ReviewOptions extends GlobalOptions {
  readonly state: ProposalState;
  readonly field?: ProposedField;
  readonly above?: number;
  readonly accept?: true;
  readonly reject?: true;
  readonly reopen?: true;
  readonly yes?: true;
}

export function addTagCommand(program: Command, ends: (code: ExitCode) => void): void {
  const tag = program
    .command('tag')
    .description('propose tags, review them, write them into the files, and go back');
  addProposeCommand(tag);
  addReviewCommand(tag);
  addApplyCommand(tag, ends);
  addUndoCommand(tag);
  addHistoryCommand(tag);
}

function addProposeCommand(tag: Command): void {
  tag
    .command('propose')
    .description(
      'work out what could be written: for all tracks, or those that a query finds; files stay as they are',
    )
    .argument('[query]', 'as in the search box, for example: is:untagged')
    .addOption(
      new Option('--field <field>', 'the field that the following options are about')
        .choices(proposedFields)
        .default('genre'),
    )
    .addOption(
      new Option('--mode <mode>', 'fill only what is empty, append to it, or replace it').choices(fieldModes),
    )
    .option('--min-confidence <c>', 'propose nothing less sure than this', confidence)
    .option('--most <n>', 'how many values at most', wholeNumber(1, 10))
    .option('--save', 'keep these options for the next time, and for the app')
    .action(async (query: string | undefined, _options: unknown, command: Command) => {
      await propose(query, command.optsWithGlobals<ProposeOptions>());
    });
}

async function propose(text: string | undefined, options: ProposeOptions): Promise<void> {
  const summary = await withLibrary(options, async (session) => {
    const fields = changedFields(await session.request('tags.policy', {}), options);
    if (options.save === true) await session.request('tags.setPolicy', { fields });
    return await session.request('tags.propose', {
      fields,
      ...(text === undefined ? {} : { query: { text } }),
    });
  });
  await printResult(options, summary, () => proposeText(summary));
}

/** The policy with what the options say. A field that is named although it is off is filled where it is empty. */
function changedFields({ fields }: TagPolicy, options: ProposeOptions): TagPolicy['fields'] {
  const { field = 'genre' } = options;
  const old = fields[field];
  return {
    ...fields,
    [field]: {
      mode: options.mode ?? (old.mode === 'off' ? 'empty' : old.mode),
      minimumConfidence: options.minConfidence ?? old.minimumConfidence,
      most: options.most ?? old.most,
    },
  };
}

function addReviewCommand(tag: Command): void {
  tag
    .command('review')
    .description('list what is proposed; with --accept or --reject and --yes, decide on all of the list')
    .argument('[query]', 'only tracks that this search finds')
    .addOption(
      new Option('--state <state>', 'which proposals to list').choices(proposalStates).default('open'),
    )
    .addOption(new Option('--field <field>', 'only this field').choices(proposedFields))
    .option('--above <c>', 'only those at least as sure as this', confidence)
    .addOption(new Option('--accept', 'accept them').conflicts(['reject', 'reopen']))
    .addOption(new Option('--reject', 'reject them').conflicts(['accept', 'reopen']))
    .addOption(new Option('--reopen', 'take the decision back').conflicts(['accept', 'reject']))
    .option('--yes', 'really decide; without it, only show what would be decided')
    .action(async (query: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ReviewOptions>();
      if (options.state === 'written' && decisionOf(options) !== null) {
        command.error(
          'error: what is written can no longer be decided on; “cratewise tag undo” takes it back',
        );
      }
      await review(query, options);
    });
}

function decisionOf({ accept, reject, reopen }: ReviewOptions): 'accept' | 'reject' | 'open' | null {
  if (accept === true) return 'accept';
  if (reject === true) return 'reject';
  return reopen === true ? 'open' : null;
}

async function review(text: string | undefined, options: ReviewOptions): Promise<void> {
  const { state, field, above: minimumConfidence } = options;
  const filter = { ...(text === undefined ? {} : { query: { text } }), field, minimumConfidence };
  const decision = decisionOf(options);
  await withLibrary(options, async (session) => {
    if (decision !== null && options.yes === true && state !== 'written') {
      const done = await session.request('tags.decideAll', { ...filter, state, decision, dryRun: false });
      const { proposals, tracks } = done;
      await printResult(
        options,
        { proposals, tracks },
        () => `${counted(proposals, 'proposal')} of ${counted(tracks, 'track')} decided.`,
      );
      return;
    }
    const rows = reviewed(session, { ...filter, state });
    const count = await printList<ReviewedProposal>(options, rows, proposalValue, proposalLine);
    if (decision !== null)
      note(options, `${counted(count, 'proposal')}. Nothing was decided: add --yes for that.`);
    else if (count === 0) note(options, 'Nothing is proposed. “cratewise tag propose” works proposals out.');
  });
}
