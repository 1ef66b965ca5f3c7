/** The genre screen, corrections of genres, and the screen of one track. */
import type { GenreCount } from '#shared/domain.ts';
import { counted, tracks } from './counted.ts';

const known: Readonly<Record<GenreCount['known'], string>> = {
  well: 'The model knows this genre well',
  fairly: 'The model knows this genre fairly well',
  hardly: 'The model hardly knows this genre: look twice',
};
const knownShort: Readonly<Record<GenreCount['known'], string>> = {
  well: 'known well',
  fairly: 'known fairly',
  hardly: 'hardly known',
};

export const findingText = {
  genres: 'Genres',
  openTrack: 'Show everything about the track',
  correct: 'Correct the genre',
  moreLike: 'More like the selected tracks',
  moreOrLess: 'More or less like this, among similar tracks',
  lessLike: 'Less like the selected tracks',
  audition: 'Listen into similar tracks',

  known,
  knownShort,
  earlier: (count: number): string =>
    `There is a new model. ${tracks(count)} still ${count === 1 ? 'shows' : 'show'} the genres of the earlier one, until they have been listened to again; similar tracks, moods and genres over time come with that.`,
  tree: 'Genre tree',
  treeNote: (count: string): string => count,
  everyGenre: 'All genres',
  threshold: (percent: string): string => `counts from ${percent}`,
  companions: 'Also tagged',
  companionsOf: (genre: string): string => `What else tracks of ${genre} are`,
  companion: (name: string, share: string, count: number): string => `${name}: ${share}, ${tracks(count)}`,
  noCompanions: 'Nothing else fits these tracks.',
  share: (count: string, all: string): string => `${count} of ${all} analysed tracks`,
  unknown: (count: number): string => `${tracks(count)} of no genre`,
  overview: 'Genres of the library',
  overviewHint: 'Choose a genre to see its tracks, the surest first, and what else they are.',
  noGenres: 'No genres yet',
  noGenresHint: 'Genres appear here as tracks are analysed.',
  makePlaylist: 'Make a playlist of this genre',

  corrections: {
    title: (count: number): string => `Correct the genre of ${tracks(count)}`,
    titleOf: (name: string): string => `Correct the genre of “${name}”`,
    filter: 'Genre',
    list: 'Genres',
    yes: (genre: string): string => `Is ${genre}`,
    no: (genre: string): string => `Is not ${genre}`,
    clear: 'As the model says',
    none: 'No genre of this name',
    hint: 'Your word always counts more than the model’s, and can be undone.',
    of: (some: string, all: string): string => `${some} of ${all}`,
    done: (value: 'yes' | 'no' | 'clear', genre: string, count: number): string =>
      value === 'clear'
        ? `${genre} is as the model says for ${tracks(count)}.`
        : `${counted(count, 'track is', 'tracks are')} ${value === 'yes' ? '' : 'not '}${genre}.`,
    unchanged: 'That is what was said already.',
    undo: 'Undo',
    mark: { yes: 'you said so', no: 'you said no' },
    denied: 'Not, you said:',
  },

  track: {
    label: 'Track',
    back: 'Back',
    genres: 'Genres',
    correct: 'Correct …',
    unknown: 'Unknown: no genre reached the confidence from which it counts.',
    moods: 'Moods',
    waveform: 'Waveform and genres over time',
    why: (genre: string): string => `Why ${genre}?`,
    whyAnother: 'Genre to explain',
    asking: 'Listening to the track again …',
    whyUnknown: (genre: string, confidence: string): string =>
      `No genre fits: the best guess is ${genre}, with ${confidence}.`,
    whyConfidence: (genre: string, confidence: string, threshold: string): string =>
      `${genre} has ${confidence}; it counts from ${threshold}.`,
    silence: 'There is nothing to hear in this track, so there is no evidence.',
    over: 'Confidence over time',
    overValue: (from: string, to: string, confidence: string): string => `${from} to ${to}: ${confidence}`,
    attention: 'What the model listened to most',
    attentionAt: (from: string, to: string, percent: string): string =>
      `${from} to ${to}: ${percent} of its attention`,
    attentionEven: 'It listened to all of it alike.',
    map: 'Which sounds speak for it',
    mapHint: (genre: string, from: string, to: string): string =>
      `From ${from} to ${to}, hidden piece by piece: the stronger the colour of a piece, the more confidence in ${genre} is lost without it.`,
    mapList: 'The pieces that matter most',
    piece: (from: string, to: string, low: string, high: string): string =>
      `${from} to ${to}, ${low} to ${high}`,
    speaksFor: (points: string): string => `${points} for it`,
    speaksAgainst: (points: string): string => `${points} against it`,
    pictureOf: (genre: string): string =>
      `Map of time and frequency: what speaks for ${genre}. The list below says the same.`,
    time: 'Time',
    frequency: 'Frequency',
    neighbours: 'Nearest tracks of this genre',
    neighboursOf: (carrying: number, considered: number): string =>
      `${carrying} of the ${considered} most similar tracks are of it.`,
    noNeighbours: 'No other track is surely of this genre.',
    earlierModel: (version: string): string =>
      `Of the earlier model ${version}. The new one listens to this track when its turn comes; similar tracks, moods and genres over time come with that.`,
    byUser: 'you said so',
    byModel: (confidence: string): string => `model, ${confidence}`,
    playlists: 'In playlists',
    notInPlaylists: 'In no playlist yet.',
    places: (positions: readonly string[]): string =>
      positions.length === 0 ? '' : `at ${positions.join(', ')}`,
    history: 'History',
    kinds: { playlist: 'playlist', crate: 'crate', smart: 'smart playlist', folder: 'folder' },
    openTrack: 'Everything about this track',
  },

  events: {
    added: 'Added to the library',
    analysed: (model: string | null): string => (model === null ? 'Analysed' : `Analysed by ${model}`),
    moved: (from: string): string => `Moved from ${from}`,
    missing: 'File gone',
    found: 'File found again',
    changed: 'File changed',
    rated: (from: number, to: number): string => `Rated ${to} (was ${from})`,
    corrected: (genre: string, value: 'yes' | 'no' | 'clear'): string =>
      value === 'yes'
        ? `You said: is ${genre}`
        : value === 'no'
          ? `You said: is not ${genre}`
          : `${genre}: as the model says again`,
    failed: (detail: string): string => `Failed: ${detail}`,
    tagged: (
      undo: boolean,
      fields: readonly {
        readonly field: string;
        readonly before: readonly string[];
        readonly after: readonly string[];
      }[],
    ): string => {
      const said = (values: readonly string[]): string =>
        values.length === 0 ? 'nothing' : values.join(', ');
      const changes = fields.map(
        ({ field, before, after }) => `${field} ${said(after)} (was ${said(before)})`,
      );
      return `${undo ? 'Tags taken back' : 'Tags written'}: ${changes.join('; ')}`;
    },
  },
} as const;
