import { expect, it } from 'vitest';
import { splitOf } from './splits.ts';

it('keeps all tracks of an artist on one side, whatever the spelling of spaces and case', () => {
  for (let index = 0; index < 200; index++) {
    const artist = `Some Artist ${index}`;
    expect(splitOf('emotify', ` some  artist ${index}`)).toBe(splitOf('emotify', artist));
  }
});

it('holds out about the share that is asked for', () => {
  const sides = Array.from({ length: 1000 }, (_, index) => splitOf('emotify', `artist ${index}`));
  const held = sides.filter((side) => side === 'validation').length;
  expect(held).toBeGreaterThan(340);
  expect(held).toBeLessThan(460);
});

it('never trains on the evaluation sets', () => {
  for (let index = 0; index < 50; index++) {
    expect(splitOf('gtzan-mini', `artist ${index}`)).toBe('evaluate');
    expect(splitOf('gtzan-more', `artist ${index}`)).toBe('gtzan');
  }
});
