/** Pieces that the requests of every area are made of. */
import * as v from 'valibot';
import { browseColumns } from '../domain/finding.ts';
import type { BrowsePicks } from '../domain/finding.ts';
import { ruleLimits, ruleOperators } from '../domain/lists.ts';
import type { RuleGroup, SmartRules } from '../domain/lists.ts';
import { sortFields } from '../domain.ts';
import { fieldNames } from '../search/fields.ts';

export interface RequestDefinition<Schema extends v.GenericSchema, Result> {
  readonly input: Schema;
  /** Only a type: never set. */
  readonly result?: Result;
}

export function returns<Result>() {
  return <Schema extends v.GenericSchema>(input: Schema): RequestDefinition<Schema, Result> => ({ input });
}

export const nothing = v.strictObject({});
export const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const confidence = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500));
export const filePath = v.pipe(v.string(), v.minLength(1), v.maxLength(8192));
/** Bounded: one message stays small enough for every transport. */
export const trackIds = v.pipe(v.array(id), v.maxLength(200_000));
export const limit = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(5000));
/** A text as long as the search box takes. */
export const searchText = v.pipe(v.string(), v.maxLength(2000));

export const sort = v.pipe(
  v.array(v.strictObject({ field: v.picklist(sortFields), descending: v.optional(v.boolean()) })),
  v.maxLength(5),
);

const ruleValue = v.pipe(v.string(), v.maxLength(500));
const condition = v.strictObject({
  field: v.picklist([...fieldNames, 'text']),
  operator: v.picklist(ruleOperators),
  value: ruleValue,
  to: v.optional(ruleValue),
  not: v.optional(v.boolean()),
});

/** Built level by level: a group nested deeper than the limit fits no schema, so checking it is bounded, too. */
function groupOf(depth: number): v.GenericSchema<RuleGroup> {
  const inner = depth <= 1 ? condition : v.union([condition, groupOf(depth - 1)]);
  return v.strictObject({
    match: v.picklist(['all', 'any', 'none']),
    rules: v.pipe(v.array(inner), v.maxLength(ruleLimits.conditions)),
  });
}

function countConditions(group: RuleGroup): number {
  return group.rules.reduce((sum, rule) => sum + ('rules' in rule ? 1 + countConditions(rule) : 1), 0);
}

export const smartRules: v.GenericSchema<SmartRules> = v.strictObject({
  where: v.pipe(
    groupOf(ruleLimits.depth),
    v.check(
      (group) => countConditions(group) <= ruleLimits.conditions,
      `A smart playlist has at most ${ruleLimits.conditions} rules.`,
    ),
  ),
  sort: v.optional(sort),
  limit: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(ruleLimits.tracks))),
});

const picked = v.optional(
  v.pipe(v.array(v.nullable(v.pipe(v.string(), v.maxLength(2000)))), v.maxLength(500)),
);

const picks: v.GenericSchema<BrowsePicks> = v.strictObject(v.entriesFromList(browseColumns, picked));

export const trackQuery = v.strictObject({
  text: v.optional(searchText),
  genre: v.optional(name),
  minimumConfidence: v.optional(confidence),
  folderId: v.optional(id),
  playlistId: v.optional(id),
  /** Rules that are not saved: what a smart playlist would show. */
  rules: v.optional(smartRules),
  picks: v.optional(picks),
  state: v.optional(v.picklist(['present', 'missing', 'offline'])),
  analysis: v.optional(v.picklist(['pending', 'done', 'failed'])),
  hasError: v.optional(v.boolean()),
  addedAfter: v.optional(v.number()),
});
