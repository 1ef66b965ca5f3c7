import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { iconFile } from './icons.ts';

const resources = fileURLToPath(new URL('../../resources', import.meta.url));

it.each([48, 512] as const)('is shipped in %d pixels', (size) => {
  const picture = readFileSync(iconFile(resources, size));
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([size, size]);
});
