/** The colours that DJ programs give the 24 keys: a hue for each place of the wheel. They say nothing the text beside them does not. */

/** A colour of a Camelot key for the mark beside its name; null for what is no key. Minor is deeper than major. */
export function keyColour(camelot: string): string | null {
  const match = /^([1-9]|1[0-2])([AB])$/.exec(camelot);
  if (match === null) return null;
  // 1 is turquoise, 4 and 5 are yellow and orange, 8 is pink: once around, a twelfth a step.
  const hue = (200 - (Number(match[1]) - 1) * 30 + 360) % 360;
  return match[2] === 'A' ? `oklch(0.62 0.15 ${hue})` : `oklch(0.78 0.13 ${hue})`;
}
