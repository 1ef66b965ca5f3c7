/**
 * Every text of the window, by area in lib/text/, ready for another language. Functions take values that are
 * already worded for people (numbers by Intl).
 */
import { activityText } from './text/activity.ts';
import { commonText } from './text/common.ts';
import { libraryText } from './text/library.ts';
import { listsText } from './text/lists.ts';
import { playerText } from './text/player.ts';
import { paletteText } from './text/palette.ts';
import { playlistsText } from './text/playlists.ts';
import { settingsText } from './text/settings.ts';
import { shortcutsText } from './text/shortcuts.ts';
import { tracksText } from './text/tracks.ts';

export const text = {
  ...commonText,
  ...libraryText,
  ...tracksText,
  ...playerText,
  ...activityText,
  ...listsText,
  ...paletteText,
  ...playlistsText,
  ...settingsText,
  ...shortcutsText,
} as const;
