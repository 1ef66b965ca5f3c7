/** For tests: an engine with proposals that can be decided on, in the order of their tracks. */
import type { Input, Output } from '#shared/contract.ts';
import type { ProposalState, ReviewCounts, ReviewRow, TagProposal } from '#shared/domain.ts';
import { scriptedClient, someTrack } from '../scripted-client.fixture.ts';

export function someProposal(id: number, part: Partial<TagProposal> = {}): TagProposal {
  return {
    id,
    trackId: id,
    field: 'genre',
    old: [],
    proposed: ['House'],
    confidence: 0.8,
    evidence: [{ value: 'House', label: 'House', confidence: 0.8 }],
    state: 'open',
    edited: false,
    problem: null,
    ...part,
  };
}

/** Tracks 1 to `count`, each with an open genre of the id of its track; albums of two tracks. */
export function engineWithProposals(count: number, more: readonly TagProposal[] = []) {
  const all = new Map(
    [...Array.from({ length: count }, (_, index) => someProposal(index + 1)), ...more].map((one) => [
      one.id,
      one,
    ]),
  );
  const steps: ReadonlyMap<number, TagProposal>[] = [];
  const stateAfter = { accept: 'accepted', reject: 'rejected', open: 'open' } as const;
  const albumOf = (trackId: number): string => `album ${Math.ceil(trackId / 2)}`;

  function rowsOf(state: ProposalState, field: string | undefined): readonly ReviewRow[] {
    const fits = (one: TagProposal): boolean =>
      one.state === state && (field === undefined || one.field === field);
    const trackIds = [...new Set([...all.values()].filter(fits).map(({ trackId }) => trackId))];
    return trackIds
      .toSorted((a, b) => a - b)
      .map((trackId) => ({
        track: someTrack(trackId, { album: albumOf(trackId) }),
        proposals: [...all.values()].filter((one) => one.trackId === trackId),
      }));
  }
  function counts(): ReviewCounts {
    const found = { open: 0, accepted: 0, rejected: 0, written: 0 };
    for (const { state } of all.values()) found[state] += 1;
    return found;
  }
  function decide(ids: readonly number[], part: Partial<TagProposal>): number {
    steps.push(new Map(all));
    for (const id of ids) all.set(id, { ...(all.get(id) ?? someProposal(id)), ...part });
    return ids.length;
  }

  const client = scriptedClient({
    'tags.review': ({ state = 'open', field, groupBy, offset, limit }): Output<'tags.review'> => {
      const found = rowsOf(state, field);
      const rows = found.slice(offset, offset + limit);
      const albums = rows.map(({ track }) => albumOf(track.id));
      const groups = [...new Set(albums)].map((key) => ({
        ...{ key, title: key, detail: null },
        tracks: found.filter(({ track }) => albumOf(track.id) === key).length,
        firstRow: albums.indexOf(key),
      }));
      return { total: found.length, rows, counts: counts(), groups: groupBy === 'album' ? groups : [] };
    },
    'tags.decide': ({ proposalIds, decision, values }) => ({
      changed: decide(proposalIds, {
        state: stateAfter[decision],
        ...(values === undefined ? {} : { proposed: values, edited: true }),
      }),
    }),
    'tags.decideAll': ({ group, minimumConfidence = 0, decision, dryRun }: Input<'tags.decideAll'>) => {
      const found = rowsOf('open', undefined)
        .flatMap(({ proposals }) => proposals)
        .filter(({ state, trackId, confidence }) => {
          const inGroup = group === undefined || albumOf(trackId) === group.key;
          return state === 'open' && confidence >= minimumConfidence && inGroup;
        });
      if (!dryRun)
        decide(
          found.map(({ id }) => id),
          { state: stateAfter[decision] },
        );
      return { proposals: found.length, tracks: found.length, sample: found.slice(0, 2) };
    },
  });
  return {
    client,
    proposal: (id: number) => all.get(id),
    /** As undo in the engine does. */
    undo: (): void => {
      for (const [id, one] of steps.pop() ?? []) all.set(id, one);
    },
  };
}
