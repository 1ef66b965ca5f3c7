/** Which dialogue is open: one at a time. What it is for is data, so that any part of the window can open it. */
import type { Folder, Playlist, PlaylistKind, TagProposal, Track } from '#shared/domain.ts';
import type { UndoTarget } from './tagging/history.svelte.ts';

export type Dialog =
  | { readonly kind: 'add-folder' }
  /** `parentId`: the folder it is made in; the top when absent. */
  | {
      readonly kind: 'new-playlist';
      /** A playlist when absent. */
      readonly of?: Exclude<PlaylistKind, 'smart'>;
      readonly trackIds: readonly number[];
      readonly parentId?: number | null;
    }
  /** A new smart playlist (null), or the rules of one. */
  | { readonly kind: 'smart-rules'; readonly playlist: Playlist | null; readonly parentId?: number | null }
  | { readonly kind: 'move-list'; readonly playlist: Playlist }
  | { readonly kind: 'generate-playlist'; readonly genre: string; readonly name: string }
  | { readonly kind: 'rename-playlist'; readonly playlist: Playlist }
  | { readonly kind: 'delete-playlist'; readonly playlist: Playlist }
  | { readonly kind: 'export-playlist'; readonly playlist: Playlist }
  | { readonly kind: 'export-library' }
  | { readonly kind: 'import' }
  | { readonly kind: 'remove-folder'; readonly folder: Folder }
  | { readonly kind: 'purge'; readonly trackIds: readonly number[] }
  | { readonly kind: 'backup-path'; readonly purpose: 'back-up' | 'restore' }
  | { readonly kind: 'restore'; readonly file: string }
  /** `tracks`: those whose genres are known here. */
  | {
      readonly kind: 'correct-genre';
      readonly trackIds: readonly number[];
      readonly tracks: readonly Track[];
    }
  | { readonly kind: 'edit-tags'; readonly track: Track; readonly proposal: TagProposal }
  | { readonly kind: 'accept-tags-above' }
  | { readonly kind: 'write-tags' }
  /** `again`: an undo is taken back. */
  | { readonly kind: 'undo-tags'; readonly what: UndoTarget; readonly again: boolean }
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'about' };

export class Dialogs {
  #open = $state.raw<Dialog | null>(null);
  #problem = $state<string | null>(null);

  get open(): Dialog | null {
    return this.#open;
  }

  /** Why what was entered could not be done, in words. */
  get problem(): string | null {
    return this.#problem;
  }

  show(dialog: Dialog): void {
    this.#open = dialog;
    this.#problem = null;
  }

  /** Says so where the user looks: in the dialogue. */
  fail(problem: string): void {
    this.#problem = problem;
  }

  close(): void {
    this.#open = null;
    this.#problem = null;
  }
}
