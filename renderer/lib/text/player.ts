/** The player. */

export const playerText = {
  player: {
    label: 'Player',
    play: 'Play',
    pause: 'Pause',
    previous: 'Previous track',
    next: 'Next track',
    position: 'Position',
    positionValue: (now: string, all: string): string => `${now} of ${all}`,
    volume: 'Volume',
    playing: 'Playing',
    idle: 'Nothing is playing',
    hint: 'Select a track and press Space.',
    away: (title: string): string => `“${title}” is not there now: put the file back, or connect its drive.`,
    unsupported: (format: string): string =>
      `The player cannot play ${format} files. Genres, similar tracks and playlists work with them all the same.`,
    failed: (title: string, format: string): string =>
      `“${title}” could not be played: the file may be damaged, or ${format} is not supported here.`,
  },
} as const;
