/** The window as a whole and the library screen: left tree, toolbar, table, empty lists. */
import { formatCount } from '../format.ts';
import { counted, tracks } from './counted.ts';

export const libraryText = {
  sidebar: {
    label: 'Library',
    library: 'Library',
    genres: 'Genres',
    playlists: 'Playlists',
    folders: 'Folders',
    all: 'All tracks',
    recent: 'Recently added',
    incoming: 'Incoming',
    missing: 'Missing',
    offline: 'Offline',
    errors: 'Errors',
    noGenres: 'Genres appear here as tracks are analysed.',
    noPlaylists: 'Select tracks and press P, or make an empty one.',
    noFolders: 'No folder yet.',
    confidence: 'Confidence from',
    ownThresholds: 'Automatic',
    ownThresholdsLong: 'Each genre counts from its own threshold',
    ownThresholdsButton: 'Back to each genre’s own threshold',
    folderOffline: 'offline',
    hardlyKnown: 'the model hardly knows this genre',
  },

  toolbar: {
    label: 'View',
    back: 'Back',
    forward: 'Forward',
    searchLabel: 'Search',
    searchEverything: 'Search title, artist, album … or genre:house rating:>=4',
    searchIn: (place: string): string => `Search in ${place}`,
    clearSearch: 'Clear the search',
    inspector: 'Details',
    shortcuts: 'Keyboard shortcuts',
    theme: { dark: 'Theme: dark', light: 'Theme: light', system: 'Theme: as the system' },
    summary: (count: number, length: string): string =>
      length === '' ? tracks(count) : `${tracks(count)}, ${length}`,
    selected: (count: number): string => `${formatCount(count)} selected`,
  },

  columns: {
    position: '#',
    title: 'Title',
    artist: 'Artist',
    album: 'Album',
    genre: 'Genre',
    duration: 'Length',
    year: 'Year',
    addedAt: 'Added',
    rating: 'Rating',
    bitrate: 'kbit/s',
    score: 'Similarity',
    reason: 'Why',
    error: 'Reason',
    path: 'File',
  },

  positionLong: 'Position',

  state: { missing: 'Missing', offline: 'Offline' },

  rating: {
    name: (stars: number): string => (stars === 0 ? 'Not rated' : counted(stars, 'star', 'stars')),
    set: (stars: number): string => `Rate ${counted(stars, 'star', 'stars')}`,
  },

  empty: {
    noFolders: 'Your music goes here',
    noFoldersHint:
      'Choose the folder that holds your music. Tracks appear at once; genres and similar tracks follow as they are analysed. No file is changed, and nothing leaves this computer.',
    dropHint: 'Or drop folders on this window.',
    noMatch: 'No track matches',
    noMatchHint: 'Try fewer words, or another place on the left.',
    clearSearch: 'Clear the search',
    incoming: 'Nothing waits for you',
    incomingHint: 'Tracks of the last 30 days stand here until they are rated or put into a playlist.',
    recent: 'Nothing new',
    recentHint: 'What was added in the last seven days is listed here.',
    missing: 'Nothing is missing',
    missingHint: 'Files that are gone from their folder are kept here with their ratings and playlists.',
    offline: 'Every drive is there',
    offlineHint: 'Tracks of a drive that is away are listed here. They come back with it.',
    errors: 'No errors',
    errorsHint: 'Files that cannot be read or analysed are listed here, each with the reason.',
    genre: 'No track at this confidence',
    genreHint: 'Lower the confidence on the left to see more.',
    folder: 'No music in this folder',
    folderHint: 'It is watched: files that come into it appear here by themselves.',
    playlist: 'An empty playlist',
    playlistHint: 'Select tracks anywhere and press P, or drag them onto the playlist’s name.',
    similar: 'Nothing to compare with yet',
    similarHint: 'Similar tracks appear when this track and others are analysed.',
    drop: 'Drop to add these folders to the library',
    failed: 'This list could not be loaded',
    tryAgain: 'Try again',
  },

  places: {
    similar: (title: string): string => `Similar to ${title}`,
    genres: 'Genres',
    track: 'Track',
    activity: 'Activity',
    settings: 'Settings',
  },

  table: { label: (place: string): string => `Tracks: ${place}`, loading: 'Loading' },
} as const;
