/** Keys of lists and windows, in the sheet of keys beside the commands. */

export const shortcutsText = {
  shortcuts: {
    list: 'In a list',
    arrows: 'Next or previous row',
    extend: 'Extend the selection',
    ends: 'First or last row',
    pages: 'A screen up or down',
    open: 'Show everything about the track',
    playRow: 'Play the row, or pause it',
    point: 'Next or previous row, the selection stays',
    toggle: 'Select the row too, or no longer',
    selectAll: 'Select all',
    find: 'Find in the list',
    rename: 'Rename a list on the left',
    menu: 'Context menu',
    escape: 'Leave the search, close a window',
    notNow: 'not possible here',
    spaceKey: 'Space',
  },
} as const;
