import { copyFileSync, mkdirSync, renameSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestLibrary, pretendAnalysed, queueOf, writeWav } from './test-library.fixture.ts';
import type { TestLibrary } from './test-library.fixture.ts';

let library: TestLibrary;
beforeEach(() => {
  library = openTestLibrary();
});
afterEach(async () => {
  await library.dispose();
});

function byPath(tracks: readonly { path: string; id: number }[]): Map<string, number> {
  return new Map(tracks.map((track) => [track.path, track.id]));
}

describe('moves', () => {
  it('keeps ids, ratings and playlists of a moved folder of 500 files', async () => {
    for (let each = 0; each < 500; each += 1)
      library.file(`before/${each % 7}/${each}.wav`, { hertz: each + 1 });
    await library.add();
    await library.scan();
    pretendAnalysed(library, (id) => id % 251);
    const before = byPath(await library.tracks());
    mkdirSync(join(library.music, 'after/deep'), { recursive: true });
    renameSync(join(library.music, 'before'), join(library.music, 'after/deep/inside'));
    expect(await library.scan()).toMatchObject({ files: 500, moved: 500, new: 0, missing: 0 });
    const after = byPath(await library.tracks());
    for (const [path, id] of before) expect(after.get(path.replace('before', 'after/deep/inside'))).toBe(id);
    expect((await library.tracks()).every((track) => track.analysis === 'done')).toBe(true);
    expect(queueOf(library).every(({ task, priority }) => task === 'verify' && priority === -1)).toBe(true);
    expect(queueOf(library)).toHaveLength(500);
  });

  it('follows chains and swaps of names', async () => {
    for (const name of ['01', '02', '03', '04'])
      library.file(`${name}.wav`, { title: name, samples: 100 + Number(name) });
    await library.add();
    await library.scan();
    const before = byPath(await library.tracks());
    const at = (name: string): string => join(library.music, `${name}.wav`);
    renameSync(at('03'), at('aside')); // 01 → 02 → 03 → 01, and 04 → 05
    renameSync(at('02'), at('03'));
    renameSync(at('01'), at('02'));
    renameSync(at('aside'), at('01'));
    renameSync(at('04'), at('05'));
    expect(await library.scan()).toMatchObject({ moved: 4, new: 0, missing: 0, changed: 0 });
    const after = byPath(await library.tracks());
    expect(after).toEqual(
      new Map([
        [at('01'), before.get(at('03'))],
        [at('02'), before.get(at('01'))],
        [at('03'), before.get(at('02'))],
        [at('05'), before.get(at('04'))],
      ]),
    );
  });

  it('keeps a track whose place another file took', async () => {
    library.file('a.wav', { title: 'A', samples: 300 });
    library.file('b.wav', { title: 'B', samples: 400 });
    await library.add();
    await library.scan();
    const before = await library.tracks();
    renameSync(join(library.music, 'b.wav'), join(library.music, 'a.wav'));
    expect(await library.scan()).toMatchObject({ moved: 1, missing: 1 });
    const after = await library.tracks();
    expect(after.find((track) => track.path.endsWith('/a.wav'))?.id).toBe(before[1]?.id);
    expect(after.find((track) => track.id === before[0]?.id)).toMatchObject({ state: 'missing', title: 'A' });
  });

  it('moves between folders, whichever is looked at first', async () => {
    const one = join(library.folder, 'one');
    const two = join(library.folder, 'two');
    for (let each = 0; each < 20; each += 1) writeWav(join(one, `${each}.wav`), { hertz: each + 1 });
    mkdirSync(two);
    const [first, second] = await library.add(one, two);
    await library.scan();
    const ids = (await library.tracks()).map((track) => track.id).sort();
    renameSync(join(one, '0.wav'), join(two, '0.wav'));
    await library.scan([second?.id ?? 0]); // the new place first
    expect(await library.scan([first?.id ?? 0])).toMatchObject({ files: 19, missing: 0 });
    renameSync(join(one, '1.wav'), join(two, '1.wav'));
    expect(await library.scan([first?.id ?? 0])).toMatchObject({ missing: 1 }); // the old place first
    expect(await library.scan([second?.id ?? 0])).toMatchObject({ moved: 1, new: 0 });
    expect((await library.tracks()).map((track) => track.id).sort()).toEqual(ids);
    expect((await library.tracks()).every((track) => track.state === 'present')).toBe(true);
  });

  it('takes a copy for a second track', async () => {
    const path = library.file('a.wav');
    await library.add();
    await library.scan();
    const stats = statSync(path);
    copyFileSync(path, join(library.music, 'copy.wav'));
    utimesSync(join(library.music, 'copy.wav'), stats.atime, stats.mtime);
    mkdirSync(join(library.music, 'sub'));
    copyFileSync(path, join(library.music, 'sub/a.wav'));
    utimesSync(join(library.music, 'sub/a.wav'), stats.atime, stats.mtime);
    expect(await library.scan()).toMatchObject({ new: 2, moved: 0, unchanged: 1 });
  });
});
