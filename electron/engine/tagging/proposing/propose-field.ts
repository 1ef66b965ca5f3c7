/** What one field of one file should say, by the policy: pure, a few microseconds. */
import type { FieldPolicy, TagProposal } from '#shared/domain.ts';
import type { Candidate } from './fields.ts';
import { foldedNames, foldValue } from './spelling.ts';
import type { WrittenName } from './spelling.ts';

/** What would be written. */
export type FieldProposal = Pick<TagProposal, 'proposed' | 'confidence' | 'evidence'>;

/** unknown: nothing fits well enough; nothing-to-do: the file says it already, or the policy leaves it alone. */
export type NoProposal = 'unknown' | 'nothing-to-do';

/**
 * @param old what the file says
 * @param candidates the surest first
 */
export function proposeField(
  policy: FieldPolicy,
  old: readonly string[],
  candidates: readonly Candidate[],
  writtenName: WrittenName,
): FieldProposal | NoProposal {
  if (policy.mode === 'off') return 'nothing-to-do';
  const present = foldedNames(old);
  if (policy.mode === 'empty' && present.size > 0) return 'nothing-to-do';
  const chosen = chooseValues(policy, candidates, writtenName);
  if (chosen.length === 0) return 'unknown';
  const added = chosen.filter(({ value }) => !present.has(foldValue(value)));
  if (policy.mode !== 'replace') {
    if (added.length === 0) return 'nothing-to-do';
    return proposalOf([...old, ...added.map(({ value }) => value)], added);
  }
  // Every name is there already and no other: another spelling is no reason to write.
  if (
    added.length === 0 &&
    foldedNames(chosen.map(({ value }) => value)).size === new Set(old.map(foldValue)).size
  ) {
    return 'nothing-to-do';
  }
  return proposalOf(
    chosen.map(({ value }) => value),
    chosen,
  );
}

interface Chosen {
  readonly value: string;
  readonly label: string;
  readonly confidence: number;
}

/** Two labels may be one name to the user: it is written once. */
function chooseValues(
  { minimumConfidence, most }: FieldPolicy,
  candidates: readonly Candidate[],
  writtenName: WrittenName,
): readonly Chosen[] {
  const chosen = new Map<string, Chosen>();
  for (const { label, confidence } of candidates) {
    if (chosen.size === most || confidence < minimumConfidence) break;
    const value = writtenName(label);
    const name = foldValue(value);
    if (!chosen.has(name)) chosen.set(name, { value, label, confidence });
  }
  return [...chosen.values()];
}

function proposalOf(proposed: readonly string[], evidence: readonly Chosen[]): FieldProposal {
  return { proposed, confidence: Math.min(...evidence.map(({ confidence }) => confidence)), evidence };
}
