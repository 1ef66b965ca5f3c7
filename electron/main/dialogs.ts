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

/** An existing or a new folder to write into; null when the user changed their mind. */
export async function chooseFolder(sender: WebContents): Promise<string | null> {
  const options: OpenDialogOptions = {
    title: 'Choose a folder to write into',
    buttonLabel: 'Choose',
    defaultPath: app.getPath('music'),
    properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
  };
  const window = BrowserWindow.fromWebContents(sender);
  const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}

interface Purpose {
  readonly title: string;
  readonly buttonLabel: string;
  readonly folder: 'music' | 'documents';
  readonly filters: readonly { readonly name: string; readonly extensions: readonly string[] }[];
}

const purposes: Readonly<Record<FilePurpose, Purpose>> = {
  export: { title: 'Export', buttonLabel: 'Export', folder: 'music', filters: [] },
  import: {
    title: 'Choose a playlist, or the library of another program',
    buttonLabel: 'Choose',
    folder: 'music',
    filters: [
      {
        name: 'Playlists and libraries',
        extensions: ['m3u', 'm3u8', 'pls', 'xml', 'nml', 'crate', 'vdjfolder'],
      },
    ],
  },
  backup: {
    title: 'Back up the library',
    buttonLabel: 'Back up',
    folder: 'documents',
    filters: [{ name: 'Backup of the library', extensions: ['db'] }],
  },
};

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
    filters: [...filters, ...ownFilter(suggestedName, purpose)].map(({ name, extensions }) => ({
      name,
      extensions: [...extensions],
    })),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  };
  const window = BrowserWindow.fromWebContents(sender);
  const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}

/** What is exported has the ending of its format: the system keeps it where the user types none. */
function ownFilter(suggestedName: string, purpose: FilePurpose): Purpose['filters'] {
  const ending = /\.([a-z0-9]{1,12})$/u.exec(suggestedName)?.[1];
  return purpose === 'export' && ending !== undefined
    ? [{ name: ending.toUpperCase(), extensions: [ending] }]
    : [];
}

/** A file to read; null when the user changed their mind. */
export async function chooseFile(sender: WebContents, purpose: FilePurpose): Promise<string | null> {
  const { title, folder, filters } = purposes[purpose];
  const options: OpenDialogOptions = {
    title: purpose === 'backup' ? 'Choose a backup of the library' : title,
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
