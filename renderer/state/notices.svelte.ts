/** Short messages in a corner: what was done, what failed and what to do about it. */
import { describeError } from '#shared/error-text.ts';
import { toWire, type WireError } from '#shared/errors.ts';

export interface Message {
  readonly id: number;
  readonly kind: 'done' | 'problem';
  readonly text: string;
  readonly action: NoticeAction | null;
}

/** A button in the message: what was done can be taken back there and then. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => unknown;
}

/** Time to read a sentence. A problem stays until it is closed. */
const SHOWN_MS = 6000;
/** And to decide that it was not meant. */
const SHOWN_WITH_ACTION_MS = 10_000;
const MOST_SHOWN = 4;

export class Notices {
  #messages = $state.raw<readonly Message[]>([]);
  #nextId = 1;

  get messages(): readonly Message[] {
    return this.#messages;
  }

  done(text: string, action: NoticeAction | null = null): void {
    const id = this.#add('done', text, action);
    setTimeout(() => this.close(id), action === null ? SHOWN_MS : SHOWN_WITH_ACTION_MS);
  }

  problem(error: WireError): void {
    this.#add('problem', describeError(error), null);
  }

  /** Something the user should read, in a whole sentence; it stays until it is closed. */
  trouble(text: string): void {
    this.#add('problem', text, null);
  }

  /** What the buttons offer is done, or can no longer be done. */
  closeOffers(): void {
    this.#messages = this.#messages.filter(({ action }) => action === null);
  }

  close(id: number): void {
    this.#messages = this.#messages.filter((message) => message.id !== id);
  }

  /** Runs something the user asked for; a failure becomes a message. True when it went well. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const wire = toWire(error);
      if (wire.code !== 'cancelled') this.problem(wire);
      return false;
    }
  }

  #add(kind: Message['kind'], text: string, action: NoticeAction | null): number {
    const same = this.#messages.find((message) => message.kind === kind && message.text === text);
    // The same thing done twice: the button is for the last time.
    if (same !== undefined && action === null) return same.id;
    const id = this.#nextId++;
    // Only the last step can be taken back: an older button would only say so.
    const others = this.#messages.filter(
      (message) => message !== same && (action === null || message.action === null),
    );
    this.#messages = [...others, { id, kind, text, action }].slice(-MOST_SHOWN);
    return id;
  }
}
