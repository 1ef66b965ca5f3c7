/** Works out proposals for many tracks, in slices: 100,000 tracks take some seconds, and nothing else waits for them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { proposedFields } from '#shared/domain.ts';
import type {
  FieldExample,
  FieldPolicy,
  ProposedField,
  ProposeSummary,
  TagPolicy,
  TrackId,
} from '#shared/domain.ts';
import { readCurrentLabels, readCurrentTags } from '#engine/storage/analysis/scores.ts';
import {
  deleteProposal,
  freshen,
  putProposal,
  readProposalInputs,
  readSpellings,
} from '#engine/storage/library/tag-proposals.ts';
import type { ProposalInput } from '#engine/storage/library/tag-proposals.ts';
import type { Storage } from '#engine/storage/open.ts';
import { fieldSources } from './fields.ts';
import type { Labels } from './fields.ts';
import { proposeField } from './propose-field.ts';
import type { FieldProposal, NoProposal } from './propose-field.ts';
import { reconcile } from './reconcile.ts';
import { createTally, createWrittenName } from './spelling.ts';
import type { WrittenName } from './spelling.ts';

/** Tracks of one slice: some milliseconds with their writing. */
const TRACKS_A_SLICE = 100;
/** Tracks whose tags are counted at a time. */
const SPELLINGS_A_SLICE = 5000;

type Fields = Readonly<Record<ProposedField, FieldPolicy>>;

export interface ProposeOptions {
  readonly storage: Storage;
  readonly policy: TagPolicy;
  /** Instead of the policy's, where given. */
  readonly fields?: { readonly [Field in ProposedField]?: FieldPolicy | undefined } | undefined;
  /** Tracks that are away keep what is proposed for them; when false they are worked out, too. */
  readonly leaveAway: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly signal: AbortSignal;
}

type Counts = { -readonly [Key in keyof Omit<ProposeSummary, 'withoutProposal'>]: number } & {
  readonly withoutProposal: { -readonly [Key in keyof ProposeSummary['withoutProposal']]: number };
};

interface Plan {
  readonly options: ProposeOptions;
  readonly fields: Fields;
  readonly labels: Labels;
  readonly names: Readonly<Record<ProposedField, WrittenName>>;
  readonly withTags: boolean;
  readonly model: string | null;
  readonly counts: Counts;
}

/** Rejects with the signal's reason when it aborts; what was worked out until then stays. */
export async function propose(
  trackIds: readonly TrackId[],
  options: ProposeOptions,
): Promise<ProposeSummary> {
  const { storage } = options;
  const plan = await planOf(options);
  for (let start = 0; start < trackIds.length; start += TRACKS_A_SLICE) {
    options.signal.throwIfAborted();
    const slice = trackIds.slice(start, start + TRACKS_A_SLICE);
    storage.write(() => {
      for (const input of readProposalInputs(storage.database, slice, plan.withTags)) proposeFor(input, plan);
    });
    await nextTurn();
  }
  return plan.counts;
}

/** What would be proposed for one track, whatever was decided for it; nothing is stored. Null: it is not there. */
export async function exampleOf(
  trackId: TrackId,
  options: ProposeOptions,
): Promise<readonly FieldExample[] | null> {
  const plan = await planOf(options);
  const [input] = readProposalInputs(options.storage.database, [trackId], plan.withTags);
  if (input === undefined) return null;
  return proposedFields
    .filter((field) => plan.fields[field].mode !== 'off')
    .map((field) => {
      const fresh = workOut(input, field, plan);
      const old = JSON.parse(input.old[field]) as string[];
      return typeof fresh === 'string'
        ? { field, old, proposed: null, why: fresh }
        : { field, old, proposed: fresh.proposed, why: null };
    });
}

async function planOf(options: ProposeOptions): Promise<Plan> {
  const { storage, policy } = options;
  const fields: Fields = { ...policy.fields, ...withoutGaps(options.fields) };
  const active = proposedFields.filter((field) => fields[field].mode !== 'off');
  return {
    options,
    fields,
    labels: {
      genres: readCurrentLabels(storage.database),
      moods: readCurrentTags(storage.database).filter(({ id }) => id.startsWith('mood/')),
    },
    names: await readNames(options, active),
    withTags: active.some((field) => fieldSources[field].needsTags(policy)),
    model: readModelVersion(storage),
    counts: {
      tracks: 0,
      proposals: 0,
      unchanged: 0,
      withdrawn: 0,
      withoutProposal: { missing: 0, offline: 0, notAnalysed: 0, unknown: 0, nothingToDo: 0 },
    },
  };
}

function withoutGaps(fields: ProposeOptions['fields'] = {}): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, policy]) => policy !== undefined));
}

function readModelVersion({ database }: Storage): string | null {
  const sql = 'SELECT version FROM analysis.models WHERE id = (SELECT id FROM temp.current_model)';
  return (database.prepare(sql).pluck().get() as string | undefined) ?? null;
}

/** How each field's names are written: counted over the whole library, in slices. */
async function readNames(
  { storage, policy, signal }: ProposeOptions,
  active: readonly ProposedField[],
): Promise<Readonly<Record<ProposedField, WrittenName>>> {
  const names: Partial<Record<ProposedField, WrittenName>> = {};
  for (const field of proposedFields) {
    const tally = createTally();
    let after = active.includes(field) ? 0 : null;
    while (after !== null) {
      signal.throwIfAborted();
      const { last, values } = readSpellings(storage.database, field, after, SPELLINGS_A_SLICE);
      for (const { value, count } of values) tally.add(value, count);
      after = last;
      await nextTurn();
    }
    names[field] = createWrittenName(policy.names, tally);
  }
  return names as Readonly<Record<ProposedField, WrittenName>>;
}

/** Call it inside a transaction. */
function proposeFor(input: ProposalInput, plan: Plan): void {
  const { options, counts } = plan;
  counts.tracks += 1;
  if (options.leaveAway && input.state !== 'present') {
    counts.withoutProposal[input.state] += 1;
    return;
  }
  const reasons = new Set<NoProposal>();
  let hasProposal = false;
  for (const field of proposedFields) {
    const fresh = workOut(input, field, plan);
    if (typeof fresh === 'string') reasons.add(fresh);
    else hasProposal = true;
    store(input, field, typeof fresh === 'string' ? null : fresh, plan);
  }
  if (hasProposal) return;
  if (!isKnown(input)) counts.withoutProposal.notAnalysed += 1;
  else if (reasons.has('unknown')) counts.withoutProposal.unknown += 1;
  else counts.withoutProposal.nothingToDo += 1;
}

/** The model has heard it, or the user had a word on it. */
function isKnown({ heard, genres }: ProposalInput): boolean {
  return heard || genres.length > 0;
}

function workOut(
  input: ProposalInput,
  field: ProposedField,
  { fields, labels, names, options }: Plan,
): FieldProposal | NoProposal {
  const policy = fields[field];
  if (policy.mode === 'off') return 'nothing-to-do';
  const candidates = fieldSources[field].candidates(input, labels, options.policy);
  return proposeField(policy, JSON.parse(input.old[field]) as string[], candidates, names[field]);
}

function store(
  { trackId, old, proposals }: ProposalInput,
  field: ProposedField,
  fresh: FieldProposal | null,
  { options, counts, model }: Plan,
): void {
  const { database } = options.storage;
  const existing = proposals.find((proposal) => proposal.field === field);
  const result = reconcile(existing, old[field], fresh);
  switch (result.kind) {
    case 'none':
      return;
    case 'keep':
      if (existing?.stale === 1) freshen(database, result.id);
      counts.unchanged += 1;
      return;
    case 'remove':
      deleteProposal(database, result.id);
      counts.withdrawn += 1;
      return;
    case 'put':
      putProposal(database, { trackId, field, ...result.row }, model, options.at);
      if (result.isNews) counts.proposals += 1;
      else counts.unchanged += 1;
  }
}
