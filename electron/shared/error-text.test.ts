import { describe, expect, it } from 'vitest';
import { describeError, errorText } from './error-text.ts';
import { errorCodes } from './errors.ts';

describe('errorText', () => {
  it.each(errorCodes)('has words for %s that do not show the code', (code) => {
    const { title, advice } = errorText(code);
    expect(title).toMatch(/^[A-Z]/u);
    expect(title).not.toMatch(/[.]$/u);
    expect(advice).toMatch(/^[A-Z].*[.]$/su);
    if (code.includes('-')) expect(`${title} ${advice}`).not.toContain(code);
  });

  it('gives different errors different titles', () => {
    const titles = errorCodes.map((code) => errorText(code).title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe('describeError', () => {
  it('puts the detail between title and advice, as a sentence', () => {
    expect(describeError({ code: 'file-empty', detail: '/music/a.mp3 has 0 bytes' })).toBe(
      'Empty file: /music/a.mp3 has 0 bytes. The file holds no data. Fetch it again from where it came from, or delete it.',
    );
    expect(describeError({ code: 'file-empty', detail: 'It has 0 bytes.' })).toContain('0 bytes. The file');
  });

  it('leaves an empty detail out', () => {
    expect(describeError({ code: 'cancelled', detail: ' ' })).toMatch(/^Cancelled[.] /u);
  });
});
