/** What the engine is busy with: the scan and the analysis, with speed and time left. */
import type { EngineClient } from '#shared/contract.ts';
import type { AnalysisStatus, ScanProgress } from '#shared/domain.ts';

export class Activity {
  #scan = $state.raw<ScanProgress | null>(null);
  #analysis = $state.raw<AnalysisStatus | null>(null);
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** The scan that is under way; null when none is. */
  get scan(): ScanProgress | null {
    return this.#scan;
  }
  get analysis(): AnalysisStatus | null {
    return this.#analysis;
  }
  get analysing(): boolean {
    return this.#analysis !== null && this.#analysis.queued + this.#analysis.active.length > 0;
  }
  /** Share of the present run that is done, 0..1. */
  get share(): number {
    const status = this.#analysis;
    if (status === null) return 0;
    const finished = status.done + status.failed;
    const all = finished + status.queued;
    return all === 0 ? 1 : finished / all;
  }

  /** Follows the engine's events. Returns what ends it. */
  listen(): () => void {
    const ends = [
      this.#client.subscribe('scan.progress', (progress) => {
        this.#scan = progress.phase === 'done' ? null : progress;
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
