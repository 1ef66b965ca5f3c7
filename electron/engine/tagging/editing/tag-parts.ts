/** Files that hold several tags side by side: which one leads, which follow, and the new file out of all of them. */
import type { TagField, TagItemChange, WritePolicy } from '#shared/domain.ts';
import type { ByteSource, FieldEdit, FieldState, Piece, RawItem, TagEditor, TagKind } from './model.ts';
import { lengthOf, oldPiece, planOf, unchanged } from './pieces.ts';
import { sameBytes, unsupported } from './reading.ts';
import { writableEdits } from './values.ts';

/** One tag of a file; one that could be added stands, empty, where it would be put. */
export interface TagPart {
  readonly kind: TagKind;
  readonly tagIndex: number;
  /** For people: "ID3v2.3". */
  readonly label: string;
  /** The stretch of the file that the tag takes up. */
  readonly start: number;
  readonly end: number;
  /** Follows the leading tag where the policy says so, and never holds a field alone (ID3v1, APEv2 beside ID3v2). */
  readonly follows: boolean;
  /** Frames, items or chunks in it. */
  readonly itemCount: number;
  /** Whether this kind of tag has a place for the field. */
  can(field: TagField): boolean;
  /** Whether it says something of the field, or has to be kept in step with what others say. */
  carries(field: TagField): boolean;
  /** @throws AppError tags-damaged where what carries the field cannot be read */
  state(field: TagField): FieldState;
  /** @throws AppError tags-damaged, tags-unsupported */
  edit(edits: readonly FieldEdit[], policy: WritePolicy): EditedPart;
}

export interface EditedPart {
  readonly changes: readonly TagItemChange[];
  readonly keptItems: number;
  /** The tag anew, of this many bytes if its padding allows that; null: as is best. None, where the tag goes. */
  pieces(wantedLength: number | null): Promise<readonly Piece[]>;
}

/** What stands in the place of a part. */
export interface Replacement {
  readonly part: TagPart;
  readonly pieces: readonly Piece[];
}

export interface FileLayout {
  readonly source: ByteSource;
  readonly format: string;
  /** The leading one first. */
  readonly parts: readonly TagPart[];
  /** Chunks and the like that hold no tag, all kept. */
  readonly otherItems: number;
  readonly audioBytes: number;
  /** The whole new file. Without this function: each part is replaced where it stands. */
  assemble?(replacements: readonly Replacement[]): readonly Piece[];
}

/** For people: the name of the format, and the tags that are there. */
export function formatOf(name: string, parts: readonly TagPart[]): string {
  const labels = parts.filter(({ start, end }) => end > start).map(({ label }) => label);
  return [name, ...new Set(labels)].join(', ');
}

/** The editor of such a file. */
export function editorOf(layout: FileLayout): TagEditor {
  const { source, format, parts, otherItems, audioBytes } = layout;
  const assemble = layout.assemble ?? ((replacements) => replaced(source, replacements));
  return {
    format,
    read: (fields) => Promise.resolve().then(() => fields.map((field) => stateOf(parts, field))),
    async plan(wanted, policy, wantedSize) {
      // Each tag joins the values in its own way, or not.
      const edits = writableEdits(wanted.map(trimmed), { ...policy, joinWith: null });
      for (const edit of edits) checkNothingIsLeft(edit, parts, policy);
      const edited = parts.flatMap((part) => {
        const own = edits.flatMap((edit) => editFor(edit, part, parts, policy));
        const result = own.length === 0 ? null : part.edit(own, policy);
        return result === null || result.changes.length === 0 ? [] : [{ part, result }];
      });
      for (const edit of edits) if (edit.kind === 'restore') checkTagsAreThere(edit.items, parts);
      const touched = new Set(edited.map(({ part }) => part));
      const others = parts.filter((part) => !touched.has(part));
      const keptItems =
        otherItems +
        others.reduce((sum, part) => sum + part.itemCount, 0) +
        edited.reduce((sum, { result }) => sum + result.keptItems, 0);
      if (edited.length === 0) return unchanged(source, keptItems, audioBytes);
      let replacements: readonly Replacement[] = await Promise.all(
        edited.map(async ({ part, result }) => ({ part, pieces: await result.pieces(null) })),
      );
      const [first] = edited;
      const missing = wantedSize === undefined ? 0 : wantedSize - lengthOf(assemble(replacements));
      // A byte more or less for chunks that are padded to even lengths.
      for (const odd of missing === 0 ? [] : [0, 1, -1]) {
        const length = lengthOf(replacements[0]!.pieces) + missing + odd;
        const pieces = length < 0 ? [] : await first!.result.pieces(length);
        const attempt = [{ part: first!.part, pieces }, ...replacements.slice(1)];
        if (lengthOf(assemble(attempt)) !== wantedSize) continue;
        replacements = attempt;
        break;
      }
      const changes = edited.flatMap(({ result }) => result.changes);
      return await planOf(source, assemble(replacements), { changes, keptItems, audioBytes });
    },
  };
}

/** Blanks around a value are nothing that a person sees, and readers leave them out. */
function trimmed(edit: FieldEdit): FieldEdit {
  return edit.kind === 'restore' ? edit : { ...edit, values: edit.values.map((value) => value.trim()) };
}

function stateOf(parts: readonly TagPart[], field: TagField): FieldState {
  const states = parts.filter((part) => part.can(field)).map((part) => part.state(field));
  return {
    field,
    values: states.find(({ values }) => values.length > 0)?.values ?? [],
    items: states.flatMap(({ items }) => items),
  };
}

/** What an edit of the file means for one of its tags. */
function editFor(
  edit: FieldEdit,
  part: TagPart,
  parts: readonly TagPart[],
  policy: WritePolicy,
): readonly FieldEdit[] {
  if (edit.kind === 'restore')
    return part.can(edit.field)
      ? [{ ...edit, items: edit.items.filter((item) => belongsTo(item, part)) }]
      : [];
  const leading = leadingPart(parts, edit.field);
  if (part === leading) return [edit];
  // A second ID3v2 tag, or LIST INFO beside one, is read like the first: what it says is always changed too.
  const inStep = !part.follows || policy.secondaryTags === 'in-step';
  return inStep && part.can(edit.field) && part.carries(edit.field) ? [edit] : [];
}

/** The first tag that holds the field by itself, else the first one that can. */
function leadingPart(parts: readonly TagPart[], field: TagField): TagPart {
  const able = parts.filter((part) => !part.follows && part.can(field));
  const leading = able.find((part) => part.carries(field)) ?? able[0];
  if (leading === undefined) throw unsupported(`This kind of file has no place for ${field}.`);
  return leading;
}

function belongsTo(item: RawItem, part: TagPart): boolean {
  return item.tag === part.kind && item.tagIndex === part.tagIndex;
}

/** A field that is to go would be read from the tag that the policy leaves alone. */
function checkNothingIsLeft(edit: FieldEdit, parts: readonly TagPart[], policy: WritePolicy): void {
  if (edit.kind === 'restore' || edit.values.length > 0 || policy.secondaryTags === 'in-step') return;
  for (const part of parts.filter((each) => each.follows && each.can(edit.field))) {
    const [value] = part.state(edit.field).values;
    if (value === undefined) continue;
    throw unsupported(
      `The ${part.label} tag would go on saying “${value}” as ${edit.field}, because your settings leave such tags as they are. Let them be kept in step, or leave the field.`,
    );
  }
}

function checkTagsAreThere(items: readonly RawItem[], parts: readonly TagPart[]): void {
  for (const item of items)
    if (!parts.some((part) => belongsTo(item, part)))
      throw unsupported('The tag that is to be restored is no longer in the file. Set the values by hand.');
}

function replaced(source: ByteSource, replacements: readonly Replacement[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { part, pieces: own } of replacements.toSorted((a, b) => a.part.start - b.part.start)) {
    pieces.push(oldPiece(at, part.start), ...own);
    at = part.end;
  }
  return [...pieces, oldPiece(at, source.size)];
}

/** The values for a tag that can hold several: one, joined, where the policy says so. */
export function joinedByPolicy(values: readonly string[], policy: WritePolicy): readonly string[] {
  return policy.joinWith === null || values.length < 2 ? values : [values.join(policy.joinWith)];
}

/** An item of a tag as far as a list of changes needs it. */
export interface ListedItem {
  readonly key: string;
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** What became of the items of some fields: by key, the first with the first. */
export function changesOf(
  tag: string,
  before: readonly ListedItem[],
  after: readonly ListedItem[],
): readonly TagItemChange[] {
  const keys = new Set([...before, ...after].map(({ key }) => key.toUpperCase()));
  return [...keys].flatMap((key) => {
    const [was, is] = [before, after].map((items) => items.filter((item) => item.key.toUpperCase() === key));
    return Array.from({ length: Math.max(was!.length, is!.length) }, (_, index): TagItemChange[] => {
      const [old, now] = [was![index], is![index]];
      if (old !== undefined && now !== undefined && sameBytes(old.bytes, now.bytes)) return [];
      const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
      const name = (now ?? old)!.key;
      return [{ tag, key: name, change, before: old?.text ?? null, after: now?.text ?? null }];
    }).flat();
  });
}
