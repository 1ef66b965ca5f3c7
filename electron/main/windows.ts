/** The main window. */
import { BrowserWindow, screen } from 'electron';
import { channels, type MenuCommand } from '#shared/bridge.ts';
import type { Logger } from '#shared/log.ts';
import { appOrigin } from './app-protocol.ts';
import { securePreferences } from './security.ts';
import { fitWindowState, minimumSize, readWindowState, saveWindowState } from './window-state.ts';

export interface WindowOptions {
  readonly preload: string;
  readonly stateFile: string;
  readonly icon: string;
  readonly log: Logger;
}

/** What shows where the page is not drawn yet: the ground of its usual theme, so that nothing flashes. */
const background = '#101216';

/** Opens the window; it appears when its page can be shown. */
export function openMainWindow(options: WindowOptions): BrowserWindow {
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const state = fitWindowState(readWindowState(options.stateFile), workAreas);
  const window = new BrowserWindow({
    ...(state.position ?? {}),
    width: state.width,
    height: state.height,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    title: 'Cratewise',
    backgroundColor: background,
    icon: options.icon,
    webPreferences: securePreferences(options.preload),
  });
  if (state.maximised) window.maximize();
  window.once('ready-to-show', () => window.show());

  window.on('close', () => {
    try {
      saveWindowState(options.stateFile, window.getNormalBounds(), window.isMaximized());
    } catch (error) {
      options.log.warn({ error: String(error) }, 'Where the window was could not be kept');
    }
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    // The engine has everything: a new page shows it again.
    options.log.error({ reason }, 'The page of the window died and is loaded again');
    window.webContents.reload();
  });
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** Brings the window to the front, as a second start of the app should. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** To every window: an event of the engine. */
export function broadcastEvent(name: string, payload: unknown): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (!window.isDestroyed()) window.webContents.send(channels.event, name, payload);
  }
}

/** To the window in use: a command of the menu. */
export function sendMenuCommand(command: MenuCommand): void {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  window?.webContents.send(channels.menu, command);
}
