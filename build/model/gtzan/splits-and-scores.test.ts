import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filteredSplit, randomSplit, readSplitLists, sides } from './clip-splits.ts';
import { clipsOfTable, findClips, type Clip } from './clips.ts';
import { drawConfusions } from './confusion-svg.ts';
import { planJobs } from './jobs.ts';
import { reportOf, tooFew, type Experiment } from './report.ts';
import { scoresOf } from './scores.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cratewise-gtzan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeLists(lists: { train: string; valid: string; test: string }): Promise<void> {
  for (const [name, text] of Object.entries(lists))
    await writeFile(join(folder, `${name}_filtered.txt`), text);
}

describe('clips', () => {
  it('are found in genre folders and in rows of a table', async () => {
    await mkdir(join(folder, 'genres', 'blues'), { recursive: true });
    await mkdir(join(folder, 'genres', 'own jazz'), { recursive: true });
    await writeFile(join(folder, 'genres', 'blues', 'blues.00003.au'), '');
    await writeFile(join(folder, 'genres', 'own jazz', 'So what.mp3'), '');
    await writeFile(join(folder, 'genres', 'blues', 'notes.txt'), '');
    expect(await findClips(folder)).toEqual([
      { name: 'So what', genre: 'own jazz', path: join(folder, 'genres', 'own jazz', 'So what.mp3') },
      { name: 'blues.00003', genre: 'blues', path: join(folder, 'genres', 'blues', 'blues.00003.au') },
    ]);
    const table =
      'file,set,genre\na/pop.00001.opus,gtzan-mini,pop\nb/x.opus,other,rock\nc/y.opus,gtzan-more,\n';
    expect(clipsOfTable(folder, table)).toEqual([
      { name: 'pop.00001', genre: 'pop', path: join(folder, 'a/pop.00001.opus') },
    ]);
  });

  it('of fewer than two genres are refused with what is wanted', async () => {
    await expect(findClips(folder)).rejects.toThrow(/holds no clips of at least two genres: --data wants/);
  });
});

describe('splits', () => {
  const clips: Clip[] = ['blues', 'jazz'].flatMap((genre) =>
    Array.from({ length: 20 }, (_, index) => ({
      name: `${genre}.${String(index).padStart(5, '0')}`,
      genre,
      path: '',
    })),
  );

  it('by the lists take each clip by its name, and leave out those in none', async () => {
    await writeLists({
      train: 'blues/blues.00001.wav\njazz/jazz.00002.wav\r\n\n',
      valid: 'blues/blues.00003.wav\n',
      test: 'jazz/jazz.00004.wav\njazz/jazz.00099.wav',
    });
    const split = filteredSplit(clips, await readSplitLists(folder));
    expect(split).toEqual({ train: [1, 22], validation: [3], test: [24] });
  });

  it('with a list missing, or a clip on two sides, are refused by name', async () => {
    await writeLists({ train: 'a.1.wav', valid: 'b.1.wav', test: 'a/a.1.wav' });
    await expect(readSplitLists(folder)).rejects.toThrow('a.1 is on two sides');
    await rm(join(folder, 'valid_filtered.txt'));
    await expect(readSplitLists(folder)).rejects.toThrow(/valid_filtered\.txt is missing: --splits names/);
  });

  it('by chance hold every clip once, every genre on every side, and repeat with their seed', () => {
    const split = randomSplit(clips, 1);
    const all = sides.flatMap((side) => [...split[side]]);
    expect(all.sort((left, right) => left - right)).toEqual([...clips.keys()]);
    for (const side of sides)
      for (const genre of ['blues', 'jazz'])
        expect(split[side].filter((index) => clips[index]?.genre === genre).length).toBeGreaterThan(3);
    expect(randomSplit(clips, 1)).toEqual(split);
    expect(randomSplit(clips, 2)).not.toEqual(split);
  });
});

describe('scores', () => {
  it('are those of a small confusion done by hand', () => {
    // truth: a a a b b c; said: a a b b c c
    const scores = scoresOf([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2], ['a', 'b', 'c', 'never']);
    expect(scores.accuracy).toBeCloseTo(4 / 6);
    expect(scores.confusion.slice(0, 3)).toEqual([
      [2, 1, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 1, 0],
    ]);
    expect(scores.genres.map(({ precision }) => precision)).toEqual([1, 0.5, 0.5, 0]);
    expect(scores.genres[0]?.recall).toBeCloseTo(2 / 3);
    expect(scores.genres[1]?.f1).toBeCloseTo(0.5);
    // A genre without test clips is in no mean.
    expect(scores.macro.recall).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3);
  });
});

it('a confusion picture has a cell a pair, the counts, and no markup of a name', () => {
  const svg = drawConfusions(
    [{ title: 'a <b>', confusion: [[7, 0], [2, 3]] }], // prettier-ignore
    ['x', 'R&B'],
  );
  expect(svg.match(/<rect x=/g)).toHaveLength(4);
  expect(svg).toContain('a &lt;b&gt;');
  expect(svg).toContain('R&amp;B');
  expect([...svg.matchAll(/>(\d)<\/text>/g)].map(([, digit]) => digit)).toEqual(['7', '2', '3']);
  // All of a row is the deepest colour.
  expect(svg).toContain('rgb(20 60 130)');
});

describe('report', () => {
  const genres = ['blues', 'jazz'];
  const labels = Array.from({ length: 24 }, (_, index) => index % 2);
  const split = {
    train: [...labels.keys()].slice(0, 12),
    validation: [12, 13],
    test: [...labels.keys()].slice(14),
  };
  const experiment: Experiment = {
    ...{ labels, genres, splits: { filtered: split, random: split }, refused: [], found: 24 },
    ...{ epochs: 2, seeds: 2, modelVersion: 'crnn-x' },
    results: planJobs(2).map((job) => ({
      job,
      result: {
        ...{ id: job.id, parameters: 430_000, bestEpoch: 1, seconds: 3, clips: split.test },
        // Right but for one clip on the filtered side.
        predicted: split.test.map((clip, at) =>
          at === 0 && job.split === 'filtered' ? 1 - (labels[clip] ?? 0) : (labels[clip] ?? 0),
        ),
      },
    })),
  };

  it('shows each random figure beside the filtered one, with why it flatters, and says that clips are too few', () => {
    const { markdown, summary, picture } = reportOf(experiment);
    for (const line of summary.split('\n').filter((text) => text.includes('random 1.00')))
      expect(line).toMatch(/filtered 0\.90 \(0\.\d\d–1\.00\).*random 1\.00 \(1\.00–1\.00\)/);
    expect(summary).toContain('A random split flatters');
    expect(markdown.match(/A random split flatters/g)).toHaveLength(2);
    expect(markdown).toContain('under 50 of blues (12), jazz (12)');
    expect(markdown).toMatch(/\| crnn +\| our weights +\|/);
    expect(picture.match(/filtered<\/text>/g)).toHaveLength(7);
  });

  it('does not warn from 50 clips a genre', () => {
    expect(
      tooFew(
        Array.from({ length: 100 }, (_, index) => index % 2),
        genres,
      ),
    ).toBeNull();
  });
});
