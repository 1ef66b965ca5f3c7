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
  /** The system's dialogue for a folder to write into; null when the user cancels. */
  chooseFolder(): Promise<string | null>;
  /** The system's save dialogue; null when the user cancels. */
  chooseSaveFile(suggestedName: string, purpose: FilePurpose): Promise<string | null>;
  /** The system's dialogue for a file that is there; null when the user cancels. */
  chooseFile(purpose: FilePurpose): Promise<string | null>;
  /** Absolute paths of files or folders dropped on the window. */
  pathsOf(files: readonly unknown[]): readonly string[];
  /** Shows a track's file in the system's file manager. */
  revealTrack(trackId: number): void;
  /** Shows the folder with the library and its backups in the system's file manager. */
  openDataFolder(): void;
  /** How large everything is drawn; 1 is as designed. */
  setZoom(factor: number): void;
  /** Looks up the files of tracks that are about to be dragged. */
  prepareDrag(trackIds: readonly number[]): Promise<void>;
  /** The pointer left the window: the system goes on with the files that were looked up. */
  startDrag(): void;
  /** Commands of the application menu. */
  onMenu(listener: (command: MenuCommand) => void): () => void;
}

/** What a file is chosen for: decides the words and the file types of the system's dialogue. */
export const filePurposes = ['export', 'import', 'backup'] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** What the application menu asks the window to do; the rest of the menu (quit, full screen, …) main does itself. */
export const menuCommands = [
  'undo',
  'redo',
  'palette',
  'settings',
  'activity',
  'zoom-in',
  'zoom-out',
  'zoom-reset',
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
  chooseFolder: 'choose-folder',
  chooseSaveFile: 'choose-save-file',
  chooseFile: 'choose-file',
  revealTrack: 'reveal-track',
  openDataFolder: 'open-data-folder',
  prepareDrag: 'prepare-drag',
  startDrag: 'start-drag',
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
