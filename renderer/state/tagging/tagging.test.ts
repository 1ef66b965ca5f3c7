import { describe, expect, it, vi } from 'vitest';
import type { TagBatch, TagPreview, TagWrite } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { Browser } from '../browser.svelte.ts';
import { Dialogs } from '../dialogs.svelte.ts';
import { Edits } from '../edits.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { someTrack } from '../scripted-client.fixture.ts';
import { TagHistory } from './history.svelte.ts';
import { TagPolicies } from './policy.svelte.ts';
import { TagPreviews } from './previews.svelte.ts';
import { engineWithProposals } from './proposals.fixture.ts';
import { Tagging } from './tagging.svelte.ts';
import { WritePlan } from './write-plan.svelte.ts';
import { filesLeft, TagWriting } from './writing.svelte.ts';

function someBatch(id: number, part: Partial<TagBatch> = {}): TagBatch {
  return {
    ...{ id, at: 0, kind: 'write', state: 'done', files: 3, written: 3, failed: 0, undone: 0 },
    ...part,
  };
}
function someWrite(id: number, part: Partial<TagWrite> = {}): TagWrite {
  return {
    ...{ id, batchId: 1, trackId: id, path: `/music/${id}.flac`, at: 0, field: 'genre' },
    ...{ before: [], after: ['House'], state: 'written', problem: null },
    ...part,
  };
}
const preview = (trackId: number, method: TagPreview['method'] = 'in-place'): TagPreview => ({
  ...{ trackId, path: `/music/${trackId}.flac`, format: 'FLAC, Vorbis comment', method, items: [] },
  ...{ keptItems: 5, audioBytes: 1000, sizeBefore: 2000, sizeAfter: 2000 },
});

function taggingOver(engine: ReturnType<typeof engineWithProposals>) {
  const { client } = engine;
  Object.assign(client.answers, {
    'tags.batches': () => ({ total: 0, batches: [] }),
    'tags.writes': () => ({ total: 0, writes: [] }),
    'tracks.list': ({ trackIds }: { trackIds: readonly number[] }) => trackIds.map((id) => someTrack(id)),
    'edits.undo': () => {
      engine.undo();
      return { undo: null, redo: null };
    },
  });
  const parts = {
    client,
    browser: new Browser(client),
    dialogs: new Dialogs(),
    edits: new Edits(client),
    notices: new Notices(),
    player: { letGo: vi.fn<() => void>() },
  };
  parts.edits.listen();
  return { ...parts, tagging: new Tagging(parts) };
}

describe('Tagging', () => {
  it('takes the last decision back, and nothing that was done elsewhere', async () => {
    const engine = engineWithProposals(2);
    const { client, tagging } = taggingOver(engine);
    await tagging.review.open();
    await tagging.decide('accept');
    const step = { id: 4, at: 0, subject: '4', count: 1, label: 'Accept' };
    client.emit('edits.changed', { undo: { ...step, action: 'rate' }, redo: null });
    await tagging.undoDecision();
    expect(engine.proposal(1)?.state).toBe('accepted');
    client.emit('edits.changed', { undo: { ...step, action: 'review' }, redo: null });
    await tagging.undoDecision();
    expect([engine.proposal(1)?.state, tagging.review.focused?.track.id]).toEqual(['open', 1]);
    expect(client.inputsOf('edits.undo')).toEqual([{ editId: 4 }]);
  });

  it('counts what is sure enough before it accepts it', async () => {
    const engine = engineWithProposals(3);
    const { tagging, notices } = taggingOver(engine);
    await tagging.review.open();
    const { summary, names } = await tagging.countAbove(0.5, new AbortController().signal);
    expect([summary.proposals, names.get(1)]).toEqual([3, 'Artist – Track 1']);
    expect(engine.proposal(1)?.state).toBe('open');
    expect(await tagging.acceptAbove(0.5)).toBe(true);
    expect([engine.proposal(3)?.state, tagging.review.counts.accepted]).toEqual(['accepted', 3]);
    expect(notices.messages[0]?.action?.label).toBe('Undo');
  });

  it('tells why a batch of writes did not reach every file', async () => {
    const { client, notices, tagging } = taggingOver(engineWithProposals(1));
    tagging.listen();
    const progress = { batchId: 1, kind: 'write', files: 3, secondsLeft: null } as const;
    client.emit('tags.progress', { ...progress, done: 1, failed: 0, finished: false });
    expect([tagging.writing.progress?.done, tagging.writing.share]).toEqual([1, 1 / 3]);
    client.emit('tags.progress', { ...progress, done: 2, failed: 1, finished: true });
    await vi.waitFor(() => expect(notices.messages).toHaveLength(1));
    expect(notices.messages[0]?.text).toBe('Tags written into 2 files; 1 file could not be written.');
    expect(tagging.writing.progress).toBeNull();
  });

  it('tells what was left alone when writes are taken back', async () => {
    const { client, notices, tagging } = taggingOver(engineWithProposals(1));
    const conflict = { ...{ writeId: 1, trackId: 1, path: '/a', field: 'genre' as const }, before: [] };
    client.answers['tags.undo'] = () => ({
      ...{ batchId: 2, restored: 1, files: 1, failed: [] },
      conflicts: [{ ...conflict, written: ['House'], now: ['Techno'] }],
    });
    await tagging.undo({ batchId: 1 });
    expect(notices.messages.map(({ kind }) => kind)).toEqual(['done', 'problem']);
  });

  it('proposes for the selected tracks, once at a time', async () => {
    const { client, notices, tagging } = taggingOver(engineWithProposals(1));
    client.answers['tags.propose'] = () => ({
      ...{ tracks: 2, proposals: 1, unchanged: 0, withdrawn: 0 },
      withoutProposal: { missing: 0, offline: 0, notAnalysed: 1, unknown: 0, nothingToDo: 0 },
    });
    await Promise.all([tagging.propose({ trackIds: [1, 2] }), tagging.propose({})]);
    expect(client.inputsOf('tags.propose')).toEqual([{ trackIds: [1, 2] }]);
    expect(notices.messages[0]?.text).toContain('1 track not analysed yet');
    expect(notices.messages[0]?.action?.label).toBe('Review');
  });
});

describe('TagWriting', () => {
  it('knows what was left unfinished, and what failed or waits in the newest batch', async () => {
    const { client } = engineWithProposals(0);
    const batches = [someBatch(2, { state: 'stopped', files: 5, written: 2, failed: 1 }), someBatch(1)];
    client.answers['tags.batches'] = () => ({ total: 2, batches });
    client.answers['tags.writes'] = () => ({
      total: 3,
      writes: [
        someWrite(1),
        someWrite(2, { state: 'failed', problem: { code: 'file-read-only', detail: 'no' } }),
        someWrite(3, { state: 'waiting' }),
      ],
    });
    const writing = new TagWriting(client);
    await writing.refresh();
    expect(writing.unfinished.map(filesLeft)).toEqual([2]);
    expect(writing.failures.map(({ id }) => id)).toEqual([2]);
    expect(writing.waiting.map(({ id }) => id)).toEqual([3]);
    expect(writing.undoable?.id).toBe(2);
  });
});

describe('WritePlan', () => {
  it('counts files by field, and looks into them', async () => {
    const { client } = engineWithProposals(3);
    await client.request('tags.decide', { proposalIds: [1, 2, 3], decision: 'accept' });
    client.answers['tags.preview'] = ({ trackId }) => {
      if (trackId === 2) throw new AppError('file-read-only', '2.flac');
      return preview(trackId, trackId === 3 ? 'rewrite' : 'in-place');
    };
    const plan = new WritePlan(client);
    expect([plan.files, plan.complete]).toEqual([null, false]);
    await plan.make(new AbortController().signal);
    expect(plan.fields).toEqual([{ field: 'genre', files: 3 }]);
    expect([plan.files, plan.inPlace, plan.anew, plan.complete]).toEqual([3, 1, 1, true]);
    expect(plan.refused.map(({ problem }) => problem.code)).toEqual(['file-read-only']);
  });
});

describe('TagHistory', () => {
  it('opens the newest batch, and knows which writes are of one file', async () => {
    const { client } = engineWithProposals(0);
    client.answers['tags.batches'] = () => ({ total: 1, batches: [someBatch(7)] });
    client.answers['tags.writes'] = () => ({
      total: 3,
      writes: [
        someWrite(1, { path: '/a' }),
        someWrite(2, { path: '/b' }),
        someWrite(3, { path: '/b', field: 'mood' }),
      ],
    });
    const history = new TagHistory(client);
    await history.refresh();
    expect([history.open?.id, history.writes.total, history.focus]).toEqual([7, 3, 0]);
    history.moveTo(2);
    expect(history.ofFile(history.focus).map(({ id }) => id)).toEqual([2, 3]);
    expect(history.focused?.field).toBe('mood');
  });
});

describe('TagPreviews', () => {
  it('looks into the file one stays at, and tells why it cannot be written', async () => {
    vi.useFakeTimers();
    const { client } = engineWithProposals(0);
    client.answers['tags.preview'] = ({ trackId }) => {
      if (trackId === 3) throw new AppError('tags-damaged', '3.flac');
      return preview(trackId);
    };
    const previews = new TagPreviews(client);
    previews.show(1);
    previews.show(2);
    await vi.advanceTimersByTimeAsync(500);
    expect([previews.preview?.trackId, previews.asking]).toEqual([2, false]);
    previews.show(3);
    expect(previews.preview).toBeNull();
    await vi.advanceTimersByTimeAsync(500);
    expect([previews.preview, previews.error?.code]).toEqual([null, 'tags-damaged']);
    expect(client.inputsOf('tags.preview').map(({ trackId }) => trackId)).toEqual([2, 3]);
    vi.useRealTimers();
  });
});

describe('TagPolicies', () => {
  it('changes one part and leaves the others', async () => {
    const { client } = engineWithProposals(0);
    const field = { mode: 'empty', minimumConfidence: 0.5, most: 2 } as const;
    let policy = {
      ...{ fields: { genre: field, mood: field, grouping: field }, genreLevel: 'styles' as const },
      ...{ groupingFrom: 'families' as const, names: { 'Drum & Bass': 'D&B' }, joinWith: null },
      ...{ separator: '; ' as const, secondaryTags: 'in-step' as const },
      ...{ keepModifiedTime: true, preferInPlace: true },
    };
    client.answers['tags.policy'] = () => policy;
    client.answers['tags.setPolicy'] = (part) =>
      (policy = { ...policy, ...(part as Partial<typeof policy>) });
    let proposed = ['House'];
    client.answers['tags.example'] = ({ trackId = 7 }) => ({
      ...{ trackId, title: 'A', artist: null, path: '/music/a.flac' },
      fields: [{ field: 'genre', old: [], proposed, why: null }],
    });
    const policies = new TagPolicies(client);
    await policies.refresh();
    expect(policies.example).toMatchObject({ trackId: 7, fields: [{ proposed: ['House'] }] });
    expect(policies.changed).toBe(false);
    await policies.changeField('mood', { most: 5 });
    expect(policies.values?.fields).toEqual({ genre: field, mood: { ...field, most: 5 }, grouping: field });
    proposed = ['house music'];
    await policies.rename('House', 'house music');
    expect(policies.example?.fields).toMatchObject([{ proposed: ['house music'] }]);
    expect(client.inputsOf('tags.example').at(-1)).toEqual({ trackId: 7 });
    await policies.rename('Drum & Bass', null);
    expect([policies.values?.names, policies.changed]).toEqual([{ House: 'house music' }, true]);
    policies.applied();
    expect(policies.changed).toBe(false);
  });
});
