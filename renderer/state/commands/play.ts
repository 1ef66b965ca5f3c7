/** Commands of the player. */
import { commandText as words } from '../../lib/text/commands.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

const SEEK_S = 10;

export function playCommands({ player }: CommandParts): readonly Command[] {
  const loaded = (): boolean => player.track !== null;
  return [
    {
      id: 'play.toggle',
      group: 'play',
      title: words.toggle,
      keys: ['Space', 'K'],
      menu: 'play-pause',
      enabled: loaded,
      run: () => player.toggle(),
    },
    {
      id: 'play.previous',
      group: 'play',
      title: words.previous,
      keys: ['Mod+ArrowLeft'],
      sheet: words.previousOrNext,
      menu: 'previous-track',
      enabled: loaded,
      run: () => player.previous(),
    },
    {
      id: 'play.next',
      group: 'play',
      title: words.next,
      keys: ['Mod+ArrowRight'],
      sheet: words.previousOrNext,
      menu: 'next-track',
      enabled: loaded,
      run: () => player.next(),
    },
    {
      id: 'play.seek-back',
      group: 'play',
      title: words.seekBack,
      keys: ['J'],
      sheet: words.seek,
      enabled: loaded,
      run: () => player.seek(player.seconds - SEEK_S),
    },
    {
      id: 'play.seek-on',
      group: 'play',
      title: words.seekOn,
      keys: ['L'],
      sheet: words.seek,
      enabled: loaded,
      run: () => player.seek(player.seconds + SEEK_S),
    },
  ];
}
