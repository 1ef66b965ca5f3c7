/** What a picture on a canvas depends on besides what it shows: the pixels of the screen, and the colours of the theme. */

export class SharpCanvas {
  #scale = $state(1);
  #themes = $state(0);

  /** Pixels of the screen for one of CSS. */
  get scale(): number {
    return this.#scale;
  }
  /** Counts changes of the theme: colours are read from it. */
  get themes(): number {
    return this.#themes;
  }

  /** Follows theme and screen; called in an effect. Returns what ends it. */
  follow(): () => void {
    const observer = new MutationObserver(() => (this.#themes += 1));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    // Zoomed, or moved to another screen: as sharp as that one is.
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const measure = (): void => void (this.#scale = window.devicePixelRatio);
    measure();
    query.addEventListener('change', measure);
    return () => {
      observer.disconnect();
      query.removeEventListener('change', measure);
    };
  }
}

/** Gives a canvas so many pixels of the screen and empties it. Null while it has no room. */
export function cleared(
  canvas: HTMLCanvasElement,
  pixels: number,
  rows: number,
): CanvasRenderingContext2D | null {
  if (pixels < 1 || rows < 1) return null;
  canvas.width = pixels;
  canvas.height = rows;
  return canvas.getContext('2d');
}
