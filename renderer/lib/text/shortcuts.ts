/** The sheet of keys. */

export const shortcutsText = {
  shortcuts: {
    groups: { move: 'Move', play: 'Play', tracks: 'Selected tracks', window: 'Window' },
    arrows: 'Next or previous row',
    extend: 'Extend the selection',
    ends: 'First or last row',
    pages: 'A screen up or down',
    open: 'Show details',
    playRow: 'Play the row, or pause it',
    seek: 'Seek 10 seconds',
    previousNext: 'Previous or next track',
    selectAll: 'Select all',
    rate: 'Rate 1 to 5 stars, 0 for none',
    similar: 'Show similar tracks',
    playlist: 'Add to a new playlist',
    remove: 'Remove from the playlist',
    reorder: 'Move within the playlist',
    menu: 'Context menu',
    search: 'Search',
    escape: 'Leave the search, close a window',
    inspector: 'Details on or off',
    back: 'Back or forward',
    sheet: 'This sheet',
    spaceKey: 'Space',
  },
} as const;
