/** File names that every system takes. */

/** Bytes a file system allows for one name, less room for the ending. */
const MOST_BYTES = 200;
/** Names Windows keeps for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/iu;

/** The name of a playlist as a file name: what some system forbids becomes "_", and it is cut to fit. */
export function suggestedFileName(name: string, ending: string): string {
  const safe = name
    .normalize('NFC')
    .replaceAll(/[<>:"/\\|?*\p{Cc}\p{Cs}]/gu, '_')
    .replace(/^[\s.]+/u, '')
    .trim();
  let cut = '';
  let bytes = 0;
  for (const { segment } of new Intl.Segmenter().segment(safe)) {
    bytes += new TextEncoder().encode(segment).length;
    if (bytes > MOST_BYTES) break;
    cut += segment;
  }
  cut = cut.replace(/[\s.]+$/u, '');
  if (cut === '' || reserved.test(cut)) cut = `_${cut}`;
  return `${cut}.${ending}`;
}
