/**
 * Who is heard in training and who is held out. Always by artist (or package), never by clip, and by a hash of
 * the name (with a number chosen so that every genre of emotify has artists on both sides), so that adding music moves nobody from one side to the other.
 */
import { hashText } from './workspace.ts';

export type Split =
  | 'train'
  /** Artists the shipped model never hears: early stopping, calibration, thresholds. */
  | 'validation'
  /** Only judged on, never tuned on. */
  | 'evaluate'
  /** Only for the textbook experiment, whose weights never ship. */
  | 'gtzan';

/** Share of the artists of a set that is held out; sets not named here give a twentieth. */
const heldOut: Readonly<Record<string, number>> = {
  emotify: 0.4,
  fma: 0.3,
  // So little vocal and labelled music that all of it is needed for training.
  jamendo: 0.05,
  'jamendo-lyrics': 0,
  ultrastar: 0,
  'audio-library': 0,
  bensound: 0,
  // Grooves are not artists: nothing is learned from holding some out.
  synthesised: 0,
};

/** The split of a track, from its set and its artist (package, folder). Names are compared without case and spaces. */
export function splitOf(set: string, artist: string): Split {
  if (set === 'gtzan-mini') return 'evaluate';
  if (set === 'gtzan-more') return 'gtzan';
  const name = artist.toLowerCase().replace(/\s+/g, ' ').trim();
  const position = Number.parseInt(hashText(`artist 0 ${name}`).slice(0, 8), 16) / 2 ** 32;
  return position < (heldOut[set] ?? 0.05) ? 'validation' : 'train';
}
