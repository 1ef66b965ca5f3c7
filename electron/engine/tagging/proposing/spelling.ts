/** Names as this library spells them: "Drum & Bass", "drum and bass" and "Drum'n'Bass" are one. */

/** The same for every spelling of a name. Names of nothing but signs stand for themselves. */
export function foldValue(value: string): string {
  const letters = value
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, '')
    // "&", "+", " and ", " n ", "'n'": all the same word
    .replaceAll(/\s*[&+]\s*/g, ' and ')
    .replaceAll(
      /(?<=[\p{Letter}\p{Number}])(?:\s+['’]?n['’]?\s+|['’]n['’]?)(?=[\p{Letter}\p{Number}])/gu,
      ' and ',
    );
  const folded = letters.replaceAll(/[^\p{Letter}\p{Number}]/gu, '');
  return folded === '' ? value : folded;
}

/** Several values that some program put into one: "House/Techno", "House; Techno". */
const separators = /[/;,|\0]/;

/** Folded names of all that the values say, as a whole and in parts: what need not be said again. */
export function foldedNames(values: readonly string[]): ReadonlySet<string> {
  return new Set(
    values
      .flatMap((value) => [value, ...value.split(separators)])
      .map((value) => foldValue(value.trim()))
      .filter((name) => name !== ''),
  );
}

/** How often each spelling of each name stands in files. */
export interface SpellingTally {
  add(value: string, count: number): void;
  /** The commonest spelling of the name; of equally common ones the first by alphabet. null: nobody writes it. */
  find(name: string): string | null;
}

export function createTally(): SpellingTally {
  const names = new Map<string, Map<string, number>>();
  return {
    add(value, count) {
      const name = foldValue(value);
      const spellings = names.get(name) ?? new Map<string, number>();
      spellings.set(value, (spellings.get(value) ?? 0) + count);
      names.set(name, spellings);
    },
    find(name) {
      const spellings = [...(names.get(foldValue(name)) ?? [])];
      spellings.sort(([a, often], [b, often2]) => often2 - often || (a < b ? -1 : 1));
      return spellings[0]?.[0] ?? null;
    },
  };
}

/** Our name as it is written: as the user maps it, else as the library spells it, else as it is. */
export type WrittenName = (label: string) => string;

/** Each name is looked up once: there are some dozens of labels, and 100,000 tracks. */
export function createWrittenName(
  mapped: Readonly<Record<string, string>>,
  tally: Pick<SpellingTally, 'find'>,
): WrittenName {
  const byFold = new Map(Object.entries(mapped).map(([name, written]) => [foldValue(name), written]));
  const known = new Map<string, string>();
  return (label) => {
    let written = known.get(label);
    if (written === undefined) {
      written = byFold.get(foldValue(label)) ?? tally.find(label) ?? label;
      known.set(label, written);
    }
    return written;
  };
}
