/** Where the window runs: the desktop app, or a browser tab of the local web host. State sees only this. */
import { mediaScheme, mediaUrl, type Bridge, type MediaKind } from '#shared/bridge.ts';
import type { EngineClient } from '#shared/contract.ts';
import { createBridgeClient } from './bridge-client.ts';
import { createHttpClient } from './http-client.ts';

/** What only the desktop app can do: the system's dialogues, folders dropped and files dragged out, the file manager, the menu. */
export type Desktop = Omit<Bridge, 'request' | 'cancel' | 'subscribe'>;

export interface Host {
  readonly client: EngineClient;
  /** Null in the local web app. */
  readonly desktop: Desktop | null;
  readonly mediaUrl: (kind: MediaKind, trackId: number) => string;
  /** Told whenever the engine goes out of reach (false) and comes back (true). */
  readonly onConnection: (listener: (connected: boolean) => void) => () => void;
}

declare global {
  interface Window {
    readonly cratewise?: Bridge;
  }
}

/** Over the bridge where the preload script made one, else over HTTP to where the page came from. */
export function connectHost(window: Window): Host {
  const bridge = window.cratewise;
  if (bridge !== undefined) {
    return {
      client: createBridgeClient(bridge),
      desktop: bridge,
      mediaUrl: (kind, trackId) => mediaUrl(`${mediaScheme}://`, kind, trackId),
      onConnection: () => () => undefined,
    };
  }
  const { client, onConnection } = createHttpClient(new URL('.', window.location.href));
  return {
    client,
    desktop: null,
    mediaUrl: (kind, trackId) => mediaUrl(new URL('media/', window.location.href).href, kind, trackId),
    onConnection,
  };
}
