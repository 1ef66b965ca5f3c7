/** The settings, and the first steps of somebody new. */
import { formatCount } from '../format.ts';
import { counted, tracks } from './counted.ts';

export const settingsText = {
  settings: {
    title: 'Settings',
    folders: 'Music folders',
    foldersHint: 'Folders are watched. No file in them is changed.',
    noFolders: 'There is no folder yet.',
    online: (count: number): string => tracks(count),
    offline: 'Offline: its drive is away. Its tracks are kept and come back with it.',
    lastScan: (when: string): string => `looked through ${when}`,
    neverScanned: 'not looked through yet',
    rescan: (name: string): string => `Look for changes in ${name}`,
    remove: (name: string): string => `Remove ${name} from the library`,
    addFolder: 'Add folder',
    rescanAll: 'Look for changes in all',

    analysis: 'Analysis',
    workers: 'Tracks at the same time',
    workersHint: 'Fewer leave more of the computer to other programs.',
    workersAutomatic: 'As many as suit this computer',
    workersCount: (count: number): string => counted(count, 'track', 'tracks'),
    paused: 'Pause analysis',
    pausedHint: 'Tracks are still listed and found; their genres wait.',
    pauseOnBattery: 'Pause while the computer runs on battery',

    appearance: 'Appearance',
    theme: 'Theme',
    themes: { dark: 'Dark', light: 'Light', system: 'As the system' },
    zoom: 'Size of everything',

    data: 'Library and backup',
    dataFolder: 'Data folder',
    dataFolderHint:
      'Holds the library, the results of the analysis, and the log. Your music stays where it is.',
    openFolder: 'Open folder',
    backUpName: 'Backup',
    backUp: 'Back up …',
    backUpHint:
      'Writes a checked copy of everything you made: playlists, ratings, corrections, and what is known of the files. Results of the analysis are not in it; they can be made again.',
    restoreName: 'Restore a backup',
    restore: 'Restore …',
    restoreHint: 'Puts a backup in the place of this library, which is kept beside it.',
    backUpTo: 'Save as',
    restoreFrom: 'Backup file',
    pathHint: 'The full path on the computer that runs Cratewise, ending in .db.',
    backupName: (day: string): string => `Cratewise ${day}`,
    overwrite: 'Replace the file if it is there already',
    backedUp: (file: string, size: string, trackCount: number, playlists: number): string =>
      `Backed up to ${file} (${size}, checked): ${tracks(trackCount)}, ${counted(playlists, 'list', 'lists')}.`,
    restoredLater: (trackCount: number, playlists: number, when: string, kept: string): string =>
      `${tracks(trackCount)} and ${counted(playlists, 'list', 'lists')}, as of ${when}, take the place of this library when Cratewise is started the next time. The library as it is now will be kept: ${kept}.`,
    restored: (trackCount: number, playlists: number, when: string, kept: string): string =>
      `Restored: ${tracks(trackCount)} and ${counted(playlists, 'list', 'lists')}, as of ${when}. The library as it was before is kept: ${kept}.`,
    restoreTitle: 'Restore this backup?',
    restoreText: (file: string): string =>
      `Everything in this library (playlists, ratings, corrections) is replaced by what is in ${file}. The present library is kept beside it as a file of its own. No music file is touched.`,
    restoreButton: 'Restore',
    restoring: 'Restoring …',

    about: 'About',
    version: 'Version',
    model: 'Genre model',
    modelValue: (name: string, version: string): string => `${name} ${version}`,
    knows: 'What the model knows',
    knowsValue: (families: number, styles: number): string =>
      `${counted(families, 'family', 'families')} with ${counted(styles, 'style', 'styles')}`,
    known: {
      well: (count: number): string => `${formatCount(count)} well`,
      fairly: (count: number): string => `${formatCount(count)} fairly`,
      hardly: (count: number): string => `${formatCount(count)} hardly`,
    },
    knownHint: 'From its evaluation on tracks it had not heard. Hardly known genres are shown quietly.',
    knownList: { well: 'Known well', fairly: 'Known fairly', hardly: 'Hardly known' },
    backend: 'Runs on',
    licence:
      'Free software under the GNU General Public Licence, version 3 or later. It never uses the network.',
  },

  firstRun: {
    title: 'Your music goes here',
    lead: 'Choose the folder that holds your music. The first genres appear in less than a minute.',
    drop: 'Or drop a folder anywhere on this window.',
    promises: [
      { title: 'Nothing is changed', text: 'Your files are only read. Nothing is written to them.' },
      {
        title: 'Nothing leaves this computer',
        text: 'No account, no upload, no network at all: the analysis runs here.',
      },
      {
        title: 'You need not wait',
        text: 'Tracks are listed at once. Genres and similar tracks follow, and go on after a restart.',
      },
    ],
    label: 'First results',
    found: 'Files found',
    heard: 'Tracks heard',
    firstGenres: 'First genres',
    soon: 'The first genres appear here in a moment.',
    paused: 'The analysis is paused: no genre can appear.',
    share: (heard: string, all: string): string => `${heard} of ${all}`,
    open: (genre: string, count: number): string => `${genre}: ${tracks(count)}`,
    hide: 'Hide the first results',
    done: 'That is how it goes on. Open a genre, or select a track and press S for what sounds like it.',
  },
} as const;
