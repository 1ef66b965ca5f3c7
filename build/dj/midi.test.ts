import { describe, expect, it } from 'vitest';
import { readMidiTime } from './midi.ts';

const track = (...bytes: number[]): Buffer => {
  const header = Buffer.from('MTrk\0\0\0\0', 'latin1');
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, Buffer.from(bytes)]);
};
const file = (...tracks: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 1, 0, tracks.length, 0, 96]),
    ...tracks,
  ]);

describe('the time of a MIDI file', () => {
  it('follows changes of tempo, and reads the signature', () => {
    const midi = file(
      track(
        ...[0, 0xff, 0x58, 4, 6, 3, 24, 8],
        // 60 quarters a minute, after two of them 120.
        ...[0, 0xff, 0x51, 3, 0x0f, 0x42, 0x40],
        ...[0x81, 0x40, 0xff, 0x51, 3, 0x07, 0xa1, 0x20],
        ...[0, 0xff, 0x2f, 0],
      ),
      // A note, running status, a program change: four quarters in all.
      track(0, 0xc0, 5, 0, 0x90, 60, 100, 0x83, 0, 60, 0, 0, 0xff, 0x2f, 0),
    );
    const time = readMidiTime(midi);
    expect(time.signature).toEqual([6, 8]);
    expect(time.quarters).toBe(4);
    expect(time.secondsAt(96)).toBeCloseTo(1, 6);
    expect(time.secondsAt(192)).toBeCloseTo(2, 6);
    expect(time.secondsAt(384)).toBeCloseTo(3, 6);
  });

  it('is 120 in four quarters where nothing is said', () => {
    const time = readMidiTime(file(track(0, 0xff, 0x2f, 0)));
    expect(time.signature).toEqual([4, 4]);
    expect(time.secondsAt(96)).toBeCloseTo(0.5, 6);
  });

  it('refuses what is none', () => {
    expect(() => readMidiTime(Buffer.from('RIFF0000WAVEfmt '))).toThrow('no MIDI');
  });
});
