import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity } from './activity.svelte.ts';
import { scriptedClient } from './scripted-client.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const idle = {
  ...{ queued: 0, active: [], done: 3, failed: 1, tracksPerMinute: null, secondsLeft: null },
  ...{ paused: false, onBattery: false, problem: null, workers: 2, backend: null },
};

describe('Activity', () => {
  it('tells the speed of a scan and the time left once there is something to tell', () => {
    const client = scriptedClient({});
    const activity = new Activity(client);
    const end = activity.listen();
    const scan = { folderId: 1, filesFound: 1000, errors: 0 };
    client.emit('scan.progress', { ...scan, phase: 'walking', filesRead: 0 });
    expect([activity.scan?.filesFound, activity.scanSpeed]).toEqual([1000, null]);
    vi.advanceTimersByTime(60_000); // the walk does not count
    client.emit('scan.progress', { ...scan, phase: 'reading-tags', filesRead: 0 });
    vi.advanceTimersByTime(30_000);
    client.emit('scan.progress', { ...scan, phase: 'reading-tags', filesRead: 250 });
    expect(activity.scanSpeed).toBe(500);
    expect(activity.scanSecondsLeft).toBe(90);
    client.emit('scan.progress', { ...scan, phase: 'done', filesRead: 1000 });
    expect([activity.scan, activity.scanSpeed, activity.scanSecondsLeft]).toEqual([null, null, null]);
    end();
  });

  it('remembers that the user ended the last scan, until the next one begins', async () => {
    const client = scriptedClient({ 'library.cancelScan': () => null });
    const activity = new Activity(client);
    activity.listen();
    const scan = { folderId: 1, filesFound: 10, filesRead: 4, errors: 0 };
    client.emit('scan.progress', { ...scan, phase: 'reading-tags' });
    await activity.cancelScan();
    expect(activity.stopped).toBe(false); // it still ends
    client.emit('scan.progress', { ...scan, phase: 'reading-tags' });
    client.emit('scan.progress', { ...scan, phase: 'done' });
    expect(activity.stopped).toBe(true);
    client.emit('scan.progress', { ...scan, phase: 'walking' });
    client.emit('scan.progress', { ...scan, phase: 'done' });
    expect(activity.stopped).toBe(false);
  });

  it('tells whether anything is left', async () => {
    const client = scriptedClient({ 'analysis.status': () => idle, 'analysis.pause': () => null });
    const activity = new Activity(client);
    expect(activity.analysing).toBe(false);
    await activity.pause();
    expect(activity.analysing).toBe(false);
    activity.listen();
    client.emit('analysis.progress', { ...idle, queued: 4 });
    expect(activity.analysing).toBe(true);
  });

  it('asks for tracks to be analysed first only while there is a queue', async () => {
    const client = scriptedClient({ 'analysis.prioritise': () => null, 'library.cancelScan': () => null });
    const activity = new Activity(client);
    await activity.prioritise([1]);
    activity.listen();
    client.emit('analysis.progress', { ...idle, queued: 4 });
    await activity.prioritise([]);
    await activity.prioritise([1]);
    await activity.cancelScan();
    expect(client.asked.map(({ name }) => name)).toEqual(['analysis.prioritise', 'library.cancelScan']);
  });
});
