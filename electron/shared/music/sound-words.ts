/** The user's own word on tempo, grid, key and energy, put in the place of what was measured. */
import type { BeatGrid, SoundWords, TempoFactor, TrackSound } from '../domain/sound.ts';

export const noSoundWords: SoundWords = {
  bpm: null,
  locked: false,
  beatSeconds: null,
  barSeconds: null,
  key: null,
  energy: null,
};

export const tempoFactorValues: Readonly<Record<TempoFactor, number>> = {
  '2': 2,
  '1/2': 1 / 2,
  '3/2': 3 / 2,
  '2/3': 2 / 3,
};

/** A tempo this near to a multiple of the measured one is that multiple: its beats are the measured ones, or between them. */
const SAME_PULSE = 0.005;

/** What counts of a recording. The measured tempo and key stay to be seen among the candidates. */
export function withSoundWords(sound: TrackSound, words: SoundWords): TrackSound {
  return {
    ...sound,
    tempo: tempoOf(sound.tempo, words),
    key: keyOf(sound.key, words.key),
    character:
      sound.character === null || words.energy === null
        ? sound.character
        : { ...sound.character, energy: words.energy },
  };
}

function keyOf(measured: TrackSound['key'], word: string | null): TrackSound['key'] {
  if (word === null) return measured;
  const second =
    measured === null || measured.key === word
      ? (measured?.second ?? null)
      : { key: measured.key, confidence: measured.confidence };
  return { key: word, confidence: 1, second, tuningCents: measured?.tuningCents ?? 0 };
}

function tempoOf(measured: TrackSound['tempo'], words: SoundWords): TrackSound['tempo'] {
  const bpm = words.bpm ?? measured?.bpm;
  if (bpm === undefined) return null;
  if (measured !== null && words.bpm === null) return { ...measured, grid: anchored(measured.grid, words) };
  const others = (measured?.candidates ?? []).filter((candidate) => !isNear(candidate.bpm, bpm));
  const own = measured === null || isNear(measured.bpm, bpm) ? [] : [measured];
  return {
    bpm,
    confidence: 1,
    candidates: [
      ...own.map((tempo) => ({ bpm: tempo.bpm, confidence: tempo.confidence })),
      ...others.map((candidate) => ({ bpm: candidate.bpm, confidence: candidate.confidence })),
    ],
    grid: anchored(measured === null ? steadyGrid(bpm, 0) : paced(measured.grid, bpm), words),
  };
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one / other - 1) < SAME_PULSE;
}

function steadyGrid(bpm: number, beatSeconds: number, beatsPerBar = 4): BeatGrid {
  const period = 60 / bpm;
  return {
    kind: 'constant',
    bpm,
    firstBeatSeconds: beatSeconds - Math.floor(beatSeconds / period) * period,
    firstDownbeat: null,
    beatsPerBar,
    beats: null,
  };
}

/** The grid at another tempo. A warped one keeps its turns where the tempo is a multiple of its own. */
function paced(grid: BeatGrid, bpm: number): BeatGrid {
  const factor = [1, ...Object.values(tempoFactorValues)].find((value) => isNear(bpm, grid.bpm * value));
  if (grid.kind === 'constant' || grid.beats === null || factor === undefined) {
    const steady = steadyGrid(bpm, grid.firstBeatSeconds, grid.beatsPerBar);
    // The same beats a little slower or faster begin their bars where they did.
    return factor === 1 ? withBar(steady, secondsOfBar(grid)) : steady;
  }
  if (factor === 1) return { ...grid, bpm };
  const { beats } = grid;
  const count = beats.length === 0 ? 0 : Math.floor((beats.length - 1) * factor + 1e-9) + 1;
  const paces = Array.from({ length: count }, (_, index) => {
    const at = Math.min(index / factor, beats.length - 1);
    const before = beats[Math.floor(at)] as number;
    return before + (at - Math.floor(at)) * ((beats[Math.ceil(at)] as number) - before);
  });
  return {
    ...grid,
    bpm,
    firstBeatSeconds: paces[0] ?? grid.firstBeatSeconds,
    firstDownbeat: null,
    beats: paces,
  };
}

/** Moved so that a beat is where the user says, and its bars begin where the user says. */
function anchored(grid: BeatGrid, { beatSeconds, barSeconds }: SoundWords): BeatGrid {
  if (beatSeconds === null && barSeconds === null) return grid;
  const shift = beatSeconds === null ? 0 : beatSeconds - nearestBeat(grid, beatSeconds).seconds;
  const bar = secondsOfBar(grid);
  return withBar(shifted(grid, shift), barSeconds ?? (bar === null ? null : bar + shift));
}

function shifted(grid: BeatGrid, seconds: number): BeatGrid {
  if (seconds === 0) return grid;
  if (grid.beats === null) return steadyGrid(grid.bpm, grid.firstBeatSeconds + seconds, grid.beatsPerBar);
  const beats = grid.beats.map((beat) => beat + seconds).filter((beat) => beat >= 0);
  return { ...grid, beats, firstBeatSeconds: beats[0] ?? grid.firstBeatSeconds };
}

function secondsOfBar(grid: BeatGrid): number | null {
  if (grid.firstDownbeat === null) return null;
  return grid.beats?.[grid.firstDownbeat] ?? grid.firstBeatSeconds + (grid.firstDownbeat * 60) / grid.bpm;
}

function withBar(grid: BeatGrid, barSeconds: number | null): BeatGrid {
  if (barSeconds === null) return { ...grid, firstDownbeat: null };
  const { index } = nearestBeat(grid, barSeconds);
  const { beatsPerBar } = grid;
  return { ...grid, firstDownbeat: ((index % beatsPerBar) + beatsPerBar) % beatsPerBar };
}

function nearestBeat(grid: BeatGrid, seconds: number): { readonly index: number; readonly seconds: number } {
  if (grid.beats === null || grid.beats.length === 0) {
    const period = 60 / grid.bpm;
    const index = Math.round((seconds - grid.firstBeatSeconds) / period);
    return { index, seconds: grid.firstBeatSeconds + index * period };
  }
  let best = 0;
  grid.beats.forEach((beat, index) => {
    if (Math.abs(beat - seconds) < Math.abs((grid.beats?.[best] as number) - seconds)) best = index;
  });
  return { index: best, seconds: grid.beats[best] as number };
}
