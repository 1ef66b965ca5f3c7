/** Which files a browser plays by itself; all others the host decodes for it. */
import type { PlayableFile, Track } from '#shared/domain.ts';

/**
 * What Chromium decodes, as the tag reader names container and codec. A file that is not listed, and one that
 * the tag reader could not make out, is decoded by us: that plays everything which can be analysed.
 */
const native: readonly { readonly container: RegExp; readonly codec: RegExp; readonly mimeType: string }[] = [
  { container: /^MPEG$/, codec: /^MPEG [\d.]+ Layer 3$/, mimeType: 'audio/mpeg' },
  { container: /^ADTS/, codec: /^AAC/, mimeType: 'audio/aac' },
  { container: /^FLAC$/, codec: /^FLAC$/, mimeType: 'audio/flac' },
  { container: /^(M4A|M4B|mp4|isom|iso)/i, codec: /^MPEG-4\/AAC$/, mimeType: 'audio/mp4' },
  { container: /^Ogg$/, codec: /^(Vorbis I|Opus|FLAC)$/, mimeType: 'audio/ogg' },
  { container: /^WAVE$/, codec: /^(PCM|IEEE_FLOAT|ALAW|MULAW)$/, mimeType: 'audio/wav' },
];

/** How the file of a track is played, by what its header says it is (its name may lie). */
export function wayToPlay({
  container,
  codec,
}: Pick<Track, 'container' | 'codec'>): Pick<PlayableFile, 'kind' | 'mimeType'> {
  const found = native.find((kind) => kind.container.test(container ?? '') && kind.codec.test(codec ?? ''));
  return found === undefined
    ? { kind: 'wav', mimeType: 'audio/wav' }
    : { kind: 'track', mimeType: found.mimeType };
}
