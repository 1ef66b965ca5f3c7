/** The values of an edit as formats with true multiple values hold them. */
import type { TagField, WritePolicy } from '#shared/domain.ts';
import type { FieldEdit, RawItem, TagKind } from './model.ts';
import { unsupported } from './reading.ts';

/**
 * The edits with the values as they are written: one joined value where the policy says so.
 * @throws AppError tags-unsupported for text that no tag can hold
 */
export function writableEdits(edits: readonly FieldEdit[], policy: WritePolicy): readonly FieldEdit[] {
  return edits.map((edit) => {
    if (edit.kind === 'restore') return edit;
    for (const value of edit.values)
      if (value === '' || value.includes('\0') || !value.isWellFormed())
        throw unsupported(
          'A value is empty or holds characters that no tag can hold. Change it and write again.',
        );
    if (policy.joinWith === null || edit.values.length < 2) return edit;
    return { ...edit, values: [edit.values.join(policy.joinWith)] };
  });
}

/**
 * The items of one tag after the edits. What is to be restored is taken out and put back first, all fields together,
 * as the places count in the tag as it was; then each field that is set.
 */
export function editItems<Item>(
  items: readonly Item[],
  edits: readonly FieldEdit[],
  format: {
    readonly carries: (item: Item, field: TagField) => boolean;
    readonly restored: (raw: RawItem) => Item;
    readonly set: (items: readonly Item[], field: TagField, values: readonly string[]) => readonly Item[];
    readonly tag: TagKind;
    readonly tagIndex: number;
  },
): readonly Item[] {
  const restores = edits.filter((edit) => edit.kind === 'restore');
  let result: readonly Item[] = items;
  if (restores.length > 0) {
    const kept = items.filter((item) => !restores.some(({ field }) => format.carries(item, field)));
    const raw = restores
      .flatMap((edit) => edit.items)
      .filter((item) => item.tag === format.tag && item.tagIndex === format.tagIndex)
      .sort((a, b) => a.position - b.position);
    for (const item of raw) kept.splice(Math.max(0, item.position), 0, format.restored(item));
    result = kept;
  }
  for (const edit of edits) if (edit.kind === 'set') result = format.set(result, edit.field, edit.values);
  return result;
}
