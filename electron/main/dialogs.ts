/** The system's dialogues. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
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

/** Where to export to; null when the user changed their mind. The system asks before overwriting. */
export async function chooseSaveFile(sender: WebContents, suggestedName: string): Promise<string | null> {
  const options: SaveDialogOptions = {
    title: 'Export playlist',
    buttonLabel: 'Export',
    defaultPath: join(app.getPath('music'), safeSuggestion(suggestedName)),
    filters: [{ name: 'Playlist (M3U8)', extensions: ['m3u8'] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  };
  const window = BrowserWindow.fromWebContents(sender);
  const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}

/** The app cannot go on: says why and what to do. */
export function showFatalError(error: AppError): void {
  const { title, advice } = errorText(error.code);
  dialog.showErrorBox(`Cratewise: ${title}`, error.detail === '' ? advice : `${error.detail}\n\n${advice}`);
}
