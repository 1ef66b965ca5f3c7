import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownTrack } from '#engine/storage/library/tracks.ts';
import type { FoundFile } from './discover.ts';
import { reconcile } from './reconcile.ts';
import type { Decisions, ReconcileInput } from './reconcile.ts';

function decide(
  known: readonly KnownTrack[],
  found: readonly FoundFile[],
  more: Partial<ReconcileInput> = {},
): Decisions {
  const steps = reconcile({
    known: new Map(known.map((track) => [track.relativePath, track])),
    found,
    elsewhere: [],
    tagReaderVersion: 1,
    isUnreadable: () => false,
    ...more,
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function track(id: number, relativePath: string, more: Partial<KnownTrack> = {}): KnownTrack {
  return {
    id,
    folderId: 1,
    relativePath,
    sizeBytes: 1000 + id,
    modifiedAt: 5000 + id,
    inode: `1:${id}`,
    state: 'present',
    tagsRead: 1,
    analysis: 'done',
    hashed: true,
    ...more,
  };
}

/** The file of a track, as it is found. */
function fileOf(
  from: KnownTrack,
  relativePath = from.relativePath,
  more: Partial<FoundFile> = {},
): FoundFile {
  const { sizeBytes, modifiedAt, inode } = from;
  return { relativePath, sizeBytes, modifiedAt, inode, problem: null, ...more };
}

/** Which track each file went to: "path: id", and what became of the others. */
function outcome(decisions: Decisions): string[] {
  return [
    ...decisions.unchanged.map((each) => `${each.relativePath}: ${each.id}`),
    ...decisions.returned.map((each) => `${each.relativePath}: ${each.id} returned`),
    ...decisions.changed.map((each) => `${each.file.relativePath}: ${each.track.id} changed`),
    ...decisions.moved.map((each) => `${each.file.relativePath}: ${each.track.id} moved`),
    ...decisions.created.map((each) => `${each.relativePath}: new`),
    ...decisions.missing.map((each) => `${each.id} missing`),
    ...decisions.displaced.map((each) => `${each.id} displaced`),
  ].sort();
}

describe('reconcile', () => {
  const a = track(1, 'a.mp3');
  const b = track(2, 'b.mp3');

  it('knows a file by path, size and time', () => {
    expect(outcome(decide([a, b], [fileOf(a), fileOf(b, 'b.mp3', { modifiedAt: 9 })]))).toEqual([
      'a.mp3: 1',
      'b.mp3: 2 changed',
    ]);
  });

  it('needs no inode to know an untouched file: they differ after a drive was plugged in anew', () => {
    expect(outcome(decide([a], [fileOf(a, 'a.mp3', { inode: '9:9' })]))).toEqual(['a.mp3: 1']);
  });

  it.each(['missing', 'offline'] as const)('takes a %s track back', (state) => {
    expect(outcome(decide([{ ...a, state }], [fileOf(a)]))).toEqual(['a.mp3: 1 returned']);
  });

  it('knows a moved file by its inode among others that look alike', () => {
    const twins = [1, 2, 3].map((id) => track(id, `${id}.mp3`, { sizeBytes: 7, modifiedAt: 7 }));
    const [one, two, three] = twins as [KnownTrack, KnownTrack, KnownTrack];
    expect(
      outcome(decide(twins, [fileOf(three, 'x/c.mp3'), fileOf(one, 'x/a.mp3'), fileOf(two, 'x/b.mp3')])),
    ).toEqual(['x/a.mp3: 1 moved', 'x/b.mp3: 2 moved', 'x/c.mp3: 3 moved']);
  });

  it('knows it by its name on another disk, and guesses never', () => {
    const twins = [1, 2, 3].map((id) => track(id, `${id}.mp3`, { sizeBytes: 7, modifiedAt: 7, inode: null }));
    const elsewhere = { sizeBytes: 7, modifiedAt: 7, inode: null, problem: null };
    const found = ['x/1.mp3', 'x/some.mp3', 'x/other.mp3'].map((relativePath) => ({
      relativePath,
      ...elsewhere,
    }));
    expect(outcome(decide(twins, found))).toEqual([
      '2 missing',
      '3 missing',
      'x/1.mp3: 1 moved',
      'x/other.mp3: new',
      'x/some.mp3: new',
    ]);
    // Not even when only one is left: another file of a pack has the same size and time.
    expect(outcome(decide([twins[1] as KnownTrack], found.slice(1, 2)))).toEqual([
      '2 missing',
      'x/some.mp3: new',
    ]);
  });

  it('takes a track from another folder whose file is gone', () => {
    const gone = track(7, 'old/g.mp3', { folderId: 2, state: 'missing' });
    expect(outcome(decide([a], [fileOf(a), fileOf(gone, 'new/g.mp3')], { elsewhere: [gone] }))).toEqual([
      'a.mp3: 1',
      'new/g.mp3: 7 moved',
    ]);
  });

  it('leaves alone what it could not look at', () => {
    expect(
      outcome(
        decide([a, track(3, 'locked/c.mp3')], [], { isUnreadable: (path) => path.startsWith('locked/') }),
      ),
    ).toEqual(['1 missing']);
    const locked = track(3, 'locked/c.mp3');
    const copy = fileOf(locked, 'copy/c.mp3', { inode: '1:99' });
    expect(outcome(decide([locked], [copy], { isUnreadable: () => true }))).toEqual(['copy/c.mp3: new']);
  });

  it('gives a copy no track of a file that may not be read now', () => {
    const problem = { code: 'file-not-readable', detail: '' } as const;
    const secret = fileOf(a, 'a.mp3', { sizeBytes: 0, modifiedAt: 0, inode: null, problem });
    expect(outcome(decide([a], [secret, fileOf(a, 'copy/a.mp3', { inode: '1:99' })]))).toEqual([
      'a.mp3: 1 changed',
      'copy/a.mp3: new',
    ]);
  });

  it('reads again what an older reader read', () => {
    expect(outcome(decide([{ ...a, tagsRead: 0 }], [fileOf(a)]))).toEqual(['a.mp3: 1 changed']);
  });

  it('takes no empty file for another', () => {
    const empty = track(5, 'e.mp3', { sizeBytes: 0 });
    const problem = { code: 'file-empty', detail: '' } as const;
    expect(outcome(decide([empty], [fileOf(empty, 'f.mp3', { problem })]))).toEqual([
      '5 missing',
      'f.mp3: new',
    ]);
  });

  it('accounts for every file and every track once, and lets no two meet, whatever was renamed', () => {
    // Few names and few fingerprints: everything collides with everything.
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'x/a', 'x/b', 'y/a');
    const stamp = fc.record({
      sizeBytes: fc.constantFrom(0, 1, 2),
      modifiedAt: fc.constantFrom(1, 2),
      inode: fc.constantFrom(null, '1:1', '1:2', '1:3'),
    });
    const state = fc.constantFrom<KnownTrack['state']>('present', 'missing', 'offline');
    const knowns = fc.uniqueArray(fc.tuple(name, stamp, state), { selector: ([path]) => path });
    const founds = fc.uniqueArray(fc.tuple(name, stamp), { selector: ([path]) => path });
    fc.assert(
      fc.property(knowns, founds, fc.array(stamp, { maxLength: 3 }), (rawKnown, rawFound, rawElsewhere) => {
        const known = rawKnown.map(([path, own, where], index) =>
          track(index + 1, path, { ...own, state: where }),
        );
        const found = rawFound.map(([relativePath, own]) => ({ relativePath, ...own, problem: null }));
        const elsewhere = rawElsewhere.map((own, index) =>
          track(100 + index, `z${index}`, { ...own, folderId: 2 }),
        );
        const decisions = decide(known, found, { elsewhere });
        const kept = [...decisions.unchanged, ...decisions.returned].map(
          (each) => [each.relativePath, each.id] as const,
        );
        const given = [...decisions.changed, ...decisions.moved].map(
          (each) => [each.file.relativePath, each.track.id] as const,
        );
        const created = decisions.created.map((each) => each.relativePath);
        const taken = [...kept, ...given];
        const paths = [...taken.map(([path]) => path), ...created];
        expect([...paths].sort()).toEqual(found.map((file) => file.relativePath).sort());
        const ids = [
          ...taken.map(([, id]) => id),
          ...[...decisions.missing, ...decisions.displaced].map((each) => each.id),
        ];
        expect(new Set(ids).size).toBe(ids.length);
        const silent = known.filter((each) => !ids.includes(each.id));
        expect(silent.every((each) => each.state === 'missing')).toBe(true);
        // Whoever keeps its old path without being found there must not lie where a file lies now.
        for (const each of [...silent, ...decisions.missing]) expect(paths).not.toContain(each.relativePath);
      }),
      { numRuns: 500 },
    );
  });
});
