import { beforeEach, describe, expect, it } from 'vitest';
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

  it('work where nothing can be stored', () => {
    const preferences = new Preferences(null);
    preferences.setTheme('light');
    expect(preferences.theme).toBe('light');
  });
});
