/**
 * The table of fields that are proposed: where the values of each come from. A new kind of field is a row here, a column
 * of its own in the policy, and a column of the tracks that says what the file has.
 */
import type { ProposedField, TagPolicy } from '#shared/domain.ts';
import type { CurrentLabel, CurrentTag } from '#engine/storage/analysis/scores.ts';

/** Something that could be written, under our name for it. */
export interface Candidate {
  readonly label: string;
  /** 0..1; 1 where the user said so. */
  readonly confidence: number;
}

/** What is known of a track's sound. */
export interface Heard {
  /** Labels that count (from each one's own threshold, the user's word included), by their position in the model. */
  readonly genres: readonly { readonly position: number; readonly confidence: number }[];
  /** Moods, instruments and voice, 0..1 in the model's order; null where nobody asked for them or nothing is known. */
  readonly tags: Float32Array | null;
  /** Families that the user denied the track: they are not proposed for the sake of a style. */
  readonly denied: ReadonlySet<string>;
}

/** The labels of the model by their positions. */
export interface Labels {
  readonly genres: readonly CurrentLabel[];
  readonly moods: readonly CurrentTag[];
}

type PolicyOfValues = Pick<TagPolicy, 'genreLevel' | 'groupingFrom'>;

interface FieldSource {
  /** True where moods have to be read. */
  readonly needsTags: (policy: PolicyOfValues) => boolean;
  /** The surest first. */
  readonly candidates: (heard: Heard, labels: Labels, policy: PolicyOfValues) => readonly Candidate[];
}

export const fieldSources: Readonly<Record<ProposedField, FieldSource>> = {
  genre: {
    needsTags: () => false,
    candidates: (heard, labels, { genreLevel }) => genresOf(heard, labels, genreLevel),
  },
  mood: {
    needsTags: () => true,
    candidates: moodsOf,
  },
  grouping: {
    needsTags: ({ groupingFrom }) => groupingFrom === 'moods',
    candidates: (heard, labels, { groupingFrom }) =>
      groupingFrom === 'moods' ? moodsOf(heard, labels) : genresOf(heard, labels, 'families'),
  },
};

/**
 * With 'styles', a family stands for itself where none of its styles fits: “Jazz” is better than nothing. With
 * 'families', a style speaks for its family.
 */
function genresOf(
  { genres, denied }: Heard,
  labels: Labels,
  level: TagPolicy['genreLevel'],
): readonly Candidate[] {
  const styles = new Map<string, number>();
  const families = new Map<string, number>();
  const withStyle = new Set<string>();
  const raise = (family: string, confidence: number): void => {
    families.set(family, Math.max(families.get(family) ?? 0, confidence));
  };
  for (const { position, confidence } of genres) {
    const label = labels.genres[position];
    if (label === undefined) continue;
    if (label.parent === null) {
      raise(label.id, confidence);
      continue;
    }
    styles.set(label.id, confidence);
    withStyle.add(label.parent);
    if (!denied.has(label.parent)) raise(label.parent, confidence);
  }
  const wanted = new Map<string, number>();
  if (level !== 'styles') for (const [id, confidence] of families) wanted.set(id, confidence);
  else for (const [id, confidence] of families) if (!withStyle.has(id)) wanted.set(id, confidence);
  if (level !== 'families') for (const [id, confidence] of styles) wanted.set(id, confidence);
  return labels.genres
    .flatMap(({ id, name }) => {
      const confidence = wanted.get(id);
      return confidence === undefined ? [] : [{ label: name, confidence }];
    })
    .toSorted(bySureness);
}

function moodsOf({ tags }: Heard, { moods }: Labels): readonly Candidate[] {
  if (tags === null) return [];
  return moods
    .map(({ name, position, threshold }) => ({ label: name, confidence: tags[position] ?? 0, threshold }))
    .filter(({ confidence, threshold }) => confidence >= threshold)
    .toSorted(bySureness)
    .map(({ label, confidence }) => ({ label, confidence: Math.min(1, confidence) }));
}

function bySureness(a: Candidate, b: Candidate): number {
  return b.confidence - a.confidence;
}
