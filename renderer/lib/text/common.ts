/** Words used everywhere. */
import { tracks } from './counted.ts';

export const commonText = {
  appName: 'Cratewise',
  close: 'Close',
  cancel: 'Cancel',
  unknown: 'Unknown',
  none: '–',
  tracks,
} as const;
