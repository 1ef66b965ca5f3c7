/** What the engine is busy with: the scan and the analysis, with speed and time left. */
import type { EngineClient } from '#shared/contract.ts';
import type { AnalysisStatus, ScanProgress } from '#shared/domain.ts';

/** Two seconds: a speed of less is chance. */
const LEAST_MINUTES = 2 / 60;

export class Activity {
  #scan = $state.raw<ScanProgress | null>(null);
  #analysis = $state.raw<AnalysisStatus | null>(null);
  #stopped = $state(false);
  /** When the scan under way was first heard of; Date.now(). */
  #scanBegan = 0;
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** The scan that is under way; null when none is. */
  get scan(): ScanProgress | null {
    return this.#scan;
  }
  /** Files a minute, since the reading of tags began; null before there is anything to tell. */
  get scanSpeed(): number | null {
    const scan = this.#scan;
    const minutes = (Date.now() - this.#scanBegan) / 60_000;
    if (scan?.phase !== 'reading-tags' || scan.filesRead === 0 || minutes < LEAST_MINUTES) return null;
    return scan.filesRead / minutes;
  }
  /** Null while the number of files, or the speed, is not known. */
  get scanSecondsLeft(): number | null {
    const speed = this.scanSpeed;
    const scan = this.#scan;
    if (speed === null || scan === null) return null;
    return (Math.max(0, scan.filesFound - scan.filesRead) / speed) * 60;
  }
  get analysis(): AnalysisStatus | null {
    return this.#analysis;
  }
  get analysing(): boolean {
    return this.#analysis !== null && this.#analysis.queued + this.#analysis.active.length > 0;
  }

  /** The last scan was ended by the user: there may be files that nobody has looked at. */
  get stopped(): boolean {
    return this.#stopped && this.#scan === null;
  }

  /** Follows the engine's events. Returns what ends it. */
  listen(): () => void {
    const ends = [
      this.#client.subscribe('scan.progress', (progress) => {
        const before = this.#scan;
        const began = before?.folderId !== progress.folderId || before.phase !== progress.phase;
        if (began) this.#scanBegan = Date.now();
        this.#scan = progress.phase === 'done' ? null : progress;
        if (this.#scan !== null && before === null) this.#stopped = false;
      }),
      this.#client.subscribe('analysis.progress', (status) => {
        this.#analysis = status;
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  async refresh(): Promise<void> {
    this.#analysis = await this.#client.request('analysis.status', {});
  }

  /** Ends every scan; what was read stays, the rest is found by the next one. */
  async cancelScan(): Promise<void> {
    await this.#client.request('library.cancelScan', {});
    this.#stopped = true;
  }

  async pause(): Promise<void> {
    await this.#client.request('analysis.pause', {});
    await this.refresh();
  }

  async resume(): Promise<void> {
    await this.#client.request('analysis.resume', {});
    await this.refresh();
  }

  /** Asks for these tracks to be analysed first: they are what the user looks at. */
  async prioritise(trackIds: readonly number[]): Promise<void> {
    if (this.analysing && trackIds.length > 0) {
      await this.#client.request('analysis.prioritise', { trackIds: [...trackIds] });
    }
  }
}
