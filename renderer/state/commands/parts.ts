/** The parts of the window that commands work on; an area that needs another one adds it here. */
import type { Host } from '../../api/host.ts';
import type { Keys } from '../../lib/keys.ts';
import type { Activity } from '../activity.svelte.ts';
import type { Browser } from '../browser.svelte.ts';
import type { Commands } from '../commands.ts';
import type { Corrections } from '../corrections.svelte.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { Edits } from '../edits.svelte.ts';
import type { Inspector } from '../inspector.svelte.ts';
import type { Library } from '../library.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Player } from '../player.svelte.ts';
import type { Playlists } from '../playlists.svelte.ts';
import type { Preferences } from '../preferences.svelte.ts';
import type { SetBuilder } from '../sets/set-builder.svelte.ts';
import type { Similar } from '../similar.svelte.ts';
import type { Tagging } from '../tagging/tagging.svelte.ts';

export interface CommandParts {
  readonly host: Host;
  readonly activity: Activity;
  readonly browser: Browser;
  readonly commands: Commands;
  readonly corrections: Corrections;
  readonly dialogs: Dialogs;
  readonly edits: Edits;
  readonly inspector: Inspector;
  readonly library: Library;
  readonly notices: Notices;
  readonly player: Player;
  readonly playlists: Playlists;
  readonly preferences: Preferences;
  readonly setBuilder: SetBuilder;
  readonly similar: Similar;
  readonly tagging: Tagging;
}

/** Keys that the browser keeps for itself: they exist in the desktop app only. */
export function desktopKeys(
  { host }: Pick<CommandParts, 'host'>,
  keys: Keys,
): { readonly keys?: readonly Keys[] } {
  return host.desktop === null ? {} : { keys: [keys] };
}
