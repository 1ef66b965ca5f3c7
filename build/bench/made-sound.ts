/** Tempo, key, energy and loudness as a library has them, by the number of a recording: for the made-up libraries. */
import { camelotKeys } from '#shared/music/keys.ts';
import type { TrackSound } from '#shared/domain.ts';

/** One in twenty has no pulse, as many no key. */
export function madeSound(number: number): TrackSound {
  const part = (prime: number): number => ((number * prime) % 9973) / 9973;
  const bpm = Math.round((part(7919) < 0.6 ? 118 + part(6151) * 16 : 70 + part(5387) * 110) * 100) / 100;
  const energy = 1 + 9 * part(4271);
  const grid = {
    kind: 'constant',
    bpm,
    firstBeatSeconds: part(3571),
    firstDownbeat: 0,
    beatsPerBar: 4,
  } as const;
  return {
    tempo:
      number % 20 === 0
        ? null
        : {
            bpm,
            confidence: 0.5 + part(2203) / 2,
            candidates: [bpm / 2, bpm * 2].map((other) => ({ bpm: other, confidence: 0.1 })),
            grid: { ...grid, beats: null },
          },
    key:
      number % 20 === 1
        ? null
        : {
            key: camelotKeys[number % camelotKeys.length] as string,
            confidence: 0.3 + part(3001) / 2,
            second: { key: camelotKeys[(number + 2) % camelotKeys.length] as string, confidence: 0.2 },
            tuningCents: Math.round(20 * (part(1607) - 0.5)),
          },
    loudness: {
      integratedLufs: -6 - 14 * part(2801),
      rangeLu: 3 + 9 * part(1409),
      truePeakDb: -2 * part(1201),
    },
    quality: {
      clippedShare: 0,
      dcOffset: 0,
      leadingSilenceSeconds: part(907),
      trailingSilenceSeconds: 2 * part(809),
      cutoffHz: null,
      likelyTranscode: false,
    },
    character: { energy, danceability: part(701), brightness: part(601), percussiveness: part(503) },
    sections: (['intro', 'main', 'break', 'drop', 'outro'] as const).map((kind, index) => ({
      startSeconds: index * 48,
      endSeconds: (index + 1) * 48,
      kind,
      energy: Math.max(1, energy - (kind === 'break' ? 3 : 0)),
    })),
    cues: ['Intro', 'Main', 'Break', 'Drop', 'Outro'].map((label, index) => ({ seconds: index * 48, label })),
  };
}
