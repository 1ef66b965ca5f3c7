/** Commands on the window itself. */
import { commandText as words } from '../../lib/text/commands.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

export function windowCommands({ commands, dialogs, preferences }: CommandParts): readonly Command[] {
  return [
    {
      id: 'window.search',
      group: 'window',
      title: words.search,
      keys: ['/', 'Mod+F'],
      menu: 'find',
      run: () => commands.focusSearch(),
    },
    {
      id: 'window.inspector',
      group: 'window',
      title: words.inspector,
      keys: ['I'],
      run: () => preferences.setInspectorOpen(!preferences.inspectorOpen),
    },
    ...(['dark', 'light', 'system'] as const).map((theme): Command => ({
      id: `window.theme-${theme}`,
      group: 'window',
      title: words.theme[theme],
      enabled: () => preferences.theme !== theme,
      run: () => preferences.setTheme(theme),
    })),
    {
      id: 'window.shortcuts',
      group: 'window',
      title: words.shortcuts,
      keys: ['?', 'Mod+/'],
      menu: 'shortcuts',
      run: () => dialogs.show({ kind: 'shortcuts' }),
    },
    {
      id: 'window.about',
      group: 'window',
      title: words.about,
      menu: 'about',
      run: () => dialogs.show({ kind: 'about' }),
    },
  ];
}
