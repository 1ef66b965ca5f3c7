/** A piece as sound: the parts of its style played note by note, mixed, with room, echo and a limiter. */
import { drumHit, type Drum } from './drums.ts';
import { SAMPLE_RATE_HZ, addEcho, addReverb, master } from './effects.ts';
import { chordNotes, degreeNote, frequencyOf } from './harmony.ts';
import type { Piece } from './pieces.ts';
import { seededRandom } from './random.ts';
import type { Part, Style } from './style.ts';
import { styles } from './styles.ts';
import { playNote, type VoiceName } from './voices.ts';

export interface Sound {
  /** Interleaved stereo, -1..1, 44.1 kHz. */
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
  readonly channels: 2;
}

interface Bus {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Everything a piece needs while it is being made. */
interface Session {
  readonly piece: Piece;
  readonly style: Style;
  readonly random: () => number;
  readonly bars: number;
  readonly stepSeconds: number;
  readonly stepsPerBar: number;
  /** Notes recur: each is made once. */
  readonly notes: Map<string, Float32Array>;
  readonly music: Bus;
  readonly drums: Bus;
}

/** The third dimension of a loop: which parts play in which bar of every sixteen. */
const LOOP_BARS = 16;
const introduction = 2;
const breakBars: readonly number[] = [12, 13];

function place(bus: Bus, sound: Float32Array, seconds: number, gain: number, pan: number): void {
  const start = Math.round(seconds * SAMPLE_RATE_HZ);
  // Constant power: the same loudness wherever it stands.
  const angle = ((pan + 1) * Math.PI) / 4;
  const left = gain * Math.cos(angle) * Math.SQRT2;
  const right = gain * Math.sin(angle) * Math.SQRT2;
  const end = Math.min(bus.left.length, start + sound.length);
  for (let i = Math.max(0, start); i < end; i++) {
    const value = sound[i - start] ?? 0;
    bus.left[i] = (bus.left[i] ?? 0) + left * value;
    bus.right[i] = (bus.right[i] ?? 0) + right * value;
  }
}

function timeOf(session: Session, bar: number, step: number): number {
  const late = step % 2 === 1 ? (session.style.swing ?? 0) : 0;
  const human = (session.style.human ?? 0) * 0.008 * (session.random() - 0.5);
  return (bar * session.stepsPerBar + step + late) * session.stepSeconds + human;
}

function loudness(session: Session): number {
  return 1 - 0.3 * (session.style.human ?? 0) * session.random();
}

interface Hit {
  readonly step: number;
  readonly sign: string;
  /** In steps, the sign itself included. */
  readonly length: number;
}

/** The hits of one bar's pattern: a sign and the dashes that hold it. */
export function readPattern(pattern: string): readonly Hit[] {
  return [...pattern].flatMap((sign, step) => {
    if (sign === '.' || sign === '-') return [];
    const rest = /^-*/.exec(pattern.slice(step + 1))?.[0].length ?? 0;
    return [{ step, sign, length: rest + 1 }];
  });
}

function barOf(part: { readonly bars: readonly string[] }, bar: number): readonly Hit[] {
  return readPattern(part.bars[bar % part.bars.length] ?? '');
}

function note(session: Session, voice: VoiceName, midi: number, steps: number): Float32Array {
  const id = `${voice} ${midi} ${steps}`;
  const known = session.notes.get(id);
  if (known !== undefined) return known;
  const made = playNote(voice, frequencyOf(midi), steps * session.stepSeconds * 0.95, session.random);
  session.notes.set(id, made);
  return made;
}

function chordOf(session: Session, bar: number): number {
  const { progression } = session.style;
  return progression[bar % progression.length] ?? 0;
}

function playBass(session: Session, part: Part, bar: number): void {
  const degree = chordOf(session, bar);
  for (const { step, sign, length } of barOf(part, bar)) {
    const midi = degreeNote(session.piece.key, degree + Number(sign) - 1, part.octave);
    const sound = note(session, part.voice, midi, length);
    place(session.music, sound, timeOf(session, bar, step), part.gain * loudness(session), part.pan ?? 0);
  }
}

function playChords(session: Session, part: Part, bar: number): void {
  const size = part.rootOnly === true ? 1 : (session.style.chordSize ?? 3);
  // Chords high on the scale go an octave down, so that the voices stay together.
  const degree = chordOf(session, bar);
  const notes = chordNotes(session.piece.key, degree > 3 ? degree - 7 : degree, part.octave, size);
  for (const { step, length } of barOf(part, bar)) {
    const start = timeOf(session, bar, step);
    const gain = (part.gain * loudness(session)) / Math.sqrt(size);
    notes.forEach((midi, index) => {
      const spread = size === 1 ? 0 : 0.5 * (index / (size - 1) - 0.5);
      const sound = note(session, part.voice, midi, length);
      place(
        session.music,
        sound,
        start + index * 0.004 * (session.style.human ?? 0),
        gain,
        (part.pan ?? 0) + spread,
      );
    });
  }
}

function playArpeggio(session: Session, part: Part, bar: number): void {
  const degree = chordOf(session, bar);
  const notes = chordNotes(session.piece.key, degree > 3 ? degree - 7 : degree, part.octave, 4);
  const order = [0, 1, 2, 3, 2, 1];
  barOf(part, bar).forEach(({ step, length }, index) => {
    const midi = notes[order[index % order.length] ?? 0] ?? 60;
    const sound = note(session, part.voice, midi, length);
    place(session.music, sound, timeOf(session, bar, step), part.gain * loudness(session), part.pan ?? 0);
  });
}

/**
 * Four bars of scale degrees: on the beat a note of the chord, between beats a step up or down. The phrase
 * ends on the tonic, and comes back, so that it is a tune and not a walk.
 */
function tune(session: Session, part: Part): readonly (readonly number[])[] {
  let current = 0;
  return Array.from({ length: 4 }, (_, bar) => {
    const chord = chordOf(session, bar);
    return barOf(part, bar).map(({ step }, index, hits) => {
      const last = bar === 3 && index === hits.length - 1;
      if (last) current = 0;
      else if (step % session.style.stepsPerBeat === 0) {
        const tones = [chord, chord + 2, chord + 4, chord - 3, chord - 5];
        const near = tones.filter((tone) => Math.abs(tone - current) <= 4);
        const choice = near.length > 0 ? near : tones;
        current = choice[Math.floor(session.random() * choice.length)] ?? 0;
      } else current += session.random() < 0.5 ? -1 : 1;
      current = Math.max(-4, Math.min(9, current));
      return current;
    });
  });
}

function playMelody(session: Session, part: Part, bar: number, phrase: readonly (readonly number[])[]): void {
  barOf(part, bar % 4).forEach(({ step, length }, index) => {
    const degree = phrase[bar % 4]?.[index] ?? 0;
    const sound = note(session, part.voice, degreeNote(session.piece.key, degree, part.octave), length);
    place(session.music, sound, timeOf(session, bar, step), part.gain * loudness(session), part.pan ?? 0);
  });
}

const drumLevels: Readonly<Record<Drum, readonly [gain: number, pan: number]>> = {
  kick: [0.95, 0],
  snare: [0.6, 0],
  clap: [0.45, 0],
  hat: [0.22, 0.25],
  openHat: [0.24, 0.25],
  ride: [0.16, -0.3],
  crash: [0.3, -0.2],
  rim: [0.35, -0.15],
  tom: [0.6, -0.3],
  shaker: [0.2, 0.4],
  conga: [0.35, -0.4],
};

/** Plays the drums; returns when the kick sounds, in seconds. */
function playDrums(session: Session): readonly number[] {
  const kicks: number[] = [];
  const { style, random } = session;
  const kit = style.kit ?? 'acoustic';
  for (const [name, patterns] of Object.entries(style.drums) as [Drum, readonly string[]][]) {
    const [level, pan] = drumLevels[name];
    const hit = drumHit(name, kit, random);
    for (let bar = 0; bar < session.bars; bar++) {
      if (breakBars.includes(bar % LOOP_BARS) && name !== 'hat' && name !== 'shaker') continue;
      for (const { step, sign } of barOf({ bars: patterns }, bar)) {
        const start = timeOf(session, bar, step);
        if (name === 'kick') kicks.push(start);
        place(session.drums, hit, start, level * (sign === 'o' ? 0.4 : 1) * loudness(session), pan);
      }
    }
  }
  return kicks;
}

/** The music steps back when the kick sounds and comes back within an eighth: what makes house breathe. */
function duck(bus: Bus, kicks: readonly number[], depth: number): void {
  const length = Math.round(0.22 * SAMPLE_RATE_HZ);
  for (const kick of kicks) {
    const start = Math.max(0, Math.round(kick * SAMPLE_RATE_HZ));
    for (let i = 0; i < length && start + i < bus.left.length; i++) {
      const gain = 1 - depth * (1 - i / length) ** 2;
      bus.left[start + i] = (bus.left[start + i] ?? 0) * gain;
      bus.right[start + i] = (bus.right[start + i] ?? 0) * gain;
    }
  }
}

/** Hiss, and now and then a click. */
function addCrackle(bus: Bus, level: number, random: () => number): void {
  for (let i = 0; i < bus.left.length; i++) {
    const click = random() < 0.0002 ? 12 * (random() - 0.5) : 0;
    const hiss = level * (random() - 0.5 + click);
    bus.left[i] = (bus.left[i] ?? 0) + hiss;
    bus.right[i] = (bus.right[i] ?? 0) + hiss;
  }
}

function emptyBus(samples: number): Bus {
  return { left: new Float32Array(samples), right: new Float32Array(samples) };
}

/** Makes this many seconds of a piece. The same piece and length give the same samples. */
export function synthesise(piece: Piece, seconds: number): Sound {
  const style: Style = styles[piece.style];
  const samples = Math.round(seconds * SAMPLE_RATE_HZ);
  const stepSeconds = 60 / piece.bpm / style.stepsPerBeat;
  const stepsPerBar = style.beatsPerBar * style.stepsPerBeat;
  const session: Session = {
    ...{ piece, style, stepSeconds, stepsPerBar },
    random: seededRandom(piece.seed),
    bars: Math.ceil(seconds / (stepSeconds * stepsPerBar)),
    notes: new Map(),
    music: emptyBus(samples),
    drums: emptyBus(samples),
  };
  const { music, drums } = session;
  const phrase = style.melody === undefined ? [] : tune(session, style.melody);
  for (let bar = 0; bar < session.bars; bar++) {
    const position = bar % LOOP_BARS;
    for (const part of style.chords ?? []) playChords(session, part, bar);
    if (style.arpeggio !== undefined) playArpeggio(session, style.arpeggio, bar);
    if (style.bass !== undefined && !breakBars.includes(position)) playBass(session, style.bass, bar);
    if (style.melody !== undefined && position >= introduction)
      playMelody(session, style.melody, bar, phrase);
  }
  const kicks = playDrums(session);
  if (style.echo !== undefined)
    addEcho(music.left, music.right, style.echo.steps * stepSeconds, style.echo.gain);
  addReverb(music.left, music.right, style.room.gain, style.room.size);
  addReverb(drums.left, drums.right, style.room.gain * 0.25, style.room.size * 0.7);
  if (style.pump !== undefined) duck(music, kicks, style.pump);
  for (let i = 0; i < samples; i++) {
    music.left[i] = (music.left[i] ?? 0) + (drums.left[i] ?? 0);
    music.right[i] = (music.right[i] ?? 0) + (drums.right[i] ?? 0);
  }
  if (style.crackle !== undefined) addCrackle(music, style.crackle, session.random);
  return { samples: master(music.left, music.right, 0.9), sampleRateHz: SAMPLE_RATE_HZ, channels: 2 };
}
