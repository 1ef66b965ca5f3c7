/**
 * How much each list holds; a folder, each track once. Counting a smart playlist reads much of the library, so what was counted is kept: after an
 * edit of the list it is counted anew at once; after other changes of the library behind, in short turns, and who
 * shows playlists is told when a number changed.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { PlaylistId, PlaylistKind } from '#shared/domain.ts';
import type { PlaylistNode, Totals } from '#engine/storage/library/playlists.ts';

/** While a scan changes the library several times a second, counting every two seconds is live enough. */
const RECOUNT_AFTER_MS = 2000;

interface Counted {
  readonly kind: PlaylistKind;
  readonly totals: Totals;
  /** What the list was then: other rules make other numbers. */
  readonly rules: string;
  readonly revision: number;
}

export interface ListTotals {
  /** Of one list, counted now if it was edited or never counted. */
  of(node: PlaylistNode): Totals;
  /** Of all lists; those never counted are counted with turns for others in between. */
  ofAll(nodes: readonly PlaylistNode[]): Promise<ReadonlyMap<PlaylistId, Totals>>;
  /** The rows of a list were edited; null: of any. */
  forget(playlistId: PlaylistId | null): void;
  close(): void;
}

export interface ListTotalsOptions {
  readonly count: (node: PlaylistNode) => Totals;
  /** The lists that there are now. */
  readonly nodes: () => readonly PlaylistNode[];
  /** Grows with every change of the library. */
  readonly revision: () => number;
  /** Numbers that were given out have changed. */
  readonly changed: () => void;
  readonly recountAfterMs?: number;
}

function rulesOf({ rules }: PlaylistNode): string {
  return JSON.stringify(rules);
}

export function createListTotals(options: ListTotalsOptions): ListTotals {
  const known = new Map<PlaylistId, Counted>();
  const abort = new AbortController();
  let recounting = false;

  function count(node: PlaylistNode): Totals {
    const totals = options.count(node);
    known.set(node.id, { kind: node.kind, totals, rules: rulesOf(node), revision: options.revision() });
    return totals;
  }

  function knownOf(node: PlaylistNode): Counted | undefined {
    const counted = known.get(node.id);
    return counted?.rules === rulesOf(node) ? counted : undefined;
  }

  function isOld(node: PlaylistNode): boolean {
    return knownOf(node)?.revision !== options.revision();
  }

  async function recount(): Promise<void> {
    await setTimeout(options.recountAfterMs ?? RECOUNT_AFTER_MS, undefined, {
      signal: abort.signal,
      ref: false,
    });
    let changed = false;
    for (const node of options.nodes()) {
      if (!isOld(node)) continue;
      const before = known.get(node.id)?.totals;
      const after = count(node);
      changed ||= before?.trackCount !== after.trackCount || before.durationSeconds !== after.durationSeconds;
      await setImmediate(undefined, { signal: abort.signal });
    }
    if (changed) options.changed();
  }

  function recountBehind(): void {
    if (recounting || abort.signal.aborted) return;
    recounting = true;
    void recount()
      .catch(() => {}) // The engine ends, or the library cannot be read: whoever asks gets the error.
      .finally(() => (recounting = false));
  }

  return {
    of(node) {
      return knownOf(node)?.totals ?? count(node);
    },
    async ofAll(nodes) {
      const all = new Map<PlaylistId, Totals>();
      for (const node of nodes) {
        const before = knownOf(node);
        all.set(node.id, before?.totals ?? count(node));
        if (before === undefined) await setImmediate();
      }
      if (nodes.some(isOld)) recountBehind();
      return all;
    },
    forget(playlistId) {
      for (const [id, { kind }] of known) {
        // A folder holds what its lists hold, whichever of them it was.
        if (kind === 'folder' || (kind !== 'smart' && (playlistId === null || playlistId === id)))
          known.delete(id);
      }
    },
    close: () => abort.abort(),
  };
}
