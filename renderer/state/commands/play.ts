/** Commands of the player. */
import { commandText as words } from '../../lib/text/commands.ts';
import { djText } from '../../lib/text/dj.ts';
import { text } from '../../lib/text.ts';
import type { Command } from './command.ts';
import { nextRepeat } from '../player/queue.svelte.ts';
import type { CommandParts } from './parts.ts';

const SEEK_S = 10;

export function playCommands({ player, browser, commands }: CommandParts): readonly Command[] {
  const { queue, queueScreen, sound } = player;
  const selected = (): boolean => browser.list.selection.size > 0;
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
    {
      id: 'play.queue-next',
      group: 'play',
      title: text.queue.playNext,
      keys: ['Shift+Q'],
      sheet: text.queue.both,
      enabled: selected,
      run: () => commands.playSelectionNext(),
    },
    {
      id: 'play.queue-add',
      group: 'play',
      title: text.queue.add,
      keys: ['Q'],
      sheet: text.queue.both,
      enabled: selected,
      run: () => commands.queueSelection(),
    },
    {
      id: 'play.queue',
      group: 'play',
      title: text.queue.toggle,
      keys: ['U'],
      run: () => queueScreen.setOpen(!queueScreen.open),
    },
    {
      id: 'play.what-next',
      group: 'play',
      title: djText.next.command,
      keys: ['X'],
      run: () =>
        queueScreen.open && queueScreen.tab === 'what'
          ? queueScreen.setOpen(false)
          : queueScreen.show('what'),
    },
    {
      id: 'play.queue-clear',
      group: 'play',
      title: text.queue.clearAll,
      enabled: () => queue.entries.length > 0 || queue.list !== null,
      run: () => queue.clear(),
    },
    {
      id: 'play.shuffle',
      group: 'play',
      title: text.player.shuffle,
      run: () => queue.setShuffle(!queue.shuffle),
    },
    {
      id: 'play.repeat',
      group: 'play',
      title: text.player.repeatNext,
      run: () => queue.setRepeat(nextRepeat[queue.repeat]),
    },
    {
      id: 'play.mute',
      group: 'play',
      title: text.player.muteToggle,
      keys: ['M'],
      run: () => sound.toggleMute(),
    },
  ];
}
