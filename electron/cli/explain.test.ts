/** `cratewise explain` in a process of its own, over a library that was scanned. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Explanation } from '#shared/explanation.ts';
import { writeTestMusic } from '#engine/test-music.fixture.ts';
import { json, music, pieces, run, start } from './command-line.fixture.ts';

test('a track is explained for people and for programs, lists go on after a failure', async () => {
  const files = writeTestMusic(music, pieces);
  const [first = '', second = ''] = files;
  await run('scan', 'music', '--jobs', '1');

  const explained = await json<Explanation & { readonly path: string }>('explain', first);
  const { genre, segments, evidence } = explained;
  expect(explained.path).toBe(first);
  expect(genre.confidence).toBeGreaterThanOrEqual(0);
  expect(segments.length).toBeGreaterThan(0);
  expect(evidence?.occlusion.tiles).toHaveLength(evidence!.occlusion.rows * evidence!.occlusion.columns);

  const asked = await json<Explanation>('explain', first, '--genre', genre.id);
  expect(asked.genre).toEqual(genre);
  const { out } = await run('explain', first);
  expect(out).toContain(genre.name);

  const unknown = start('explain', first, '--genre', 'Polka');
  expect(await unknown.ended).not.toBe(0);
  expect(unknown.error()).toContain('The model knows no genre “Polka”');

  rmSync(second);
  const list = start('explain', '-', '--ndjson');
  list.child.stdin?.end(`${second}\n${first}\n`);
  expect(await list.ended).not.toBe(0);
  expect(list.error()).toContain(second);
  const lines = list.out().trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { path: string }).path)).toEqual([first]);
});
