/** What of the user's work can be undone and redone: playlists, ratings, corrections of genres. */
import type { EngineClient } from '#shared/contract.ts';
import type { Edit, EditsState } from '#shared/domain.ts';

const nothing: EditsState = { undo: null, redo: null };

export class Edits {
  #state = $state.raw<EditsState>(nothing);
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** The step that Undo would take back; null: none. */
  get undoable(): Edit | null {
    return this.#state.undo;
  }
  get redoable(): Edit | null {
    return this.#state.redo;
  }

  /** Follows the engine. Returns what ends it. */
  listen(): () => void {
    return this.#client.subscribe('edits.changed', (state) => {
      this.#state = state;
    });
  }

  async refresh(): Promise<void> {
    this.#state = await this.#client.request('edits.state', {});
  }

  /** Takes the last step back, or (`editId`) only if that is still the last one. Returns what was undone. */
  async undo(editId?: number): Promise<Edit | null> {
    const edit = this.#state.undo;
    this.#state = await this.#client.request('edits.undo', editId === undefined ? {} : { editId });
    return edit;
  }

  async redo(): Promise<Edit | null> {
    const edit = this.#state.redo;
    this.#state = await this.#client.request('edits.redo', {});
    return edit;
  }
}
