/** Whether what stands in a file is what was meant, however several values are joined there. */

/** Between two values that share one text: "/", "; ", " & ". */
const MOST_JOIN = 5;

/**
 * Text without what readers add or leave out: ends of texts, marks of broken letters, white space around, and the
 * second "(" by which ID3 tells a text from a number.
 */
function tidy(text: string): string {
  return text
    .replaceAll(/[\0\ufffd]/g, '')
    .replaceAll('((', '(')
    .trim();
}

/**
 * `actual` as texts of the file; `meant` has to be there, all of it, in order and nothing else.
 */
export function saysExactly(actual: readonly string[], meant: readonly string[]): boolean {
  const distinct = (texts: readonly string[]): readonly string[] => [
    ...new Set(texts.map(tidy).filter((text) => text !== '')),
  ];
  const [wanted, found] = [distinct(meant), distinct(actual)];
  if (wanted.length === 0) return found.length === 0;
  if (found.length === wanted.length && found.every((value, index) => value === wanted[index])) return true;
  return found.length < wanted.length && joins(found.join('\0'), wanted);
}

/**
 * As another reader gives it, which splits and trims in its own ways: of ID3 genres music-metadata takes what stands in
 * parentheses for a number and drops it, or all that follows where they are not closed. There only what stands in front of
 * the first one is compared.
 */
export function saysRoughly(actual: readonly string[], meant: readonly string[]): boolean {
  const loose = (text: string): string => tidy(text).replaceAll(/[\s/;,]+/g, '');
  const distinct = (texts: readonly string[]): readonly string[] => [
    ...new Set(texts.map(loose).filter((text) => text !== '')),
  ];
  const first = meant.findIndex((value) => value.includes('('));
  const wanted = distinct(
    first < 0 ? meant : [...meant.slice(0, first), meant[first]!.slice(0, meant[first]!.indexOf('('))],
  );
  const found = distinct(actual).join('');
  if (first >= 0) return begins(found, wanted);
  if (wanted.length === 0) return found === '';
  return joins(found, wanted);
}

/** The values one after another with little between them. */
function joins(text: string, values: readonly string[]): boolean {
  return endsOf(text, values).has(text.length);
}

function begins(text: string, values: readonly string[]): boolean {
  return endsOf(text, values).size > 0;
}

/** Where the values, one after another with little between them, may end in a text that begins with them. */
function endsOf(text: string, values: readonly string[]): ReadonlySet<number> {
  const [first = '', ...rest] = values;
  if (!text.startsWith(first)) return new Set();
  let ends = new Set([first.length]);
  for (const value of rest) {
    const next = new Set<number>();
    for (const end of ends)
      for (let skip = 0; skip <= MOST_JOIN; skip++)
        if (text.startsWith(value, end + skip)) next.add(end + skip + value.length);
    ends = next;
  }
  return ends;
}

/** A genre told by its number: "(17)", "17", "(17)(18)". */
export function isNumbered(values: readonly string[]): boolean {
  return values.some((value) => /^\(?\d+\)?/.test(value) || /^\((RX|CR)\)/.test(value));
}
