/** `cratewise playlist build` as scripts use it: real processes, a real library, synthesised music. */
import { expect, test } from 'vitest';
import { writeTestMusic } from '#engine/test-music.fixture.ts';
import { json, music, pieces, run } from './command-line.fixture.ts';

interface Built {
  readonly playlist: { readonly name: string; readonly trackCount: number } | null;
  readonly rows: readonly { readonly track: { readonly path: string }; readonly fixed: boolean }[];
  readonly problems: readonly { readonly constraint: string }[];
}

test('a set is built as it is asked for, told what it lacks, and becomes a playlist', async () => {
  const files = writeTestMusic(music, pieces);
  await json('scan', 'music', '--jobs', '1');
  const dry = await json<Built>(
    ...[
      'playlist',
      'build',
      'Set',
      '--dry-run',
      '--count',
      '4',
      '--from',
      files[1]!,
      '--at',
      `3=${files[0]!}`,
    ],
    ...['--energy', '3,9,5', '--artist-gap', '2', '--weights', 'key=1,mood=0', '--no-key-lock', '--quiet'],
  );
  expect(dry.playlist).toBeNull();
  expect(dry.rows.map(({ track }) => track.path)).toEqual([files[1], files[2], files[0]]);
  expect(dry.rows.map(({ fixed }) => fixed)).toEqual([true, false, true]);
  // All three are of one artist.
  expect(dry.problems.map(({ constraint }) => constraint)).toEqual(['count', 'artistGap']);
  expect(await json('playlist', 'list')).toEqual([]);

  const made = await run('playlist', 'build', 'Set', 'title:piece', '--exclude', files[0]!, '--count', '2');
  expect(made.code).toBe(0);
  expect(made.out).toMatch(/\n {3}2\. .+\nSet: 2 tracks, .+ score [01]\.\d\d\n$/su);
  expect(await json('playlist', 'list')).toMatchObject([{ name: 'Set', trackCount: 2 }]);
  expect((await run('playlist', 'build', 'Set', '--count', '2')).code).toBe(1);

  const wrong = [
    ['--duration', '1:99'],
    ['--energy', '3,11'],
    ['--bpm', '128-120'],
    ['--at', '0=1'],
    ['--weights', 'loudness=1'],
    ['--key-rule', 'atonal'],
    ['--count', '5', '--duration', '60'],
  ];
  for (const options of wrong) {
    expect({ options, code: (await run('playlist', 'build', 'Wrong', ...options)).code }).toEqual({
      options,
      code: 2,
    });
  }
}, 120_000);
