import { beforeEach, describe, expect, it } from 'vitest';
import { defaultMix } from '#shared/domain.ts';
import { Preferences } from './preferences.svelte.ts';

beforeEach(() => localStorage.clear());

describe('Preferences', () => {
  it('are dark at first and remember what was chosen', () => {
    const before = new Preferences(localStorage);
    expect(before.theme).toBe('dark');
    before.setTheme('light');
    before.toggleExpanded('house');
    before.toggleSection('folders');
    before.setSidebarWidth(300);
    before.setBrowserHeight(120);
    before.setBrowserHeight(null);
    const after = new Preferences(localStorage);
    expect(after.theme).toBe('light');
    expect([after.sidebarWidth, after.inspectorWidth, after.browserHeight]).toEqual([300, null, 190]);
    expect([after.isExpanded('house'), after.isSectionOpen('folders')]).toEqual([true, false]);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"theme":"pink","expanded":[1],"sidebarWidth":"wide","inspectorWidth":-3,"inspectorOpen":"yes"}',
    '{',
  ])('take nothing strange from storage: %s', (stored) => {
    localStorage.setItem('cratewise.window', stored);
    const { theme, inspectorOpen, sidebarWidth, inspectorWidth } = new Preferences(localStorage);
    expect([sidebarWidth, inspectorWidth]).toEqual([null, null]);
    expect([theme, inspectorOpen]).toEqual(['dark', true]);
  });

  it('know how keys are written and what makes a good transition', () => {
    const before = new Preferences(localStorage);
    expect([before.keyNotation, before.mix]).toEqual(['camelot', defaultMix]);
    before.setKeyNotation('traditional');
    before.setMix({ pitchRangePercent: 16, keyLock: false });
    const after = new Preferences(localStorage);
    expect(after.keyNotation).toBe('traditional');
    expect(after.mix).toEqual({ ...defaultMix, pitchRangePercent: 16, keyLock: false });
    const strange = { keyNotation: 'German', mix: { weights: { key: 7, tempo: 0.2 }, keyLock: 'yes' } };
    localStorage.setItem('cratewise.window', JSON.stringify(strange));
    const { keyNotation, mix } = new Preferences(localStorage);
    expect([keyNotation, mix.keyLock, mix.weights.key, mix.weights.tempo]).toEqual(['camelot', true, 1, 0.2]);
  });

  it('work where nothing can be stored', () => {
    const preferences = new Preferences(null);
    preferences.setTheme('light');
    expect(preferences.theme).toBe('light');
  });
});
