import { describe, expect, it } from 'vitest';
import type { SoundQuality, TrackSound } from '#shared/domain.ts';
import { loudnessFacts, qualityWords } from './quality-words.ts';

const clean: SoundQuality = {
  clippedShare: 0,
  dcOffset: 0.0001,
  leadingSilenceSeconds: 0.1,
  trailingSilenceSeconds: 0.4,
  cutoffHz: null,
  likelyTranscode: false,
};
function sound(quality: Partial<SoundQuality> = {}, truePeakDb: number | null = -0.4): TrackSound {
  return {
    tempo: null,
    key: null,
    loudness: { integratedLufs: -8.25, rangeLu: 5.5, truePeakDb },
    quality: { ...clean, ...quality },
    character: { energy: 7, danceability: 0.8, brightness: 0.25, percussiveness: 0.6 },
    sections: [],
    cues: [],
  };
}
const said = (what: TrackSound): readonly string[] => qualityWords(what).map(({ text }) => text);

describe('qualityWords', () => {
  it('says so where nothing is wrong', () => {
    expect(said(sound())).toEqual(['Nothing found wrong with it.']);
  });

  it('tells a likely transcode from a file that is as its bit rate lets expect', () => {
    expect(qualityWords(sound({ cutoffHz: 16_000, likelyTranscode: true }))).toEqual([
      { text: 'Likely made from a lossy file: nothing above 16 kHz.', problem: true },
    ]);
    expect(qualityWords(sound({ cutoffHz: 16_000 }))[0]?.problem).toBe(false);
  });

  it('tells clipping, or peaks over full scale, not both', () => {
    expect(said(sound({ clippedShare: 0.0123 }, 3))).toEqual(['Clipped: 1.2% of it stands at full scale.']);
    expect(said(sound({}, 1.5))[0]).toContain('1.5 dBTP');
  });

  it('tells an offset and long silence', () => {
    const found = said(sound({ dcOffset: -0.02, leadingSilenceSeconds: 4, trailingSilenceSeconds: 12.5 }));
    expect(found).toEqual([
      'Off its middle by 2% (DC offset).',
      '4.0 s of silence before the music.',
      '12.5 s of silence after the music.',
    ]);
  });
});

it('leaves out what is not known of silence', () => {
  const silence = { ...sound(), loudness: { integratedLufs: null, rangeLu: null, truePeakDb: null } };
  expect(loudnessFacts({ ...silence, character: null })).toEqual([]);
  expect(loudnessFacts(sound()).map(({ value }) => value)).toEqual([
    '-8.3 LUFS',
    '5.5 LU',
    '-0.4 dBTP',
    '80%',
    '25%',
    '60%',
  ]);
});
