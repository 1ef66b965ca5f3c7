/** Times in the page: from what the user did, by the event's own clock, to the frame that shows what came of it. */
import type { Page } from '@playwright/test';

/** Which part of the window has to change. */
export type Watched = 'rows' | 'genres';

interface Stopwatch {
  arm(watched: Watched, events: readonly string[], giveUpMs: number): void;
  result(): Promise<number>;
}
type Timed = Window & typeof globalThis & { stopwatch: Stopwatch };

const GIVE_UP_MS = 20_000;

/** Once for a page. */
export async function installStopwatch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown = (watched: Watched): string | null => {
      if (watched === 'genres')
        return document.querySelector('[role="tree"][aria-label="Genres"]')?.textContent ?? '';
      const grid = document.querySelector('main [role="grid"]');
      // Where nothing matches there is no list, but a sentence.
      if (grid === null) return document.querySelector('main')?.textContent ?? '';
      if (grid.querySelector('[role="row"][aria-busy="true"]') !== null) return null;
      const rows = [...grid.querySelectorAll<HTMLElement>('[data-index]')];
      const first = rows.sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index'])).slice(0, 24);
      return [
        grid.getAttribute('aria-label'),
        grid.getAttribute('aria-rowcount'),
        ...first.map(({ dataset, textContent }) => `${dataset['index'] ?? ''} ${textContent}`),
      ].join('\n');
    };
    let pending: Promise<number> = Promise.resolve(Number.NaN);
    (window as Timed).stopwatch = {
      arm(watched, events, giveUp) {
        const before = shown(watched);
        pending = new Promise((resolve, reject) => {
          const off = new AbortController();
          const start = (event: Event): void => {
            off.abort();
            const look = (): void => {
              const now = shown(watched);
              const spent = performance.now() - event.timeStamp;
              if (spent > giveUp) return reject(new Error('Nothing changed.'));
              if (now === null || now === before) return void requestAnimationFrame(look);
              // The frame being made now shows it: this runs when it is done.
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => resolve(performance.now() - event.timeStamp);
              port2.postMessage(null);
            };
            requestAnimationFrame(look);
          };
          for (const name of events)
            window.addEventListener(name, start, { capture: true, signal: off.signal });
        });
        pending.catch(() => undefined);
      },
      result: () => pending,
    };
  });
}

/** Milliseconds from the first of these events to the frame with the change. */
export async function timed(
  page: Page,
  watched: Watched,
  events: readonly string[],
  act: () => Promise<void>,
  giveUpMs = GIVE_UP_MS,
): Promise<number> {
  await page.evaluate(([what, names, giveUp]) => (window as Timed).stopwatch.arm(what, names, giveUp), [
    watched,
    events,
    giveUpMs,
  ] as const);
  await act();
  return page.evaluate(() => (window as Timed).stopwatch.result());
}

export interface Frames {
  readonly medianMs: number;
  readonly longestMs: number;
  readonly frames: number;
  /** Share of frames with a row on screen whose content is not there yet. */
  readonly outlines: number;
}

/** Scrolls the list down and up for so long, and times every frame. */
export async function scrollFrames(page: Page, seconds: number, pixelsPerSecond: number): Promise<Frames> {
  return page.evaluate(
    ([length, speed]) =>
      new Promise<Frames>((resolve) => {
        const grid = document.querySelector('main [role="grid"]');
        if (!(grid instanceof HTMLElement)) throw new Error('There is no list.');
        const times: number[] = [];
        let waiting = 0;
        let direction = 1;
        let last: number | null = null;
        const end = performance.now() + length * 1000;
        const frame = (now: number): void => {
          if (last !== null) {
            times.push(now - last);
            grid.scrollTop += (direction * speed * (now - last)) / 1000;
            const { scrollTop, scrollHeight, clientHeight } = grid;
            if (scrollTop <= 0 || scrollTop + clientHeight >= scrollHeight - 1) direction = -direction;
            if (grid.querySelector('[role="row"][aria-busy="true"]') !== null) waiting += 1;
          }
          last = now;
          if (now < end) return void requestAnimationFrame(frame);
          const ordered = times.toSorted((a, b) => a - b);
          resolve({
            medianMs: ordered[Math.floor(ordered.length / 2)] ?? Number.NaN,
            longestMs: ordered.at(-1) ?? Number.NaN,
            frames: times.length,
            outlines: waiting / times.length,
          });
        };
        requestAnimationFrame(frame);
      }),
    [seconds, pixelsPerSecond] as const,
  );
}
