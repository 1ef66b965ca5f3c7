/** Loudness from tags: ReplayGain 2.0 in any container, and R128 gains as Opus files carry them (RFC 7845, 5.2.1). */
import type { IAudioMetadata } from 'music-metadata';
import type { ReplayGain } from '#shared/domain.ts';

/** R128 gains aim at -23 LUFS, ReplayGain at -18. */
const R128_TO_REPLAY_GAIN_DB = 5;
/** Beyond these a value is damage: it would deafen. */
const MOST_GAIN_DB = 60;
const LARGEST_PEAK = 100;

/** Null when the tags say nothing, or nothing sensible. */
export function readReplayGain({ native }: Pick<IAudioMetadata, 'native'>): ReplayGain | null {
  const values = new Map<string, number>();
  for (const { id, value } of Object.values(native).flat()) {
    const name = /(?:^|[:/])((?:REPLAYGAIN_(?:TRACK|ALBUM)_(?:GAIN|PEAK))|R128_(?:TRACK|ALBUM)_GAIN)$/i.exec(
      id,
    );
    const found = name?.[1] === undefined ? null : numberOf(value);
    if (found !== null) values.set(name?.[1]?.toUpperCase() ?? '', found);
  }
  const gain = (of: 'TRACK' | 'ALBUM'): number | null => {
    const r128 = values.get(`R128_${of}_GAIN`);
    const own = values.get(`REPLAYGAIN_${of}_GAIN`);
    const decibels = own ?? (r128 === undefined ? NaN : r128 / 256 + R128_TO_REPLAY_GAIN_DB);
    return Math.abs(decibels) <= MOST_GAIN_DB ? decibels : null;
  };
  const peak = (of: 'TRACK' | 'ALBUM'): number | null => {
    const value = values.get(`REPLAYGAIN_${of}_PEAK`) ?? NaN;
    return value > 0 && value <= LARGEST_PEAK ? value : null;
  };
  const all: ReplayGain = {
    trackGainDb: gain('TRACK'),
    trackPeak: peak('TRACK'),
    albumGainDb: gain('ALBUM'),
    albumPeak: peak('ALBUM'),
  };
  return Object.values(all).every((value) => value === null) ? null : all;
}

/** "-7.3 dB", "+2,1", "0.988"; some programs write a comma. */
function numberOf(value: unknown): number | null {
  const text: unknown =
    typeof value === 'object' && value !== null && 'text' in value
      ? value.text
      : Array.isArray(value)
        ? value[0]
        : value;
  const found = /^\s*([+-]?\d+(?:[.,]\d+)?)\s*(?:dB)?\s*$/i.exec(String(text ?? ''));
  return found?.[1] === undefined ? null : Number(found[1].replace(',', '.'));
}
