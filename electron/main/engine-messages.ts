/** What main and the engine process say to each other, beside the contract that passes through. */
import type { WireError } from '#shared/errors.ts';
import type { ClientMessage, ServerMessage } from '#shared/wire.ts';

export interface EngineStart {
  readonly dataDir: string | undefined;
  readonly modelDir: string;
  /** Of the app. */
  readonly version: string;
}

export type ToEngine =
  | { readonly kind: 'start'; readonly options: EngineStart }
  | { readonly kind: 'client'; readonly message: ClientMessage }
  /** With a port: the other end is in the analyser process of that number. */
  | { readonly kind: 'analyser'; readonly number: number }
  | { readonly kind: 'analyser-exit'; readonly number: number; readonly code: number }
  | { readonly kind: 'close' };

export type FromEngine =
  | { readonly kind: 'ready' }
  /** The library cannot be opened: the sentence is for the user, there is nothing to restart. */
  | { readonly kind: 'unusable'; readonly error: WireError }
  | { readonly kind: 'server'; readonly message: ServerMessage }
  | { readonly kind: 'spawn-analyser'; readonly number: number }
  | { readonly kind: 'kill-analyser'; readonly number: number }
  | { readonly kind: 'closed' };
