import { expect, it } from 'vitest';
import { familyOfLabel, families, genres, styles, tags } from './genres.ts';

it('has unique ids, and every style belongs to a family', () => {
  const ids = [...genres, ...tags].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const known = new Set(families.map(({ id }) => id));
  for (const { id } of styles) expect(known).toContain(id.split('/')[0]);
});

it.each([
  ['Hip-Hop', 'hip-hop'], ['hiphop', 'hip-hop'], ['Reggae - Dub', 'reggae'], ['reggaeton, latin', null], ['Electroacoustic', null],
  ['Free Folk', 'folk'], ['classical', 'classical'], ['Pop', 'pop'], ['rnb', 'soul'], ['Noise', null], [null, null],
])('%s is %s', (label, family) => {
  expect(familyOfLabel(label)).toBe(family);
}); // prettier-ignore
