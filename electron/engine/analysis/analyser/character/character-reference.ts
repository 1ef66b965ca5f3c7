/**
 * What music is usually like: means and standard deviations over rendered grooves and the music in Debian's packages, half
 * of the weight each. Fixed, so that numbers do not move. `npm run dj:character -- --folder DIR --write` makes them anew
 * (build/dj/README.md); these are from before that command, whose means lie within 0.02 deviations. Do not edit by hand.
 */

export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export const reference = {
  riseLow: { mean: 53.72, deviation: 25.91 },
  riseMid: { mean: 46.86, deviation: 25.26 },
  riseHigh: { mean: 66.13, deviation: 31.88 },
  fullness: { mean: -8.156, deviation: 4.148 },
  lowShare: { mean: -5.179, deviation: 3.604 },
  highShare: { mean: -10.86, deviation: 5.193 },
  punch: { mean: 7.595, deviation: 4.653 },
  energy: { mean: 0.02953, deviation: 1.765 },
  dance: { mean: 1.282, deviation: 1.213 },
  percussion: { mean: -0.004298, deviation: 3.318 },
} as const satisfies Readonly<Record<string, Spread>>;

export type CharacterReference = Readonly<Record<keyof typeof reference, Spread>>;
