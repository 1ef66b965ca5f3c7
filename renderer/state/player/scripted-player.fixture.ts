/** For tests: a player with scripted media elements and a scripted engine. */
import type { Track } from '#shared/domain.ts';
import { Player } from '../player.svelte.ts';
import type { PlayList } from './play-list.ts';
import { engineOf, ScriptedAudio } from './scripted-audio.fixture.ts';

const list: PlayList = { kind: 'query', name: 'House', query: {}, sort: [] };

/** `play(n)` plays the n-th track of the list. */
export function playerOf(tracks: readonly Track[], storage: Storage | null = null) {
  const engine = engineOf(tracks);
  const audios: ScriptedAudio[] = [];
  const told: string[] = [];
  const seen = { hidden: false };
  const player = new Player({
    client: engine,
    mediaUrl: (kind, id) => `media://${kind}/${id}`,
    createAudio: () => {
      const audio = new ScriptedAudio();
      audios.push(audio);
      return audio as unknown as HTMLAudioElement;
    },
    mediaSession: null,
    storage,
    tell: { done: (sentence) => told.push(sentence), trouble: (sentence) => told.push(`! ${sentence}`) },
    isHidden: () => seen.hidden,
  });
  const play = async (at: number): Promise<void> => {
    const track = engine.tracks[at];
    if (track !== undefined) await player.playList(list, { index: at, key: track.id, track });
  };
  /** The element that is loaded with what plays. */
  const sounding = (): ScriptedAudio => {
    const found = audios.find(({ src, paused }) => src !== '' && !paused);
    if (found === undefined) throw new Error('Nothing plays.');
    return found;
  };
  return { engine, audios, told, seen, player, play, sounding };
}
