/** The tree of playlists, crates, smart playlists and folders: its lines, and where what is dragged may land. */
import FolderClosed from '@lucide/svelte/icons/folder';
import type { Playlist } from '#shared/domain.ts';
import type { DropPlace, TreeNode } from '../../elements/tree-node.ts';
import { formatCount } from '../../lib/format.ts';
import type { DragPayload } from '../../lib/pointer-drag.svelte.ts';
import type { Playlists } from '../../state/playlists.svelte.ts';
import { listIcons } from '../playlists/list-actions.ts';

const prefix = 'playlist:';

/** In the tree a folder is one that is there, not one to be made. */
const icons = { ...listIcons, folder: FolderClosed };

/** The id of a list's line in the tree. */
export function listNode(list: Pick<Playlist, 'id'>): string {
  return `${prefix}${list.id}`;
}
/** The id of the list of a line. */
export function listOfNode(node: string): number {
  return Number(node.slice(prefix.length));
}

/** The lines on screen: folders before what is in them, closed ones without it. */
export function listNodes(
  playlists: Playlists,
  isOpen: (node: string) => boolean,
  parentId: number | null = null,
  level = 1,
): readonly TreeNode[] {
  return playlists.childrenOf(parentId).flatMap((list) => {
    const id = listNode(list);
    const expanded = list.kind === 'folder' ? isOpen(id) : null;
    const note = formatCount(list.trackCount);
    const node = { id, name: list.name, level, icon: icons[list.kind], note, expanded };
    return [node, ...(expanded === true ? listNodes(playlists, isOpen, list.id, level + 1) : [])];
  });
}

/** Tracks go into playlists and crates; lists go between others and into folders, but never into themselves. */
export function dropPlaces(
  playlists: Playlists,
  target: Playlist,
  payload: Pick<DragPayload, 'kind' | 'id'>,
): readonly DropPlace[] {
  if (payload.kind === 'tracks') {
    return target.kind === 'playlist' || target.kind === 'crate' ? ['inside'] : [];
  }
  const moved = payload.id === undefined ? undefined : playlists.byId(payload.id);
  const inItself = [...playlists.foldersAround(target), target].some(({ id }) => id === moved?.id);
  if (moved === undefined || inItself) return [];
  return target.kind === 'folder' ? ['before', 'inside', 'after'] : ['before', 'after'];
}

/** Where a list dropped there goes: its new folder, and its position among the others there (counted without itself). */
export function landing(
  playlists: Playlists,
  moved: Pick<Playlist, 'id'>,
  target: Playlist,
  place: DropPlace,
): { readonly parentId: number | null; readonly position?: number } {
  if (place === 'inside') return { parentId: target.id };
  const siblings = playlists.childrenOf(target.parentId).filter(({ id }) => id !== moved.id);
  const at = siblings.findIndex(({ id }) => id === target.id);
  return { parentId: target.parentId, position: place === 'before' ? at : at + 1 };
}
