/** Asks whether all missing tracks shall be forgotten. */
import type { App } from '../state/app.svelte.ts';

export async function forgetMissing(app: App): Promise<void> {
  await app.notices.attempt(async () => {
    const trackIds = await app.host.client.request('tracks.ids', { query: { state: 'missing' }, sort: [] });
    if (trackIds.length > 0) app.dialogs.show({ kind: 'purge', trackIds });
  });
}
