import { describe, expect, it } from 'vitest';
import { suggestedFileName } from './file-names.ts';

describe('suggestedFileName', () => {
  it.each([
    ['Peak time', 'Peak time.m3u8'],
    ['AC/DC: live?', 'AC_DC_ live_.m3u8'],
    ['../../etc/passwd', '_.._etc_passwd.m3u8'],
    ['...', '_.m3u8'],
    ['nul', '_nul.m3u8'],
    ['tab\tand\nnewline', 'tab_and_newline.m3u8'],
    ['café ☕', 'café ☕.m3u8'],
  ])('%j becomes %j', (name, file) => {
    expect(suggestedFileName(name, 'm3u8')).toBe(file);
  });

  it('cuts between characters, not within one', () => {
    const file = suggestedFileName('👩‍🎤'.repeat(100), 'm3u8');
    expect(new TextEncoder().encode(file).length).toBeLessThanOrEqual(205);
    expect(file.replace('.m3u8', '').replaceAll('👩‍🎤', '')).toBe('');
  });
});
