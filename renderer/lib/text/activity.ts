/** Scans and analyses at work. */
import { formatCount } from '../format.ts';
import { counted, tracks } from './counted.ts';

export const activityText = {
  activity: {
    label: 'Activity',
    walking: (found: number): string => `Looking for music: ${counted(found, 'file', 'files')} found`,
    reading: (read: number, found: number): string =>
      `Reading tags: ${formatCount(read)} of ${counted(found, 'file', 'files')}`,
    analysing: (done: number, all: number): string => `Analysing: ${formatCount(done)} of ${tracks(all)}`,
    paused: (left: number): string => `Analysis paused: ${tracks(left)} to go`,
    perMinute: (speed: string): string => `${speed} tracks/min`,
    left: (span: string): string => `${span} left`,
    pause: 'Pause analysis',
    resume: 'Resume analysis',
    waiting: (count: number): string => `Waiting for analysis: ${tracks(count)}`,
    idle: 'Up to date',
    progress: 'Analysis progress',
    failed: (count: number): string => counted(count, 'error', 'errors'),
    disconnected:
      'Cratewise does not answer. When it is back, this page goes on by itself; after a new start, open the address it prints.',
  },
} as const;
