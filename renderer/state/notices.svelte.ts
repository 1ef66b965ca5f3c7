/** Short messages in a corner: what was done, what failed and what to do about it. */
import { describeError } from '#shared/error-text.ts';
import { toWire, type WireError } from '#shared/errors.ts';

export interface Message {
  readonly id: number;
  readonly kind: 'done' | 'problem';
  readonly text: string;
}

/** Time to read a sentence. A problem stays until it is closed. */
const SHOWN_MS = 6000;
const MOST_SHOWN = 4;

export class Notices {
  #messages = $state.raw<readonly Message[]>([]);
  #nextId = 1;

  get messages(): readonly Message[] {
    return this.#messages;
  }

  done(text: string): void {
    const id = this.#add('done', text);
    setTimeout(() => this.close(id), SHOWN_MS);
  }

  problem(error: WireError): void {
    this.#add('problem', describeError(error));
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

  #add(kind: Message['kind'], text: string): number {
    const same = this.#messages.find((message) => message.kind === kind && message.text === text);
    if (same !== undefined) return same.id;
    const id = this.#nextId++;
    this.#messages = [...this.#messages, { id, kind, text }].slice(-MOST_SHOWN);
    return id;
  }
}
