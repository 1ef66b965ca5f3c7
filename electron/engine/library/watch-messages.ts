/** What the engine and the thread that watches folders say to each other. Messages of a watch stay in their order. */
import type { WatchOptions } from './watch.ts';

/** Which folder is watched and how, without the functions that hear of it. */
export type WatchPlace = Omit<WatchOptions, 'onPaths' | 'onFirstSight' | 'onReady' | 'onProblem'>;

/** Path, bytes and time of a file, as `WatchOptions.onFirstSight` is told them. */
export type Sight = readonly [path: string, sizeBytes: number, modifiedAt: number];

export type ToWatchThread =
  | { readonly kind: 'watch'; readonly watch: number; readonly place: WatchPlace }
  | { readonly kind: 'close'; readonly watch: number };

export type FromWatchThread =
  | { readonly kind: 'sights'; readonly watch: number; readonly sights: readonly Sight[] }
  | { readonly kind: 'paths'; readonly watch: number; readonly paths: readonly string[] }
  | { readonly kind: 'ready'; readonly watch: number }
  | { readonly kind: 'problem'; readonly watch: number; readonly limit: boolean; readonly error: string }
  | { readonly kind: 'closed'; readonly watch: number };
