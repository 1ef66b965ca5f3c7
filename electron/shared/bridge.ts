/**
 * What the preload script exposes as `window.cratewise`, and nothing else. In the local web app there is
 * no bridge: the renderer's api/ then speaks HTTP to the same dispatcher.
 */
import type { WireError } from './errors.ts';

export type BridgeReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError };

export interface Bridge {
  /** `id` is the caller's own, for cancel(). */
  request(id: number, name: string, input: unknown): Promise<BridgeReply>;
  cancel(id: number): void;
  /** Every event of the engine. Returns the function that ends the subscription. */
  subscribe(listener: (name: string, payload: unknown) => void): () => void;
  /** The system's folder dialogue; empty when the user cancels. */
  chooseFolders(): Promise<readonly string[]>;
  /** The system's save dialogue; null when the user cancels. */
  chooseSaveFile(suggestedName: string): Promise<string | null>;
  /** Absolute paths of files or folders dropped on the window. */
  pathsOf(files: readonly unknown[]): readonly string[];
  /** Shows a track's file in the system's file manager. */
  revealTrack(trackId: number): void;
  /** Commands of the application menu. */
  onMenu(listener: (command: MenuCommand) => void): () => void;
}

/** What the application menu asks the window to do; the rest of the menu (zoom, quit, …) main does itself. */
export const menuCommands = [
  'add-folder',
  'rescan',
  'new-playlist',
  'export-playlist',
  'find',
  'play-pause',
  'previous-track',
  'next-track',
  'show-similar',
  'shortcuts',
  'about',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

/** Names of the messages between the preload script and the main process; nothing else uses them. */
export const channels = {
  request: 'request',
  cancel: 'cancel',
  chooseFolders: 'choose-folders',
  chooseSaveFile: 'choose-save-file',
  revealTrack: 'reveal-track',
  /** To the window: [name, payload] of an engine event. */
  event: 'event',
  /** To the window: a MenuCommand. */
  menu: 'menu',
} as const;

/** Where the player and covers come from: library tracks by id only, never by path. */
export const mediaScheme = 'media';
/** track: the file as it is; wav: decoded by the host (see PlayableFile); cover: its picture. */
export type MediaKind = 'track' | 'wav' | 'cover';
export function mediaUrl(base: string, kind: MediaKind, trackId: number): string {
  return `${base}${kind}/${trackId}`;
}
