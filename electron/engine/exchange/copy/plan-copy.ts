/** Under which names, and as what, the tracks of a list lie in a folder. */
import { extname } from 'node:path';
import type { CopyConversion, Track } from '#shared/domain.ts';
import { createUniqueNames, safeName } from '../file-names.ts';

/** What older players of DJs read. */
export const OLD_PLAYERS = { sampleRateHz: 48_000, bitsPerSample: 16 } as const;
/** Of MP3 that is made here. */
export const MP3_KBPS = 320;

export interface CopyPlanOptions {
  readonly numbered: boolean;
  readonly convertTo: CopyConversion | null;
  readonly forOldPlayers: boolean;
}

export interface PlannedCopy {
  readonly track: Track;
  /** Of the file in the folder. */
  readonly name: string;
  /** What it becomes; null: it is copied as it is. */
  readonly convertTo: CopyConversion | null;
  /** Of a converted file an estimate, rather too large. */
  readonly bytes: number;
}

const endings: Readonly<Record<CopyConversion, readonly string[]>> = {
  wav: ['.wav'],
  aiff: ['.aif', '.aiff'],
  flac: ['.flac'],
  mp3: ['.mp3'],
};

/** In the order of the list; a track that is in it twice is there twice. */
export function planCopies(tracks: readonly Track[], options: CopyPlanOptions): readonly PlannedCopy[] {
  const digits = Math.max(2, String(tracks.length).length);
  const unique = createUniqueNames();
  return tracks.map((track, index) => {
    const convertTo = conversionOf(track, options);
    const own = extname(track.path).toLowerCase();
    const ending = convertTo === null ? own : `.${convertTo}`;
    const number = options.numbered ? `${String(index + 1).padStart(digits, '0')} ` : '';
    const base = unique(number + safeName(titleOf(track)));
    const bytes = convertTo === null ? track.sizeBytes : convertedBytes(track, convertTo);
    return { track, name: base + safeEnding(ending), convertTo, bytes };
  });
}

/** "Artist - Title", or the file's own name where tags say nothing. */
function titleOf({ title, artist, path }: Track): string {
  if (title !== null && title.trim() !== '')
    return artist === null || artist.trim() === '' ? title : `${artist} - ${title}`;
  return path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
}

function safeEnding(ending: string): string {
  return /^\.[a-z0-9]{1,8}$/.test(ending) ? ending : '';
}

function conversionOf(track: Track, { convertTo, forOldPlayers }: CopyPlanOptions): CopyConversion | null {
  if (convertTo === null) return null;
  if (!endings[convertTo].includes(extname(track.path).toLowerCase())) return convertTo;
  if (!forOldPlayers) return null;
  const isPcm = convertTo === 'wav' || convertTo === 'aiff';
  const rate = track.sampleRateHz ?? 0;
  // Of PCM the bit rate tells the depth.
  const bits = isPcm && rate > 0 ? ((track.bitrateKbps ?? 0) * 1000) / (rate * (track.channels ?? 2)) : 0;
  return rate > OLD_PLAYERS.sampleRateHz || bits > OLD_PLAYERS.bitsPerSample + 1 ? convertTo : null;
}

/** Of two channels with 24 bits, the most that is written; FLAC is smaller than what it packs. */
function convertedBytes(track: Track, convertTo: CopyConversion): number {
  const seconds = track.durationSeconds ?? 600;
  const headers = 64 * 1024;
  if (convertTo === 'mp3') return Math.ceil((seconds * MP3_KBPS * 1000) / 8) + headers;
  return Math.ceil(seconds * Math.min(192_000, track.sampleRateHz ?? 48_000) * 2 * 3) + headers;
}
