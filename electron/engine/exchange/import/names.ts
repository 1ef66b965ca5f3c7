/** How alike two tracks are by what is written about them: names without accents, case and signs, and lengths. */

/** Programs round lengths, and encoders put silence around: so many seconds are none. */
export const SAME_LENGTH_SECONDS = 2.5;

/** "Déjà Vu (Original Mix)" and "deja vu" are the same. */
export function foldName(text: string | null): string {
  return (text ?? '')
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[([]\s*original(?:\s+(?:mix|version))?\s*[)\]]/g, ' ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** 0..1: what two folded texts have in common in pairs of letters (Sørensen and Dice); words may stand in any order. */
export function similarity(left: string, right: string): number {
  if (left === '' || right === '') return 0;
  if (left === right) return 1;
  const pairs = new Map<string, number>();
  let count = 0;
  for (const pair of pairsOf(left)) {
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    count += 1;
  }
  let shared = 0;
  for (const pair of pairsOf(right)) {
    count += 1;
    const left = pairs.get(pair) ?? 0;
    if (left === 0) continue;
    pairs.set(pair, left - 1);
    shared += 1;
  }
  return count === 0 ? 0 : (2 * shared) / count;
}

function* pairsOf(text: string): Generator<string> {
  for (const word of text.split(' ')) {
    const whole = ` ${word} `;
    for (let at = 0; at < whole.length - 1; at += 1) yield whole.slice(at, at + 2);
  }
}
