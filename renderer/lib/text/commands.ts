/** Names of the commands and of the groups they stand in: menus, palette, shortcut sheet. */
export const commandText = {
  groups: {
    go: 'Go to',
    play: 'Play',
    tracks: 'Selected tracks',
    playlist: 'Playlists',
    library: 'Library',
    window: 'Window',
  },

  search: 'Search',
  shortcuts: 'Keyboard shortcuts',
  about: 'About Cratewise',
  inspector: 'Details on or off',
  theme: { dark: 'Dark theme', light: 'Light theme', system: 'Theme as the system' },

  back: 'Back',
  forward: 'Forward',
  backOrForward: 'Back or forward',
  all: 'All tracks',
  recent: 'Recently added',
  missing: 'Missing tracks',
  offline: 'Offline tracks',
  errors: 'Errors',

  toggle: 'Play or pause',
  previous: 'Previous track',
  next: 'Next track',
  previousOrNext: 'Previous or next track',
  seekBack: 'Back 10 seconds',
  seekOn: 'On 10 seconds',
  seek: 'Seek 10 seconds',

  similar: 'Show similar tracks',
  addToNew: 'Add to a new playlist',
  rate: (stars: number): string =>
    stars === 0 ? 'Remove the rating' : `Rate ${stars} ${stars === 1 ? 'star' : 'stars'}`,
  rateAll: 'Rate 1 to 5 stars, 0 for none',
  removeRows: 'Remove from this playlist',
  moveUp: 'Move up in this playlist',
  moveDown: 'Move down in this playlist',
  reorder: 'Move within the playlist',
  retrySelected: 'Analyse the selected tracks again',

  newPlaylist: 'New playlist',
  renamePlaylist: 'Rename this playlist',
  deletePlaylist: 'Delete this playlist',
  exportPlaylist: 'Export this playlist',

  addFolder: 'Add folder',
  rescan: 'Look for changes in all folders',
  pause: 'Pause analysis',
  resume: 'Resume analysis',
  retryAll: 'Try all failed files again',
} as const;
