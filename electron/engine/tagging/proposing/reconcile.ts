/** What becomes of a proposal when it is worked out again: the user's decisions stay as long as they mean the same. */
import type { NewProposal, StoredProposal } from '#engine/storage/library/tag-proposals.ts';
import type { FieldProposal } from './propose-field.ts';
import { foldedNames, foldValue } from './spelling.ts';

export type Reconciled =
  | { readonly kind: 'none' }
  /** As it was. */
  | { readonly kind: 'keep'; readonly id: number }
  | { readonly kind: 'put'; readonly isNews: boolean; readonly row: Omit<NewProposal, 'trackId' | 'field'> }
  | { readonly kind: 'remove'; readonly id: number };

/**
 * @param old what the file says now, as JSON
 * @param fresh what is proposed now; null: nothing
 */
export function reconcile(
  existing: StoredProposal | undefined,
  old: string,
  fresh: FieldProposal | null,
): Reconciled {
  if (existing === undefined) return fresh === null ? { kind: 'none' } : put(old, fresh, 'open');
  const { id, state } = existing;
  // What stands in the file as it was written is done, whatever would be proposed to it: the user approved it.
  if (state === 'written' && saysAll(old, existing.proposed)) {
    return fresh === null || existing.edited === 1 ? { kind: 'keep', id } : put(old, fresh, 'open');
  }
  if (existing.edited === 1) return keepEdited(existing, old);
  if (fresh === null) return state === 'written' ? { kind: 'keep', id } : { kind: 'remove', id };
  const isSame = existing.old === old && existing.proposed === JSON.stringify(fresh.proposed);
  if (state === 'rejected' && (isSame || addsTheSame(existing, fresh)))
    return isUnchanged(existing, old, fresh) ? { kind: 'keep', id } : put(old, fresh, 'rejected', existing);
  if (!isSame || state === 'written') return put(old, fresh, 'open');
  return isUnchanged(existing, old, fresh) ? { kind: 'keep', id } : put(old, fresh, state, existing);
}

/** The user's values stay; where the file changed, they have to be looked at again. */
function keepEdited(existing: StoredProposal, old: string): Reconciled {
  const { id, state } = existing;
  if (existing.old === old && state !== 'written') return { kind: 'keep', id };
  if (existing.proposed === old) return { kind: 'remove', id };
  const { proposed, confidence, evidence } = existing;
  return {
    kind: 'put',
    isNews: true,
    row: { old, proposed, confidence, evidence, state: 'open', edited: 1, problem: null },
  };
}

function put(
  old: string,
  fresh: FieldProposal,
  state: StoredProposal['state'],
  existing?: StoredProposal,
): Reconciled {
  return {
    kind: 'put',
    isNews: existing === undefined,
    row: {
      old,
      proposed: JSON.stringify(fresh.proposed),
      confidence: fresh.confidence,
      evidence: JSON.stringify(fresh.evidence),
      state,
      edited: 0,
      problem: existing?.problem ?? null,
    },
  };
}

function isUnchanged(existing: StoredProposal, old: string, fresh: FieldProposal): boolean {
  return (
    existing.old === old &&
    existing.proposed === JSON.stringify(fresh.proposed) &&
    existing.confidence === fresh.confidence &&
    existing.evidence === JSON.stringify(fresh.evidence)
  );
}

/** Formats without several values say them in one: they are there all the same. */
function saysAll(old: string, proposed: string): boolean {
  const names = foldedNames(JSON.parse(old) as string[]);
  return (JSON.parse(proposed) as string[]).every((value) => names.has(foldValue(value)));
}

function addsTheSame(existing: StoredProposal, fresh: FieldProposal): boolean {
  const names = (evidence: FieldProposal['evidence']): string =>
    evidence
      .map(({ value }) => foldValue(value))
      .toSorted()
      .join('\n');
  return names(JSON.parse(existing.evidence) as FieldProposal['evidence']) === names(fresh.evidence);
}
