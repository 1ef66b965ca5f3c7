/** The application menu. What concerns the library goes to the page as a command. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '#shared/bridge.ts';

export interface MenuOptions {
  readonly send: (command: MenuCommand) => void;
  readonly isMac: boolean;
  /** The developer tools are for who builds Cratewise, not for who uses it. */
  readonly developer: boolean;
}

/**
 * Accelerators are those of the system. Single keys (space, /, S, G, arrows) are the page's own, because
 * only it knows whether somebody is typing; the menu has their commands without taking the keys.
 */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { isMac } = options;
  const command = (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    id: name,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => options.send(name),
  });
  /** The page takes the keys itself, or leaves them to a text field; a Mac asks the menu first. */
  const pageKeys = (entry: MenuItemConstructorOptions): MenuItemConstructorOptions =>
    isMac ? entry : { ...entry, registerAccelerator: false };
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const about = command('About Cratewise', 'about');
  const application: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      about,
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  };
  return [
    ...(isMac ? [application] : []),
    {
      label: '&File',
      submenu: [
        command('Add Folder…', 'add-folder', 'CmdOrCtrl+O'),
        command('Scan All Folders', 'rescan', 'F5'),
        line,
        command('New Playlist…', 'new-playlist', 'CmdOrCtrl+N'),
        command('Export Playlist…', 'export-playlist', 'CmdOrCtrl+E'),
        line,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        pageKeys(command('Undo', 'undo', 'CmdOrCtrl+Z')),
        pageKeys(command('Redo', 'redo', 'CmdOrCtrl+Shift+Z')),
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        line,
        command('Find', 'find', 'CmdOrCtrl+F'),
      ],
    },
    {
      label: '&Playback',
      submenu: [
        command('Play or Pause', 'play-pause'),
        command('Previous Track', 'previous-track'),
        command('Next Track', 'next-track'),
        line,
        command('Show Similar Tracks', 'show-similar'),
      ],
    },
    {
      label: '&View',
      submenu: [
        pageKeys(command('Commands…', 'palette', 'CmdOrCtrl+K')),
        command('Activity', 'activity'),
        pageKeys(command('Settings…', 'settings', 'CmdOrCtrl+,')),
        line,
        pageKeys(command('Actual Size', 'zoom-reset', 'CmdOrCtrl+0')),
        pageKeys(command('Zoom In', 'zoom-in', 'CmdOrCtrl+=')),
        pageKeys(command('Zoom Out', 'zoom-out', 'CmdOrCtrl+-')),
        line,
        { role: 'togglefullscreen' },
        ...(options.developer
          ? [line, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]
          : []),
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    {
      label: '&Help',
      role: 'help',
      submenu: [command('Keyboard Shortcuts', 'shortcuts', 'CmdOrCtrl+/'), ...(isMac ? [] : [line, about])],
    },
  ];
}

export function setApplicationMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)));
}
