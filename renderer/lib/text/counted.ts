/** How numbers stand in sentences. */
import { formatCount } from '../format.ts';

const plural = new Intl.PluralRules('en');

/** "1 track", "2,000 tracks". */
export function counted(count: number, one: string, other: string): string {
  return `${formatCount(count)} ${plural.select(count) === 'one' ? one : other}`;
}

export const tracks = (count: number): string => counted(count, 'track', 'tracks');
