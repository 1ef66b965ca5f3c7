import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAppHandler, fileOfAddress } from './app-protocol.ts';

let folder: string;
let handle: (request: Request) => Promise<Response>;
beforeAll(async () => {
  const place = await mkdtemp(join(tmpdir(), 'cratewise-app-'));
  folder = join(place, 'renderer');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'a b.js'), 'export {}');
  await writeFile(join(folder, 'notes'), 'no known type');
  await writeFile(join(place, 'secret.txt'), 'outside');
  await mkdir(join(place, 'renderer-other'));
  await writeFile(join(place, 'renderer-other', 'x.txt'), 'outside');
  handle = createAppHandler(folder, "default-src 'self'");
});
afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

test('serves the page and its files with type and policy', async () => {
  const page = await handle(new Request('app://cratewise/'));
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toBe("default-src 'self'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await page.text()).toBe('<!doctype html>');
  const script = await handle(new Request('app://cratewise/assets/a%20b.js?v=1#x'));
  expect(script.headers.get('content-type')).toMatch('text/javascript');
});

test.each([
  'app://cratewise/../secret.txt',
  'app://cratewise/%2e%2e/secret.txt',
  'app://cratewise/..%2fsecret.txt',
  'app://cratewise/assets/..%2f..%2fsecret.txt',
  'app://cratewise/%2e%2e%2frenderer-other/x.txt',
  'app://cratewise/..%5csecret.txt',
  'app://cratewise//etc/passwd',
  'app://cratewise/index.html%00.js',
  'app://cratewise/%',
  'app://elsewhere/index.html',
  'app://cratewise:80/index.html',
  'media://cratewise/index.html',
])('nothing outside the folder: %s', async (address) => {
  const file = fileOfAddress(address, folder);
  if (file !== null) expect(file.startsWith(folder + '/')).toBe(true);
  expect((await handle({ url: address, method: 'GET' } as Request)).status).toBe(404);
});

test('what is not there, or has no known type, is not found; writing is refused', async () => {
  for (const path of ['missing.js', 'assets', 'notes'])
    expect((await handle(new Request(`app://cratewise/${path}`))).status).toBe(404);
  expect((await handle(new Request('app://cratewise/', { method: 'POST' }))).status).toBe(405);
});
