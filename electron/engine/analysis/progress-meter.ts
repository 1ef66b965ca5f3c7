/** How fast the analysis goes, judged by the last minute: files of ten hours and jingles even out. */

const WINDOW_MS = 60_000;
/** Sooner, a figure would only be noise. */
const SETTLED_MS = 3000;

export interface ProgressMeter {
  /** The analyser begins after having been idle. */
  begin(now: number): void;
  /** A track is done, for better or worse. */
  count(now: number): void;
  tracksPerMinute(now: number): number | null;
}

/** All times are milliseconds since 1970. */
export function createProgressMeter(): ProgressMeter {
  let began = 0;
  let times: number[] = [];
  return {
    begin(now) {
      began = now;
      times = [];
    },
    count(now) {
      times.push(now);
      if ((times[0] as number) < now - WINDOW_MS) times = times.filter((time) => time >= now - WINDOW_MS);
    },
    tracksPerMinute(now) {
      const from = Math.max(began, now - WINDOW_MS);
      const recent = times.filter((time) => time >= from).length;
      if (recent === 0 || now - from < SETTLED_MS) return null;
      return (recent * 60_000) / (now - from);
    },
  };
}
