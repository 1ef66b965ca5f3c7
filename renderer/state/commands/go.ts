/** Commands that lead somewhere. */
import { commandText as words } from '../../lib/text/commands.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

export function goCommands({ browser }: CommandParts): readonly Command[] {
  const place = (
    kind: 'all' | 'recent' | 'incoming' | 'missing' | 'offline' | 'errors' | 'activity' | 'settings',
  ): Command => ({
    id: `go.${kind}`,
    group: 'go',
    title: words[kind],
    enabled: () => browser.place.kind !== kind,
    run: () => browser.go({ kind }),
  });
  return [
    {
      id: 'go.back',
      group: 'go',
      title: words.back,
      keys: ['Alt+ArrowLeft'],
      sheet: words.backOrForward,
      enabled: () => browser.canGoBack,
      run: () => browser.goBack(),
    },
    {
      id: 'go.forward',
      group: 'go',
      title: words.forward,
      keys: ['Alt+ArrowRight'],
      sheet: words.backOrForward,
      enabled: () => browser.canGoForward,
      run: () => browser.goForward(),
    },
    place('all'),
    place('recent'),
    place('incoming'),
    place('missing'),
    place('offline'),
    place('errors'),
    { ...place('activity'), menu: 'activity' },
    { ...place('settings'), keys: ['Mod+,'], whileTyping: true, menu: 'settings' },
  ];
}
