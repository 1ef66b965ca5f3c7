/** Three-band peaks as the engine sends them, and as columns of pixels. */

/** Null when the text is no base64. */
export function bytesOfBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Heights 0..1 of the three bands, one value a column. */
export interface Columns {
  readonly low: Float32Array;
  readonly mid: Float32Array;
  readonly high: Float32Array;
}

/**
 * Peaks drawn over `columns` columns for `seconds` of music: the largest value of what a column covers, so that
 * no beat is lost. `bytes`: points × 3, low, mid, high.
 */
export function columnsOf(
  bytes: Uint8Array,
  secondsPerPoint: number,
  seconds: number,
  columns: number,
): Columns {
  const points = Math.floor(bytes.length / 3);
  const pointsShown = seconds > 0 ? seconds / secondsPerPoint : points;
  const bands = [0, 1, 2].map((band) => {
    const heights = new Float32Array(columns);
    for (let column = 0; column < columns; column += 1) {
      const from = Math.floor((column / columns) * pointsShown);
      const to = Math.min(points, Math.max(from + 1, Math.floor(((column + 1) / columns) * pointsShown)));
      let highest = 0;
      for (let point = from; point < to; point += 1)
        highest = Math.max(highest, bytes[point * 3 + band] ?? 0);
      heights[column] = highest / 255;
    }
    return heights;
  });
  const [low = new Float32Array(), mid = low, high = low] = bands;
  return { low, mid, high };
}
