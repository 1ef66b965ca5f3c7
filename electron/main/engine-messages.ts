/** What main and the engine process say to each other, beside the contract that passes through. */
import type { ComputerState } from '#engine/engine.ts';
import type { WireError } from '#shared/errors.ts';
import type { ClientMessage, ServerMessage } from '#shared/wire.ts';

/** The engine ended on purpose and wants to be started again. */
export const RESTART_EXIT_CODE = 75;

export interface EngineStart {
  readonly dataDir: string | undefined;
  readonly modelDir: string;
  /** Of the app. */
  readonly version: string;
}

/** Processes that the engine asks main for. */
export type ChildKind = 'analyser' | 'player';

export type ToEngine =
  | { readonly kind: 'start'; readonly options: EngineStart }
  | { readonly kind: 'client'; readonly message: ClientMessage }
  /** With a port: the other end is in the child process of that number. */
  | { readonly kind: 'child'; readonly number: number }
  | { readonly kind: 'child-exit'; readonly number: number; readonly code: number }
  | { readonly kind: 'computer'; readonly state: ComputerState }
  | { readonly kind: 'close' };

export type FromEngine =
  | { readonly kind: 'ready' }
  /** The library cannot be opened: the sentence is for the user, there is nothing to restart. */
  | { readonly kind: 'unusable'; readonly error: WireError }
  | { readonly kind: 'server'; readonly message: ServerMessage }
  | { readonly kind: 'spawn-child'; readonly number: number; readonly child: ChildKind }
  | { readonly kind: 'kill-child'; readonly number: number }
  | { readonly kind: 'closed' };
