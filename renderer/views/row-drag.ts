/** What the selected rows of the list are when they are dragged. */
import type { DragPayload } from '../lib/pointer-drag.svelte.ts';
import { text } from '../lib/text.ts';
import { trackTitle } from '../lib/track-words.ts';
import type { App } from '../state/app.svelte.ts';

/** More files than other programs take at once; beyond, the drag stays in the window. */
const MOST_FILES = 1000;

/** Null while nothing is selected. */
export function selectedRowsPayload(app: App): DragPayload | null {
  const { list } = app.browser;
  const { selection } = list;
  if (selection.size === 0) return null;
  const { desktop } = app.host;
  const { focused } = list;
  const label =
    selection.size === 1 && focused !== undefined ? trackTitle(focused.track) : text.tracks(selection.size);
  const goesOut = desktop !== null && selection.size <= MOST_FILES;
  return {
    kind: 'tracks',
    label,
    count: selection.size,
    from: selection,
    ...(goesOut
      ? {
          begin: () =>
            void app.notices.attempt(async () => {
              const tracks = await list.selected();
              await desktop.prepareDrag(tracks.map(({ trackId }) => trackId));
            }),
          leave: () => {
            desktop.startDrag();
            return true;
          },
        }
      : {}),
  };
}
