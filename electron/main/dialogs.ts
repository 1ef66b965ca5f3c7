/** The system's dialogues. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { FilePurpose } from '#shared/bridge.ts';
import type { OpenDialogOptions, SaveDialogOptions, WebContents } from 'electron';
import type { AppError } from '#shared/errors.ts';
import { errorText } from '#shared/error-text.ts';
import { safeSuggestion } from './launch-options.ts';

/** Folders of music to add; empty when the user changed their mind. */
export async function chooseFolders(sender: WebContents): Promise<readonly string[]> {
  const options: OpenDialogOptions = {
    title: 'Add folders of music',
    buttonLabel: 'Add',
    defaultPath: app.getPath('music'),
    properties: ['openDirectory', 'multiSelections'],
  };
  const window = BrowserWindow.fromWebContents(sender);
  const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return answer.canceled ? [] : answer.filePaths;
}

const purposes = {
  playlist: {
    title: 'Export playlist',
    buttonLabel: 'Export',
    folder: 'music',
    filters: [{ name: 'Playlist (M3U8)', extensions: ['m3u8'] }],
  },
  backup: {
    title: 'Back up the library',
    buttonLabel: 'Back up',
    folder: 'documents',
    filters: [{ name: 'Backup of the library', extensions: ['db'] }],
  },
} as const;

/** Where to write to; null when the user changed their mind. The system asks before overwriting. */
export async function chooseSaveFile(
  sender: WebContents,
  suggestedName: string,
  purpose: FilePurpose,
): Promise<string | null> {
  const { title, buttonLabel, folder, filters } = purposes[purpose];
  const options: SaveDialogOptions = {
    title,
    buttonLabel,
    defaultPath: join(app.getPath(folder), safeSuggestion(suggestedName)),
    filters: filters.map(({ name, extensions }) => ({ name, extensions: [...extensions] })),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  };
  const window = BrowserWindow.fromWebContents(sender);
  const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}

/** A file to read; null when the user changed their mind. */
export async function chooseFile(sender: WebContents, purpose: FilePurpose): Promise<string | null> {
  const { folder, filters } = purposes[purpose];
  const options: OpenDialogOptions = {
    title: purpose === 'backup' ? 'Choose a backup of the library' : 'Choose a playlist',
    buttonLabel: 'Choose',
    defaultPath: app.getPath(folder),
    filters: [
      ...filters.map(({ name, extensions }) => ({ name, extensions: [...extensions] })),
      { name: 'All files', extensions: ['*'] },
    ],
    properties: ['openFile'],
  };
  const window = BrowserWindow.fromWebContents(sender);
  const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}

/** The app cannot go on: says why and what to do. */
export function showFatalError(error: AppError): void {
  const { title, advice } = errorText(error.code);
  dialog.showErrorBox(`Cratewise: ${title}`, error.detail === '' ? advice : `${error.detail}\n\n${advice}`);
}
