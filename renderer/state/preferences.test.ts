import { beforeEach, describe, expect, it } from 'vitest';
import { Preferences } from './preferences.svelte.ts';

beforeEach(() => localStorage.clear());

describe('Preferences', () => {
  it('are dark at first and remember what was chosen', () => {
    const before = new Preferences(localStorage);
    expect(before.theme).toBe('dark');
    before.setTheme('light');
    before.setVolume(0.25);
    before.toggleExpanded('house');
    before.toggleSection('folders');
    before.setSidebarWidth(300);
    before.setBrowserHeight(120);
    before.setBrowserHeight(null);
    const after = new Preferences(localStorage);
    expect([after.theme, after.volume]).toEqual(['light', 0.25]);
    expect([after.sidebarWidth, after.inspectorWidth, after.browserHeight]).toEqual([300, null, 190]);
    expect([after.isExpanded('house'), after.isSectionOpen('folders')]).toEqual([true, false]);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"theme":"pink","volume":7,"expanded":[1],"sidebarWidth":"wide","inspectorWidth":-3,"inspectorOpen":"yes"}',
    '{',
  ])('take nothing strange from storage: %s', (stored) => {
    localStorage.setItem('cratewise.window', stored);
    const { theme, volume, inspectorOpen, sidebarWidth, inspectorWidth } = new Preferences(localStorage);
    expect([sidebarWidth, inspectorWidth]).toEqual([null, null]);
    expect([theme, volume, inspectorOpen]).toEqual(['dark', 0.8, true]);
  });

  it('work where nothing can be stored', () => {
    const preferences = new Preferences(null);
    preferences.setVolume(2);
    expect(preferences.volume).toBe(1);
  });
});
