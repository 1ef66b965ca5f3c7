/** Plays a track from a place in it; the one that plays already only moves there. */
import type { Track } from '#shared/domain.ts';
import type { App } from '../../state/app.svelte.ts';

export async function seekInTrack(
  { commands, player }: Pick<App, 'commands' | 'player'>,
  track: Track,
  seconds: number,
): Promise<void> {
  if (player.track?.id !== track.id) await commands.playTrack(track);
  player.seek(seconds);
}
