/** Commands on the window itself. */
import { commandText as words } from '../../lib/text/commands.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

export function windowCommands(parts: CommandParts): readonly Command[] {
  const { commands, dialogs, host, preferences } = parts;
  return [
    {
      id: 'window.palette',
      group: 'window',
      title: words.palette,
      keys: ['Mod+K'],
      whileTyping: true,
      onlyKeys: true,
      menu: 'palette',
      run: () => dialogs.show({ kind: 'palette' }),
    },
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
    // A browser has a zoom of its own.
    ...(host.desktop === null ? [] : zoomCommands(parts)),
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

function zoomCommands({ preferences }: CommandParts): readonly Command[] {
  const common = { group: 'window', sheet: words.zoom, whileTyping: true, overDialogs: true } as const;
  return [
    {
      ...common,
      id: 'window.zoom-in',
      title: words.zoomIn,
      keys: ['Mod+=', 'Mod++'],
      menu: 'zoom-in',
      run: () => preferences.stepZoom(1),
    },
    {
      ...common,
      id: 'window.zoom-out',
      title: words.zoomOut,
      keys: ['Mod+-'],
      menu: 'zoom-out',
      run: () => preferences.stepZoom(-1),
    },
    {
      ...common,
      id: 'window.zoom-reset',
      title: words.zoomReset,
      keys: ['Mod+0'],
      menu: 'zoom-reset',
      run: () => preferences.setZoom(1),
    },
  ];
}
