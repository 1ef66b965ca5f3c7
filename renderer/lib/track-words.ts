/** What a track is called where its tags say nothing, and how its facts read. */
import type { Track } from '#shared/domain.ts';
import { formatDecimal, formatKilohertz } from './format.ts';

/** The file's name of an absolute path of either kind. */
export function fileName(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return path.slice(cut + 1);
}

/** The folder of an absolute path of either kind, without a trailing separator. */
export function folderName(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return cut <= 0 ? path.slice(0, 1) : path.slice(0, cut);
}

/** The title, or the file's name where there is none. */
export function trackTitle(track: Pick<Track, 'title' | 'path'>): string {
  return track.title === null || track.title.trim() === '' ? fileName(track.path) : track.title;
}

/** "Artist, Title" for names of rows and buttons: one line, however the tags are written. */
export function trackName(track: Pick<Track, 'title' | 'path' | 'artist'>): string {
  const title = trackTitle(track);
  const name = track.artist === null || track.artist.trim() === '' ? title : `${track.artist} – ${title}`;
  return name.replaceAll(/\s+/gu, ' ').trim();
}

const codecNames: Readonly<Record<string, string>> = {
  aac: 'AAC',
  alac: 'ALAC',
  mp3: 'MP3',
  flac: 'FLAC',
  opus: 'Opus',
  vorbis: 'Vorbis',
  'vorbis i': 'Vorbis',
  wavpack: 'WavPack',
  wmav2: 'WMA',
  wmapro: 'WMA Pro',
  ape: 'Monkey’s Audio',
};

/** The codec as people call it; what the file says where there is no better name. */
export function codecName(track: Pick<Track, 'codec' | 'container' | 'path'>): string {
  // Uncompressed sound is known by its container: WAV, AIFF.
  const own = /^pcm/iu.test(track.codec ?? '') ? null : track.codec;
  const codec = own ?? track.container ?? fileName(track.path).split('.').at(-1) ?? '';
  return codecNames[codec.toLowerCase()] ?? codec;
}

/** "FLAC · 44.1 kHz · stereo · 912 kbit/s", as far as it is known. */
export function soundFacts(track: Track, words: { readonly mono: string; readonly stereo: string }): string {
  const parts: string[] = [codecName(track)];
  if (track.sampleRateHz !== null) parts.push(formatKilohertz(track.sampleRateHz));
  if (track.channels === 1) parts.push(words.mono);
  else if (track.channels === 2) parts.push(words.stereo);
  else if (track.channels !== null) parts.push(`${track.channels} ch`);
  if (track.bitrateKbps !== null) parts.push(`${formatDecimal(Math.round(track.bitrateKbps))} kbit/s`);
  return parts.filter((part) => part !== '').join(' · ');
}

const beyondBrowsers =
  /^(alac|wavpack|wma.*|windows media audio.*|ape|monkey.?s audio|asf|aiff?(\/pcm)?|dsd|musepack)/iu;
const beyondBrowsersByName = /[.](wv|wma|ape|aiff?|aifc|mpc|dsf|dff)$/iu;

/** Whether browsers lack a decoder for this file as a rule. The player tries anyway; this words its failure. */
export function beyondThePlayer(track: Pick<Track, 'codec' | 'container' | 'path'>): boolean {
  return (
    beyondBrowsers.test(track.codec ?? '') ||
    beyondBrowsers.test(track.container ?? '') ||
    beyondBrowsersByName.test(track.path)
  );
}
