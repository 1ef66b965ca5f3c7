import { describe, expect, it } from 'vitest';
import { beyondThePlayer, codecName, fileName, folderName, trackName, trackTitle } from './track-words.ts';

const plain = { title: null, artist: null, path: '/music/Björk/01 Hunter.flac' };

describe('names', () => {
  it('takes the file name where the tags are silent or blank', () => {
    expect(trackTitle(plain)).toBe('01 Hunter.flac');
    expect(trackTitle({ ...plain, title: '   ' })).toBe('01 Hunter.flac');
    expect(trackName({ ...plain, artist: 'Björk' })).toBe('Björk – 01 Hunter.flac');
  });

  it('makes one line of a title with newlines', () => {
    expect(trackName({ ...plain, artist: 'A\nB', title: 'x\r\n\ty ' })).toBe('A B – x y');
  });

  it('splits paths of Windows and of the others', () => {
    expect(fileName('C:\\Music\\a.mp3')).toBe('a.mp3');
    expect(folderName('C:\\Music\\a.mp3')).toBe('C:\\Music');
    expect(folderName('/a.mp3')).toBe('/');
    expect(fileName('a.mp3')).toBe('a.mp3');
  });
});

describe('codecs', () => {
  it('names them as people do', () => {
    expect(codecName({ codec: 'alac', container: 'M4A', path: 'x.m4a' })).toBe('ALAC');
    expect(codecName({ codec: 'MPEG 1 Layer 3', container: 'MPEG', path: 'x.mp3' })).toBe('MPEG 1 Layer 3');
    expect(codecName({ codec: 'Vorbis I', container: 'Ogg', path: 'x.ogg' })).toBe('Vorbis');
    expect(codecName({ codec: 'PCM', container: 'AIFF', path: 'x.aif' })).toBe('AIFF');
    expect(codecName({ codec: null, container: null, path: 'x.wv' })).toBe('wv');
  });

  it.each([
    ['ALAC', 'M4A/mp42', 'a.m4a', true],
    ['AAC', 'M4A/mp42', 'a.m4a', false],
    ['PCM', 'AIFF', 'a.aif', true],
    [null, null, 'a.WMA', true],
    ['FLAC', 'FLAC', 'a.flac', false],
    ['PCM', 'WAVE', 'aiff.wav', false],
  ])('%s in %s (%s) is beyond the player: %s', (codec, container, path, beyond) => {
    expect(beyondThePlayer({ codec, container, path })).toBe(beyond);
  });
});
