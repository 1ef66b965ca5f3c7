import { describe, expect, it } from 'vitest';
import type { Settings as Values } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { scriptedClient } from './scripted-client.fixture.ts';
import { Settings } from './settings.svelte.ts';

describe('Settings', () => {
  it('shows what the engine keeps, also when it kept something else than was asked', async () => {
    let kept: Values = { analysisWorkers: null, analysisPaused: false, pauseOnBattery: false };
    const client = scriptedClient({
      'settings.get': () => kept,
      'settings.set': ({ analysisWorkers, pauseOnBattery }) => {
        const workers =
          analysisWorkers === undefined ? kept.analysisWorkers : Math.min(4, analysisWorkers ?? 1);
        kept = { ...kept, analysisWorkers: workers, pauseOnBattery: pauseOnBattery ?? kept.pauseOnBattery };
        return kept;
      },
    });
    const settings = new Settings(client);
    expect(settings.values).toBeNull();
    await settings.refresh();
    await settings.change({ analysisWorkers: 64 });
    await settings.change({ pauseOnBattery: true });
    expect(settings.values).toEqual({ analysisWorkers: 4, analysisPaused: false, pauseOnBattery: true });
  });

  it('remembers the last backup and keeps it when the next one fails', async () => {
    const made = { file: '/safe/library.db', sizeBytes: 5000, tracks: 3, playlists: 1, at: 9 };
    const client = scriptedClient({
      'library.backup': () => made,
      'library.restore': ({ file }) => ({
        ...made,
        file,
        keptFile: '/data/library.before.db',
        restarting: true,
      }),
    });
    const settings = new Settings(client);
    await settings.backUp('/safe/library.db', false);
    client.answers['library.backup'] = () => Promise.reject(new AppError('disk-full', '/safe'));
    await expect(settings.backUp('/safe/library.db', true)).rejects.toThrow('disk-full');
    expect(settings.lastBackup).toEqual(made);
    await settings.restore('/safe/library.db');
    expect(settings.lastRestore?.keptFile).toBe('/data/library.before.db');
    expect(client.inputsOf('library.backup').map(({ overwrite }) => overwrite)).toEqual([false, true]);
  });
});
