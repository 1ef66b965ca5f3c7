/** What a DJ needs to know of a track: tempo, key, energy, loudness, sections; and the settings of it. */
import type { PitchRange, SectionKind, TransitionAxis } from '#shared/domain.ts';
import type { KeyNotation } from '#shared/music/keys.ts';
import { counted, tracks } from './counted.ts';

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

  edit: {
    title: 'Tempo and beats',
    none: 'No tempo: there is no pulse, or it is too unsure. Tap it, or type it in.',
    confidence: (percent: string): string => `${percent} sure`,
    byUser: 'you said so',
    warped: 'The tempo moves: every beat has a place of its own.',
    factors: { '1/2': '÷ 2', '2': '× 2', '3/2': '× 3/2', '2/3': '× 2/3' },
    factorLong: (factor: string, bpm: string): string => `${factor}: ${bpm} BPM`,
    candidates: 'Also possible',
    candidate: (bpm: string, percent: string): string => `${bpm} BPM, ${percent}`,
    lock: 'Lock tempo and grid',
    unlock: 'Unlock tempo and grid',
    tap: 'Tap',
    tapHint: 'Click, or press T, with the beat',
    tapped: (bpm: string, taps: number): string => `${bpm} BPM after ${counted(taps, 'tap', 'taps')}`,
    tapMore: (taps: number): string => `${counted(taps, 'tap', 'taps')} …`,
    use: (bpm: string): string => `Use ${bpm}`,
    type: 'Tempo in BPM',
    set: 'Set',
    zoom: 'Seconds in view',
    zoomValue: (seconds: number): string => `${seconds} s`,
    near: 'Waveform from near, with beats',
    grid: 'Grid',
    earlier: (milliseconds: number): string => `Grid ${milliseconds} ms earlier`,
    later: (milliseconds: number): string => `Grid ${milliseconds} ms later`,
    beatHere: 'Beat here',
    beatHereLong: 'The grid goes through the position of the track',
    barHere: 'Bar begins here',
    barHereLong: 'The beat nearest to the position of the track begins a bar',
    asMeasured: 'As measured',
    done: (count: number): string => (count === 1 ? 'Changed.' : `Changed for ${tracks(count)}.`),
    cleared: (count: number): string =>
      count === 1 ? 'As measured again.' : `As measured again for ${tracks(count)}.`,
  },

  key: {
    title: 'Key and energy',
    key: 'Key',
    energy: 'Energy',
    none: 'No key: nothing tonal, or too unsure.',
    second: (key: string, percent: string): string => `or ${key}, ${percent}`,
    tuning: (cents: string): string => `tuned ${cents} cents from 440 Hz`,
    measured: 'As measured',
    set: 'Set the key',
    setEnergy: 'Set the energy',
  },

  structure: {
    title: 'Sections and cue points',
    sections: 'Sections',
    cues: 'Suggested cue points',
    noCues: 'None.',
    energy: 'Energy',
  },

  sound: {
    title: 'Sound',
    loudness: 'Loudness',
    range: 'Loudness range',
    truePeak: 'True peak',
    rangeValue: (value: string): string => `${value} LU`,
    peakValue: (value: string): string => `${value} dBTP`,
    danceability: 'Danceability',
    brightness: 'Brightness',
    percussiveness: 'Percussiveness',
    quality: 'Quality',
    good: 'Nothing found wrong with it.',
    transcode: (kilohertz: string): string => `Likely made from a lossy file: nothing above ${kilohertz}.`,
    cutoff: (kilohertz: string): string => `Nothing above ${kilohertz}, as usual for its bit rate.`,
    clipped: (percent: string): string => `Clipped: ${percent} of it stands at full scale.`,
    overs: (value: string): string =>
      `Peaks over full scale (${value} dBTP): it may distort when played loud.`,
    offset: (percent: string): string => `Off its middle by ${percent} (DC offset).`,
    silenceBefore: (seconds: string): string => `${seconds} s of silence before the music.`,
    silenceAfter: (seconds: string): string => `${seconds} s of silence after the music.`,
  },

  sectionAt: (name: string, from: string, to: string, energy: number): string =>
    `${name}, ${from} to ${to}, energy ${energy} of 10`,
  bpm: (value: string): string => `${value} BPM`,
  energy: (value: string): string => `Energy ${value} of 10`,
  lufs: (value: string): string => `${value} LUFS`,
} as const;
