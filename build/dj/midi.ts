/** What a MIDI file says of its time: enough to know every beat to the millisecond. */

/** Seconds of ticks, and how long the music is. */
export interface MidiTime {
  readonly ticksPerQuarter: number;
  /** Of the first time signature: [4, 4] without any. */
  readonly signature: readonly [beats: number, unit: number];
  /** The last event of any track, in quarter notes. */
  readonly quarters: number;
  /** The moment of a tick, in seconds. */
  readonly secondsAt: (tick: number) => number;
}

interface TempoChange {
  readonly tick: number;
  readonly microsecondsPerQuarter: number;
}

/**
 * Reads a standard MIDI file with ticks per quarter note.
 * @throws Error for what is none
 */
export function readMidiTime(bytes: Buffer): MidiTime {
  if (bytes.toString('latin1', 0, 4) !== 'MThd') throw new Error('This is no MIDI file.');
  const ticksPerQuarter = bytes.readUInt16BE(12);
  if (ticksPerQuarter === 0 || ticksPerQuarter >= 0x8000) throw new Error('This MIDI file counts in frames.');
  const tempos: TempoChange[] = [];
  let signature: readonly [number, number] | null = null;
  let last = 0;
  for (let at = 14; at + 8 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === 'MTrk') {
      const length = readTrack(bytes.subarray(at + 8, end), (tick, type, data) => {
        if (type === 0x51 && data.length >= 3)
          tempos.push({ tick, microsecondsPerQuarter: data.readUIntBE(0, 3) });
        if (type === 0x58 && data.length >= 2) signature ??= [data[0] as number, 2 ** (data[1] as number)];
      });
      last = Math.max(last, length);
    }
    at = end;
  }
  tempos.sort((left, right) => left.tick - right.tick);
  return {
    ticksPerQuarter,
    signature: signature ?? [4, 4],
    quarters: last / ticksPerQuarter,
    secondsAt: (tick) => secondsAt(tick, tempos, ticksPerQuarter),
  };
}

/** Half a second a quarter note until the file says otherwise: the default of the standard. */
const DEFAULT_TEMPO = 500_000;

function secondsAt(tick: number, tempos: readonly TempoChange[], ticksPerQuarter: number): number {
  let microseconds = 0;
  let from = 0;
  let tempo = DEFAULT_TEMPO;
  for (const change of tempos) {
    if (change.tick >= tick) break;
    microseconds += ((change.tick - from) * tempo) / ticksPerQuarter;
    from = change.tick;
    tempo = change.microsecondsPerQuarter;
  }
  return (microseconds + ((tick - from) * tempo) / ticksPerQuarter) / 1e6;
}

/** Calls back for every meta event; returns the tick of the last event. */
function readTrack(track: Buffer, onMeta: (tick: number, type: number, data: Buffer) => void): number {
  let at = 0;
  let tick = 0;
  let status = 0;
  const number = (): number => {
    let value = 0;
    for (let read = 0; read < 4; read += 1) {
      const byte = track[at++] ?? 0;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < track.length) {
    tick += number();
    if ((track[at] ?? 0) >= 0x80) status = track[at++] as number;
    if (status === 0xff) {
      const type = track[at++] ?? 0;
      const length = number();
      onMeta(tick, type, track.subarray(at, at + length));
      at += length;
    } else if (status === 0xf0 || status === 0xf7) at += number();
    // Program change and channel pressure have one byte, all others two.
    else at += status >> 4 === 0xc || status >> 4 === 0xd ? 1 : 2;
  }
  return tick;
}
