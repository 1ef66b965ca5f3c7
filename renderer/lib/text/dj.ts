/** What a DJ needs to know of a track: tempo, key, energy, loudness, sections; and the settings of it. */
import type { PitchRange, SectionKind, TransitionAxis } from '#shared/domain.ts';
import type { KeyNotation } from '#shared/music/keys.ts';

const sections: Readonly<Record<SectionKind, string>> = {
  intro: 'Intro',
  build: 'Build',
  drop: 'Drop',
  break: 'Break',
  main: 'Main',
  outro: 'Outro',
};
const notations: Readonly<Record<KeyNotation, string>> = {
  camelot: 'Camelot (8A)',
  openKey: 'Open Key (1m)',
  traditional: 'Traditional (Am)',
};

const axes: Readonly<Record<TransitionAxis, string>> = {
  key: 'Key',
  tempo: 'Tempo',
  energy: 'Energy',
  sound: 'Sound',
  genre: 'Genre',
  mood: 'Mood',
};

export const djText = {
  sections,

  settings: {
    title: 'DJ',
    notation: 'Key notation',
    notationHint: 'How keys are written everywhere in the window. In a search, every notation is understood.',
    notations,
    pitchRange: 'Pitch range of your players',
    pitchRangeHint: 'How far a tempo can be changed. Used where transitions are judged and sets are built.',
    pitchRangeValue: (percent: PitchRange): string => `± ${percent} %`,
    keyLock: 'Key lock',
    keyLockHint: 'Without it, a change of tempo moves the key: 6 % is one semitone.',
    weights: 'What makes a good transition',
    weightsHint: 'How much each part counts in the score between two tracks.',
    weight: (axis: TransitionAxis): string => axes[axis],
    weightValue: (percent: string): string => `counts ${percent}`,
    resetWeights: 'As at first',
  },

  transitions: {
    axes,
    notKnown: 'not known',
    score: (percent: string): string => `Transition ${percent}`,
    same: '=',
    clash: 'clash',
    otherLetter: 'A/B',
    keyStep: (step: string): string => `key ${step}`,
    energyStep: (step: string): string => `energy ${step}`,
    weak: 'weak',
    reorder: 'Reorder for harmonic mixing',
    reordered: (name: string, before: string, after: string): string =>
      `“${name}” reordered: its transitions went from ${before} to ${after}.`,
    notBetter: (name: string, score: string): string =>
      `No better order was found: the transitions of “${name}” stay at ${score}.`,
  },

  sectionAt: (name: string, from: string, to: string, energy: number): string =>
    `${name}, ${from} to ${to}, energy ${energy} of 10`,
  bpm: (value: string): string => `${value} BPM`,
  energy: (value: string): string => `Energy ${value} of 10`,
  lufs: (value: string): string => `${value} LUFS`,
} as const;
