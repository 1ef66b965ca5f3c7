/** Commands on the library: its folders and their analysis. */
import { commandText as words } from '../../lib/text/commands.ts';
import { exchangeText } from '../../lib/text/exchange.ts';
import type { Command } from './command.ts';
import { desktopKeys, type CommandParts } from './parts.ts';

export function libraryCommands(parts: CommandParts): readonly Command[] {
  const { activity, commands, dialogs, library, notices } = parts;
  return [
    {
      id: 'library.add-folder',
      group: 'library',
      title: words.addFolder,
      ...desktopKeys(parts, 'Mod+O'),
      menu: 'add-folder',
      run: () => commands.addFolder(),
    },
    {
      id: 'library.rescan',
      group: 'library',
      title: words.rescan,
      ...desktopKeys(parts, 'F5'),
      menu: 'rescan',
      enabled: () => library.folders.length > 0,
      run: () => commands.scan(),
    },
    {
      id: 'library.pause',
      group: 'library',
      title: words.pause,
      enabled: () => activity.analysing && activity.analysis?.paused === false,
      run: () => notices.attempt(() => activity.pause()),
    },
    {
      id: 'library.resume',
      group: 'library',
      title: words.resume,
      enabled: () => activity.analysis?.paused === true,
      run: () => notices.attempt(() => activity.resume()),
    },
    {
      id: 'library.retry',
      group: 'library',
      title: words.retryAll,
      enabled: () => library.counts.errors > 0,
      run: () => commands.retry(),
    },
    {
      id: 'library.import',
      group: 'library',
      title: exchangeText.commands.import,
      enabled: () => library.counts.all > 0,
      run: () => dialogs.show({ kind: 'import' }),
    },
    {
      id: 'library.export',
      group: 'library',
      title: exchangeText.commands.exportLibrary,
      enabled: () => library.counts.all > 0,
      run: () => dialogs.show({ kind: 'export-library' }),
    },
  ];
}
