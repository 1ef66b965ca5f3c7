/** Which dialogue is open: one at a time. What it is for is data, so that any part of the window can open it. */
import type { Folder, Playlist } from '#shared/domain.ts';

export type Dialog =
  | { readonly kind: 'add-folder' }
  | { readonly kind: 'new-playlist'; readonly trackIds: readonly number[] }
  | { readonly kind: 'generate-playlist'; readonly genre: string; readonly name: string }
  | { readonly kind: 'rename-playlist'; readonly playlist: Playlist }
  | { readonly kind: 'delete-playlist'; readonly playlist: Playlist }
  | { readonly kind: 'export-playlist'; readonly playlist: Playlist }
  | { readonly kind: 'remove-folder'; readonly folder: Folder }
  | { readonly kind: 'purge'; readonly trackIds: readonly number[] }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'about' };

export class Dialogs {
  #open = $state.raw<Dialog | null>(null);

  get open(): Dialog | null {
    return this.#open;
  }

  show(dialog: Dialog): void {
    this.#open = dialog;
  }

  close(): void {
    this.#open = null;
  }
}
