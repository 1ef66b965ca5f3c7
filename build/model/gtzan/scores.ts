/** What predictions of a test side are worth. Pure. */

export interface GenreScore {
  readonly genre: string;
  /** Of what was called so, how much is; 0 if nothing was. */
  readonly precision: number;
  /** Of what is so, how much was called so. */
  readonly recall: number;
  readonly f1: number;
  /** Test clips of the genre. */
  readonly clips: number;
}

export interface Scores {
  readonly accuracy: number;
  readonly genres: readonly GenreScore[];
  /** Means over the genres that have test clips. */
  readonly macro: { readonly precision: number; readonly recall: number; readonly f1: number };
  /** confusion[true][predicted], in clips. */
  readonly confusion: readonly (readonly number[])[];
}

/** Scores of predicted genres (positions in `genres`) against the labels. */
export function scoresOf(
  labels: readonly number[],
  predicted: readonly number[],
  genres: readonly string[],
): Scores {
  const confusion = genres.map(() => new Array<number>(genres.length).fill(0));
  labels.forEach((label, index) => {
    const row = confusion[label] as number[];
    (row[predicted[index] as number] as number)++;
  });
  const perGenre = genres.map((genre, position) => {
    const right = confusion[position]?.[position] ?? 0;
    const called = confusion.reduce((sum, row) => sum + (row[position] as number), 0);
    const clips = (confusion[position] as number[]).reduce((sum, value) => sum + value, 0);
    const precision = called > 0 ? right / called : 0;
    const recall = clips > 0 ? right / clips : 0;
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { genre, precision, recall, f1, clips };
  });
  const there = perGenre.filter(({ clips }) => clips > 0);
  const mean = (value: (score: GenreScore) => number) =>
    there.reduce((sum, score) => sum + value(score), 0) / Math.max(there.length, 1);
  return {
    accuracy: labels.filter((label, index) => label === predicted[index]).length / Math.max(labels.length, 1),
    genres: perGenre,
    macro: {
      precision: mean(({ precision }) => precision),
      recall: mean(({ recall }) => recall),
      f1: mean(({ f1 }) => f1),
    },
    confusion,
  };
}
