/** Handing over to other programs and taking over from them. */
import type { CopyConversion, ExportFormat, ImportFormat, ImportPart } from '#shared/domain.ts';
import { formatCount } from '../format.ts';
import { counted, tracks } from './counted.ts';

/** What a program gets, and what is lost on the way. */
const formatHints: Readonly<Record<ExportFormat, string>> = {
  m3u8: 'Order, artist and title. For players, Engine DJ and most DJ software. Lost: all else, also tempo, key and cues.',
  rekordbox:
    'Folders and lists, ratings, play counts, tempo, key, beat grid (also a moving one), cues and loops, the nearest of its 8 colours. Lost: album artist, energy, sections. In rekordbox it appears under “rekordbox xml”.',
  traktor:
    'Folders and lists, ratings, play counts, tempo, key, beat grid, cues and loops, the nearest of its 7 colours. Lost: colours of cues, which beat of a bar it is, energy, sections.',
  virtualdj:
    'Its database: ratings, play counts, tempo, key, beat grid, cues, colours. Lost: album artist, pads of loops, and the order of a list (for that, choose “VirtualDJ list”).',
  vdjfolder: 'One list in its order, with artist, title, tempo and key. Lost: all else.',
  serato:
    'The list as a crate. Lost: all else, because Serato reads tags, tempo, key and cues from the files themselves. Crates belong into “_Serato_/Subcrates” of the disk with the music.',
  mixxx:
    'A table that Mixxx imports: tags, ratings, play counts, tempo, key. Lost: beat grid, cues, colours.',
  csv: 'One line a track with tags, rating, tempo and key, for spreadsheets. Lost: beat grid, cues, sections.',
  json: 'Lists and all that other programs could want to know of the tracks, for scripts. Nothing is lost.',
  jspf: 'Order, artist, title, album and length. Lost: ratings, and all that DJ software would want.',
  xspf: 'Order, artist, title, album and length. Lost: ratings, and all that DJ software would want.',
};
const conversions: Readonly<Record<CopyConversion, string>> = {
  wav: 'WAV',
  aiff: 'AIFF',
  flac: 'FLAC',
  mp3: 'MP3',
};
const importFormats: Readonly<Record<ImportFormat, string>> = {
  m3u: 'M3U playlist',
  pls: 'PLS playlist',
  rekordbox: 'rekordbox library',
  traktor: 'Traktor collection',
  serato: 'Serato crate',
  virtualdj: 'VirtualDJ database',
  itunes: 'Music library (iTunes)',
};
const importParts: Readonly<Record<ImportPart, string>> = {
  playlists: 'Playlists and folders',
  ratings: 'Ratings',
  playCounts: 'Play counts',
  cues: 'Cue points',
  grids: 'Beat grids',
  colours: 'Colours',
};

export const exchangeText = {
  export: {
    title: (name: string): string => `Export “${name}”`,
    libraryTitle: 'Export the whole library',
    format: 'Format',
    formatHints,
    groups: { dj: 'DJ software', players: 'Players', tables: 'Tables and scripts' },
    copyFiles: 'Copy the files to a folder',
    copyHint:
      'The music itself, numbered in the order of the list, for a USB stick or a player. Where it was interrupted, it goes on the next time.',
    folderOfLists:
      'This format holds one list: each list in the folder becomes a file of its own in the folder you choose.',
    mapping: 'The music lies elsewhere for that program',
    mappingHint: 'The beginning of the paths is replaced, for another computer or another name of the drive.',
    mappingFrom: 'Paths here begin with',
    mappingTo: 'There they begin with',
    fileHint: (ending: string): string =>
      `The full path of the file on the computer that runs Cratewise, ending in ${ending}.`,
    folder: 'Folder',
    folderHint: 'The full path of the folder on the computer that runs Cratewise. It is made if need be.',
    chooseFolder: 'Choose folder …',
    exportedFiles: (count: number, files: number, folder: string): string =>
      `${tracks(count)} exported in ${counted(files, 'file', 'files')} to ${folder}.`,
  },

  copy: {
    numbered: 'Number the files in the order of the list',
    playlistFile: 'Put a playlist of the copies beside them',
    convert: 'Files of another format',
    asTheyAre: 'Copy as they are',
    convertTo: (format: CopyConversion): string => `Convert to ${conversions[format]}`,
    oldPlayers: 'Also what is faster than 48 kHz or deeper than 16 bits, for older players',
    start: 'Copy',
    chooseAndStart: 'Copy to …',
    progress: 'Copying',
    progressValue: (done: number, all: number, size: string, allSize: string): string =>
      `${formatCount(done)} of ${tracks(all)}, ${size} of ${allSize}`,
    stop: 'Stop',
    background: 'Go on in the background',
    done: (copied: number, kept: number, folder: string): string =>
      kept === 0
        ? `${tracks(copied)} copied to ${folder}.`
        : `${tracks(copied)} copied to ${folder}, ${counted(kept, 'was', 'were')} there already.`,
    stopped: 'Copying was stopped. What is copied stays, and is not copied again.',
    failed: (count: number): string => `${tracks(count)} could not be copied:`,
    andMore: (count: number): string => `and ${formatCount(count)} more`,
  },

  import: {
    title: 'Import from another program',
    description:
      'Playlists, and libraries of rekordbox, Traktor, Serato, VirtualDJ or iTunes. Your own ratings and lists stay as they are; no music file is touched.',
    file: 'File',
    fileHint: 'The full path of the file on the computer that runs Cratewise.',
    choose: 'Choose file …',
    chooseAnother: 'Another file …',
    look: 'Look',
    looking: 'Reading the file …',
    formats: importFormats,
    parts: 'Take over',
    partNames: importParts,
    partCount: (part: ImportPart, count: number): string =>
      part === 'playlists' ? counted(count, 'list', 'lists') : tracks(count),
    found: (all: number, matched: number): string =>
      matched === all
        ? `All ${tracks(all)} of the file are in your library.`
        : `${formatCount(matched)} of ${tracks(all)} in the file are in your library.`,
    how: (byPath: number, byName: number, byHand: number): string =>
      [
        `${formatCount(byPath)} by their path`,
        `${formatCount(byName)} by name and length`,
        ...(byHand === 0 ? [] : [`${formatCount(byHand)} by hand`]),
      ].join(', '),
    moved: (from: string, to: string): string => `Paths that begin with ${from} were looked for in ${to}.`,
    unmatched: (count: number): string => `Not in the library: ${tracks(count)}`,
    unmatchedHint: 'Choose which track each one is, or leave it out.',
    unmatchedLabel: 'Tracks of the file that are not in the library',
    firstOnly: (shown: number): string => `The first ${formatCount(shown)} are listed.`,
    uses: (count: number): string => counted(count, 'list', 'lists'),
    match: (name: string): string => `Which track is ${name}?`,
    leaveOut: 'Leave out',
    findMatch: 'Find …',
    noCandidates: 'Nothing like it',
    candidate: (name: string, percent: string): string => `${name} (${percent})`,
    warnings: 'What cannot be taken over',
    button: 'Import',
    nothing: 'Nothing of this file can be taken over.',
    done: (lists: number, entries: number): string =>
      `Imported: ${counted(lists, 'list', 'lists')}, ${tracks(entries)}.`,
  },

  settings: {
    title: 'Other programs',
    importName: 'Import',
    importHint:
      'Playlists, ratings, cue points and beat grids from rekordbox, Traktor, Serato, VirtualDJ, iTunes or playlist files. It is shown first what would happen.',
    import: 'Import …',
    exportName: 'Export the whole library',
    exportHint:
      'All tracks and lists for DJ software, or as a table. Each list can also be exported by itself.',
    export: 'Export …',
  },

  commands: {
    exportLibrary: 'Export the whole library',
    import: 'Import from another program',
  },
} as const;
