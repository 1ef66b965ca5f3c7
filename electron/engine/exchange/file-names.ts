/** Names of files and folders that every system and FAT hold, made of hostile text. */

/** UTF-16 units; FAT and exFAT hold 255, and something is put before and after. */
const LONGEST = 180;
/** Bytes; other file systems hold 255. */
const LONGEST_BYTES = 200;
/** Windows opens devices under these names, whatever the ending. */
const devices = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** One part of a path: no separators, nothing that FAT refuses, no dots or spaces at its ends, not empty. */
export function safeName(text: string, instead = 'Untitled'): string {
  const cleaned = text
    .toWellFormed()
    .normalize('NFC')
    // Control characters, and marks that turn the direction of text: a name could look like another.
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/gu, '')
    .replaceAll(/[\\/:*?"<>|]/g, '_')
    .replaceAll(/\s+/g, ' ');
  const cut = trimmed(shortened(trimmed(cleaned)));
  if (cut === '') return instead;
  return devices.test(cut) ? `_${cut}` : cut;
}

function trimmed(text: string): string {
  return text.replace(/^[\s.]+/, '').replace(/[\s.]+$/, '');
}

/** Whole characters only. */
function shortened(text: string): string {
  let result = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_BYTES || result.length + character.length > LONGEST) break;
    result += character;
  }
  return result;
}

/** Names that differ, whatever the case: "A", "A (2)". Remembers what it gave. */
export function createUniqueNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name} (${number})`;
      const key = candidate.normalize('NFC').toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return candidate;
    }
  };
}
