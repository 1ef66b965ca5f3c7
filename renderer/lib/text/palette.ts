/** The command palette. */
export const paletteText = {
  palette: {
    title: 'Commands',
    placeholder: 'Do something, or go to a playlist, genre or folder',
    label: 'Command, playlist, genre or folder',
    results: 'Matches',
    nothing: (typed: string): string => `Nothing is called “${typed}”.`,
    searchFor: (typed: string): string => `Search all tracks for “${typed}”`,
    kinds: {
      command: 'Command',
      playlist: 'Playlist',
      crate: 'Crate',
      smart: 'Smart playlist',
      listFolder: 'Folder of lists',
      genre: 'Genre',
      folder: 'Music folder',
      search: 'Search',
    },
  },
} as const;
