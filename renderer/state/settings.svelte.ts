/** What the engine remembers of the user's wishes, and the safety copies of the library. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { LibraryBackup, RestoredLibrary, Settings as Values } from '#shared/domain.ts';

export class Settings {
  #values = $state.raw<Values | null>(null);
  #lastBackup = $state.raw<LibraryBackup | null>(null);
  #lastRestore = $state.raw<RestoredLibrary | null>(null);
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** Null until the engine has answered. */
  get values(): Values | null {
    return this.#values;
  }
  /** What was written, or put back, since the window was opened. */
  get lastBackup(): LibraryBackup | null {
    return this.#lastBackup;
  }
  get lastRestore(): RestoredLibrary | null {
    return this.#lastRestore;
  }

  async refresh(): Promise<void> {
    this.#values = await this.#client.request('settings.get', {});
  }

  /** What is not named stays as it is. */
  async change(part: Input<'settings.set'>): Promise<void> {
    this.#values = await this.#client.request('settings.set', part);
  }

  async backUp(file: string, overwrite: boolean): Promise<void> {
    this.#lastBackup = await this.#client.request('library.backup', { file, overwrite });
  }

  async restore(file: string): Promise<void> {
    this.#lastRestore = await this.#client.request('library.restore', { file });
  }
}
