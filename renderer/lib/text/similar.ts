/** The screen of similar tracks. */
import type { SimilarityAxis } from '#shared/domain.ts';
import { tracks } from './counted.ts';

const axes: Readonly<Record<SimilarityAxis, string>> = {
  sound: 'Sound',
  genres: 'Genres',
  mood: 'Mood and instruments',
};

export const similarText = {
  axes,
  axesShort: { sound: 'Sound', genres: 'Genres', mood: 'Mood' } satisfies Record<SimilarityAxis, string>,
  /** Read out for a row of bars. */
  axisScore: (axis: SimilarityAxis, score: string): string => `${axes[axis]} ${score}`,
  notKnown: (axis: SimilarityAxis): string => `${axes[axis]}: not known`,

  adjust: 'What counts',
  weights: 'What counts',
  weightValue: (percent: string): string => `counts ${percent}`,
  across: 'Other genres',
  anyGenre: 'any genre',
  acrossValue: (percent: string): string => `${percent} away from these genres`,
  perArtist: 'Of one artist',
  anyNumber: 'any number',
  atMost: (count: number): string => `at most ${tracks(count)}`,
  limit: 'Length of the list',
  limitValue: (count: number): string => tracks(count),
  reset: 'As at first',

  more: 'More like',
  less: 'Less like',
  moreSelected: 'More like this',
  lessSelected: 'Less like this',
  takeOut: (name: string): string => `Take out ${name}`,
  mixed: (count: number): string => (count === 1 ? '' : `${tracks(count)} together`),

  audition: 'Listen in',
  auditionHint: 'Plays from the middle what the mouse or the keyboard is at',
  auditioning: (name: string): string => `Listening into ${name}`,
  makePlaylist: 'Make a playlist',
  playlistName: (name: string): string => `Like ${name}`,
} as const;
