/** The player. */
import { formatCount } from '../format.ts';
import { counted, tracks } from './counted.ts';

export const playerText = {
  player: {
    label: 'Player',
    play: 'Play',
    pause: 'Pause',
    previous: 'Previous track',
    next: 'Next track',
    position: 'Position',
    positionValue: (now: string, all: string): string => `${now} of ${all}`,
    waveform: 'Waveform: low, mid and high frequencies over time',
    noWaveform: 'The waveform is drawn when the track has been read.',
    timeline: 'Genres by time',
    genreAt: (start: string, end: string, genre: string): string => `${start} to ${end}: ${genre}`,
    volume: 'Volume',
    mute: 'Mute',
    unmute: 'Sound on',
    muted: 'Muted',
    playing: 'Playing',
    idle: 'Nothing is playing',
    hint: 'Press Space on a track',
    shuffle: 'Shuffle on or off',
    repeatNext: 'Repeat: off, the list, this track',
    muteToggle: 'Mute, or sound on',
    shuffleOn: 'Shuffle is on',
    shuffleOff: 'Shuffle is off',
    repeat: { off: 'Repeat: off', all: 'Repeat: the list', one: 'Repeat: this track' },
    options: 'Player options',
    gain: 'Same loudness (ReplayGain)',
    gainModes: { off: 'Off', track: 'By track', album: 'By album' },
    failed: (title: string, reason: string): string => `“${title}” cannot be played: ${reason}`,
    damaged: (format: string): string => `the file is damaged, or is no ${format} file that can be decoded.`,
    tooMany: (count: number): string =>
      `${counted(count, 'track', 'tracks')} in a row could not be played, so playing has stopped.`,
    skipped: (count: number): string =>
      count === 1
        ? '1 track was passed over: its file is not there now.'
        : `${tracks(count)} were passed over: their files are not there now.`,
  },

  queue: {
    label: 'Queue',
    show: 'Queue',
    close: 'Close the queue',
    upNext: 'Up next',
    played: 'Played',
    now: 'Playing now',
    queued: 'Queued',
    nextFrom: (list: string): string => `Next from ${list}`,
    more: (count: number): string => `and ${formatCount(count)} more`,
    empty:
      'Nothing follows. Drag tracks here, or choose “Play next” or “Add to queue” in the menu of a track.',
    nothingPlayed: 'What you have played is listed here.',
    clear: 'Clear',
    clearLong: 'Nothing follows the track that plays',
    forget: 'Forget what was played',
    rows: 'Tracks to be played',
    keys: 'Enter plays, Delete takes out, Alt with an arrow moves.',
    playedKeys: 'Enter plays.',
    row: (place: number, name: string): string => `${formatCount(place)}. ${name}`,
    remove: (name: string): string => `Take out ${name}`,
    moved: (name: string, place: number, all: number): string =>
      `${name}: now ${formatCount(place)} of ${formatCount(all)}`,
    removed: (name: string): string => `${name}: taken out`,
    gone: 'No longer in the library',
    added: (count: number): string => `${tracks(count)} added to the queue.`,
    next: (count: number): string => (count === 1 ? '1 track plays next.' : `${tracks(count)} play next.`),
    both: 'Add to the queue, or play next',
    toggle: 'Queue on or off',
    clearAll: 'Clear the queue',
    playNext: 'Play next',
    add: 'Add to queue',
    selection: 'the selection',
  },
} as const;
