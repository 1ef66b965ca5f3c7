/** Stars and colours as DJ programs store them. */
import { colourNumber } from '../model.ts';

/** 0 to 5 stars as 0, 51, 102, … 255: rekordbox and Traktor. */
export function starsTo255(stars: number): number {
  return Math.max(0, Math.min(5, Math.round(stars))) * 51;
}

/** Also of values between: what 255 are five of. Null for no number. */
export function starsOf255(value: number | null): number | null {
  return value === null ? null : Math.max(0, Math.min(5, Math.round(value / 51)));
}

/** The colours that rekordbox has for tracks. */
export const rekordboxColours = [
  '#ff007f',
  '#ff0000',
  '#ffa500',
  '#ffff00',
  '#00ff00',
  '#25fde9',
  '#0000ff',
  '#660099',
] as const;

/** Traktor numbers its seven colours from 1: red, orange, yellow, green, blue, violet, magenta. */
export const traktorColours = [
  '#ff0000',
  '#ff8c00',
  '#ffff00',
  '#00c800',
  '#0064ff',
  '#8c00ff',
  '#ff00c8',
] as const;

/** The nearest of them by the distance of red, green and blue. */
export function nearestColour(colour: string, palette: readonly string[]): number {
  const [red, green, blue] = parts(colour);
  let best = 0;
  let least = Infinity;
  for (const [index, candidate] of palette.entries()) {
    const [r, g, b] = parts(candidate);
    const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

export function parts(colour: string): readonly [red: number, green: number, blue: number] {
  const number = colourNumber(colour);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
