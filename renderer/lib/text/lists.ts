/** What can be done with tracks, playlists and folders, and what is said when it is done. */
import { counted, tracks } from './counted.ts';

export const listsText = {
  actions: {
    addFolder: 'Add folder',
    removeFolder: 'Remove from library',
    rescan: 'Look for changes',
    newPlaylist: 'New playlist',
    rename: 'Rename',
    delete: 'Delete',
    export: 'Export',
    generate: 'Make a playlist of this genre',
    play: 'Play',
    details: 'Show details',
    similar: 'Show similar tracks',
    addTo: 'Add to playlist',
    addToNew: 'New playlist …',
    removeRows: 'Remove from this playlist',
    moveUp: 'Move up',
    moveDown: 'Move down',
    rate: 'Rate',
    retry: 'Analyse again',
    retryAll: 'Try all again',
    purge: 'Forget these tracks',
    reveal: 'Show in folder',
    selectAll: 'Select all',
    menuOf: (name: string): string => `Actions for ${name}`,
  },

  dialogs: {
    newPlaylist: 'New playlist',
    newPlaylistOf: (count: number): string => `New playlist of ${tracks(count)}`,
    generatePlaylist: (genre: string): string => `New playlist: ${genre}`,
    renamePlaylist: 'Rename playlist',
    name: 'Name',
    create: 'Create',
    save: 'Save',
    addFolder: 'Add folder',
    folderPath: 'Folder',
    folderPathHint:
      'The full path of a folder on the computer that runs Cratewise, for example /home/ada/Music.',
    deletePlaylist: (name: string): string => `Delete “${name}”?`,
    deletePlaylistText: (count: number): string =>
      `The playlist of ${tracks(count)} is deleted for good. The tracks stay in the library.`,
    removeFolder: (name: string): string => `Remove “${name}” from the library?`,
    removeFolderText: (count: number): string =>
      `It is no longer watched. Its ${tracks(count)} become missing and keep their ratings and playlists. No file is touched.`,
    removeFolderButton: 'Remove',
    purge: (count: number): string => `Forget ${tracks(count)}?`,
    purgeText: 'Their ratings and their places in playlists are deleted for good. No file is touched.',
    purgeButton: 'Forget',
    export: (name: string): string => `Export “${name}”`,
    format: 'M3U8, the playlist format that players and DJ software read',
    paths: 'Paths of the tracks',
    absolute: 'Full paths',
    absoluteHint: 'For programs on this computer.',
    relative: 'Relative to the playlist file',
    relativeHint: 'For a drive or folder that moves together with its music.',
    exportFile: 'Save as',
    exportFileHint: 'The full path of the file on the computer that runs Cratewise, ending in .m3u8.',
    overwrite: 'Replace the file if it is there already',
    chooseFile: 'Export …',
    exportButton: 'Export',
    shortcuts: 'Keyboard shortcuts',
    about: 'About Cratewise',
    version: 'Version',
    model: 'Genre model',
    modelValue: (name: string, version: string, genres: number): string =>
      `${name} ${version}, ${counted(genres, 'genre', 'genres')}`,
    backend: 'Runs on',
    backends: { tensorflow: 'TensorFlow', wasm: 'TensorFlow.js (WebAssembly)' },
    notStarted: 'not started yet',
    libraryFile: 'Library',
    licence:
      'Free software under the GNU General Public Licence, version 3 or later. It never uses the network.',
  },

  done: {
    created: (name: string): string => `Playlist “${name}” created.`,
    added: (count: number, name: string): string => `${tracks(count)} added to “${name}”.`,
    removed: (count: number): string => `${tracks(count)} taken out of the playlist.`,
    deleted: (name: string): string => `Playlist “${name}” deleted.`,
    exported: (count: number, file: string): string => `${tracks(count)} exported to ${file}.`,
    leftOut: (count: number): string =>
      `${tracks(count)} left out: missing, or with a file name the format cannot hold.`,
    queued: (count: number): string =>
      count === 0 ? 'There is nothing to try again.' : `${tracks(count)} will be tried again.`,
    purged: (count: number): string => `${tracks(count)} forgotten.`,
    foldersAdded: (count: number): string =>
      `${counted(count, 'folder', 'folders')} added. Scanning has begun.`,
    scanned: 'The folders are up to date.',
  },
} as const;
