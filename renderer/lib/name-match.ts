/** How well a name fits what somebody typed of it. Works on folded texts (no accents, no capitals). */

/** Without accents and capitals: "sao" finds "São Paulo". */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** 0 (does not fit) to 1 (is that name). Both folded. */
export function matchScore(name: string, typed: string): number {
  const words = typed.split(/\s+/u).filter((word) => word !== '');
  const [first] = words;
  if (first === undefined) return 0;
  const whole = partScore(name, words.join(' '));
  if (words.length === 1) return whole;
  // Words in another order ("playlist new") count as well: each has to fit.
  return Math.max(whole, 0.8 * Math.min(...words.map((word) => partScore(name, word))));
}

function partScore(name: string, part: string): number {
  if (name === part) return 1;
  // The shorter the rest of the name, the more of it is meant.
  const share = 0.05 * Math.min(1, part.length / Math.max(1, name.length));
  const at = name.indexOf(part);
  if (at === 0) return 0.85 + share;
  if (at > 0) return (atWordStart(name, part, at) ? 0.75 : 0.5) + share;
  // Most names end here: the letters are not even there in this order.
  const span = spanOf(name, part);
  if (span === null) return 0;
  const initials = name.replace(/(?<=[\p{L}\p{N}])[\p{L}\p{N}]+/gu, '').replace(/[^\p{L}\p{N}]/gu, '');
  if (part.length > 1 && initials.startsWith(part)) return 0.45 + share;
  // Letters strewn over a long name are chance.
  return span > part.length * 3 ? 0 : 0.3 * (part.length / span) + share;
}

function atWordStart(name: string, part: string, first: number): boolean {
  for (let at = first; at >= 0; at = name.indexOf(part, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1] ?? '')) return true;
  }
  return false;
}

/** Length of the stretch of the name that holds the letters in order, from where the first one stands; null: none. */
function spanOf(name: string, part: string): number | null {
  let best: number | null = null;
  for (let start = name.indexOf(part[0] ?? ''); start >= 0; start = name.indexOf(part[0] ?? '', start + 1)) {
    let at = start;
    let fits = true;
    for (let letter = 1; letter < part.length && fits; letter += 1) {
      at = name.indexOf(part[letter] ?? '', at + 1);
      fits = at >= 0;
    }
    if (!fits) break; // a later start has even fewer letters behind it
    const span = at - start + 1;
    best = best === null ? span : Math.min(best, span);
  }
  return best;
}
