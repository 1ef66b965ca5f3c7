import type { Bridge } from '#shared/bridge.ts';

declare global {
  interface Window {
    readonly cratewise: Bridge;
    /** Set by scripts that must never run. */
    hacked?: boolean;
  }
}
