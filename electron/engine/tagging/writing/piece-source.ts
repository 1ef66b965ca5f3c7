/** A file that is not written yet, to be read as if it were. */
import type { ByteSource, Piece } from '../editing/model.ts';
import { lengthOf, pieceLength } from '../editing/pieces.ts';

/** Only of pieces that can be read at any place: none that are 'made'. */
export function pieceSource(source: ByteSource, pieces: readonly Piece[]): ByteSource {
  return {
    size: lengthOf(pieces),
    async read(start, length) {
      const parts: Uint8Array[] = [];
      const end = start + length;
      let at = 0;
      for (const piece of pieces) {
        const size = pieceLength(piece);
        const from = Math.max(start, at) - at;
        const to = Math.min(end, at + size) - at;
        at += size;
        if (from >= to) continue;
        if (piece.from === 'made') throw new Error('A piece that is made cannot be read at any place');
        parts.push(
          piece.from === 'new'
            ? piece.bytes.subarray(from, to)
            : await source.read(piece.start + from, to - from),
        );
      }
      return Buffer.concat(parts);
    },
  };
}
