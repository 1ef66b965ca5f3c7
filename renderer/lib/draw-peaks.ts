/** Draws three-band peaks: low, mid and high nested in each other, so that they differ by height and lightness and not by hue alone. */
import type { Columns } from './peaks.ts';

/** Over the whole height and width of the canvas. `scale`: pixels of the screen for one of CSS. */
export function drawPeaks(pen: CanvasRenderingContext2D, { low, mid, high }: Columns, scale: number): void {
  const { canvas } = pen;
  const style = getComputedStyle(canvas);
  const middle = canvas.height / 2;
  const least = scale / 2;
  // Roots of amplitudes would put the bands on top of each other: the higher, the more of it is drawn as it is.
  for (const [heights, power, token] of [
    [low, 1.1, '--wave-low'],
    [mid, 1.5, '--wave-mid'],
    [high, 2, '--wave-high'],
  ] as const) {
    pen.fillStyle = style.getPropertyValue(token);
    for (let x = 0; x < canvas.width; x += 1) {
      const half = (heights[x] ?? 0) ** power * middle;
      if (half > 0) pen.fillRect(x, middle - Math.max(least, half), 1, 2 * Math.max(least, half));
    }
  }
}
