/** From what the user asks to the words that are stored: pure. */
import type { Input } from '#shared/contract.ts';
import type { SoundWordField, SoundWords, TrackSound } from '#shared/domain.ts';
import { tempoFactorValues, withSoundWords } from '#shared/music/sound-words.ts';

const SLOWEST_BPM = 20;
const FASTEST_BPM = 400;

export type WantedSound = Omit<Input<'sound.correct'>, 'trackIds'>;

/**
 * The words after a correction. Tempo and grid of a locked track stay as they are, unless the same step unlocks it.
 * @param measured without the user's word; null where nothing was measured
 */
export function correctWords(
  measured: TrackSound | null,
  words: SoundWords,
  wanted: WantedSound,
): SoundWords {
  const rest = { ...words, key: wanted.key ?? words.key, energy: rounded(wanted.energy, 1) ?? words.energy };
  if (words.locked && wanted.locked !== false) return rest;
  const paced = { ...rest, locked: false, bpm: tempoOf(measured, words, wanted) };
  const placed = placeGrid(measured, paced, wanted);
  return (wanted.locked ?? words.locked) ? locked(measured, placed) : placed;
}

/** Whether anything is asked that a lock forbids, and nothing else. */
export function asksOnlyForTempo(wanted: WantedSound): boolean {
  const { key, energy, locked: lock, ...tempo } = wanted;
  return key === undefined && energy === undefined && lock === undefined && Object.keys(tempo).length > 0;
}

/** The words without those on the given things. */
export function clearWords(words: SoundWords, fields: readonly SoundWordField[]): SoundWords {
  const wants = (field: SoundWordField): boolean => fields.includes(field);
  return {
    bpm: wants('tempo') ? null : words.bpm,
    locked: wants('tempo') || wants('grid') ? false : words.locked,
    beatSeconds: wants('grid') ? null : words.beatSeconds,
    barSeconds: wants('grid') ? null : words.barSeconds,
    key: wants('key') ? null : words.key,
    energy: wants('energy') ? null : words.energy,
  };
}

function tempoOf(measured: TrackSound | null, words: SoundWords, wanted: WantedSound): number | null {
  const given = rounded(wanted.bpm, 2) ?? words.bpm;
  if (wanted.factor === undefined) return given;
  const now = given ?? measured?.tempo?.bpm;
  if (now === undefined) return null;
  const bpm = Math.round(now * tempoFactorValues[wanted.factor] * 100) / 100;
  if (bpm < SLOWEST_BPM || bpm > FASTEST_BPM) return given;
  // Back at what was measured there is nothing left to say.
  return bpm === measured?.tempo?.bpm ? null : bpm;
}

function placeGrid(measured: TrackSound | null, words: SoundWords, wanted: WantedSound): SoundWords {
  const at = {
    ...words,
    beatSeconds: rounded(wanted.beatSeconds, 4) ?? words.beatSeconds,
    barSeconds: rounded(wanted.barSeconds, 4) ?? words.barSeconds,
  };
  if (wanted.shiftSeconds === undefined) return at;
  const shift = wanted.shiftSeconds;
  const first = firstBeatOf(measured, at);
  if (first === null) return at;
  return {
    ...at,
    beatSeconds: rounded((at.beatSeconds ?? first) + shift, 4) ?? null,
    barSeconds: at.barSeconds === null ? null : (rounded(at.barSeconds + shift, 4) ?? null),
  };
}

/** What counts now becomes the user's own. A warped grid has no one beat to hold it by: its tempo is kept. */
function locked(measured: TrackSound | null, words: SoundWords): SoundWords {
  const tempo = measured === null ? null : withSoundWords(measured, words).tempo;
  if (tempo === null) return { ...words, locked: true };
  const isSteady = tempo.grid.kind === 'constant';
  return {
    ...words,
    locked: true,
    bpm: tempo.bpm,
    beatSeconds: words.beatSeconds ?? (isSteady ? (rounded(tempo.grid.firstBeatSeconds, 4) ?? null) : null),
  };
}

function firstBeatOf(measured: TrackSound | null, words: SoundWords): number | null {
  return measured === null ? null : (withSoundWords(measured, words).tempo?.grid.firstBeatSeconds ?? null);
}

function rounded(value: number | undefined, decimals: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10 ** decimals) / 10 ** decimals;
}
