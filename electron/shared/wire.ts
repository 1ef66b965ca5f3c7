/** What travels between a client and the dispatcher, whatever carries it (message port, local socket, HTTP). */
import type { WireError } from './errors.ts';

export type ClientMessage =
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly input: unknown }
  /** Cancel is a message with the request's id. */
  | { readonly kind: 'cancel'; readonly id: number };

export type ServerMessage =
  | { readonly kind: 'response'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown };
