/** What the search box offers while one types: fields, values with counts, and what was searched for before. */
import type { EngineClient } from '#shared/contract.ts';
import type { SearchSuggestion } from '#shared/domain.ts';
import { tryParseSearch } from '#shared/search/parse.ts';

/** Between the last letter and the question: letters typed in a run are one question. */
const SETTLE_MS = 50;
const KEY = 'cratewise.searches';
const REMEMBERED = 12;
const RECENT_SHOWN = 8;

/** A line of the list below the box. */
export type Offer = SearchSuggestion | { readonly kind: 'recent'; readonly label: string };

/** What to put into the box, and where the caret goes. */
export interface Replacement {
  readonly text: string;
  readonly caret: number;
}

export class SearchAssist {
  #offers = $state.raw<readonly Offer[]>([]);
  #from = $state(0);
  #to = $state(0);
  #active = $state(-1);
  #open = $state(false);
  #recent = $state.raw<readonly string[]>([]);
  #client: EngineClient;
  #storage: Storage | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question: AbortController | null = null;

  constructor(client: EngineClient, storage: Storage | null) {
    this.#client = client;
    this.#storage = storage;
    this.#recent = readStored(storage);
  }

  get offers(): readonly Offer[] {
    return this.#offers;
  }
  /** Whether the list is on screen: never an empty one. */
  get open(): boolean {
    return this.#open && this.#offers.length > 0;
  }
  /** The line the arrow keys are at; -1: the box itself. */
  get active(): number {
    return this.#active;
  }
  /** First character of what the offers would replace. */
  get from(): number {
    return this.#from;
  }

  /**
   * The text of the box or the place in it changed. `text`: all of it. `wanted`: the list was asked for; else nothing
   * is offered between two words, where it would only cover what was found.
   */
  ask(text: string, caret: number, wanted = false): void {
    this.#forgetQuestion();
    if (!wanted && text.trim() !== '' && /(?:^|\s)$/u.test(text.slice(0, caret))) return this.close();
    this.#open = true;
    if (text.trim() === '') {
      this.#show(
        0,
        text.length,
        this.#recent.slice(0, RECENT_SHOWN).map((label) => ({ kind: 'recent', label })),
      );
      return;
    }
    this.#timer = setTimeout(() => void this.#suggest(text, caret), SETTLE_MS);
  }

  close(): void {
    this.#forgetQuestion();
    this.#open = false;
    this.#active = -1;
  }

  /** Up or down the list; from its ends back into the box. */
  move(by: 1 | -1): void {
    const lines = this.#offers.length + 1;
    this.#active = ((this.#active + 1 + by + lines) % lines) - 1;
  }

  point(index: number): void {
    this.#active = index;
  }

  /** What the box holds when an offer is taken; null when there is none at that place. */
  take(index: number, text: string): Replacement | null {
    const offer = this.#offers[index];
    if (offer === undefined) return null;
    this.close();
    if (offer.kind === 'recent') return { text: offer.label, caret: offer.label.length };
    const before = text.slice(0, this.#from) + offer.insert;
    const after = text.slice(this.#to);
    // A field waits for its value; after anything else the next term follows.
    const gap = offer.kind === 'field' || /^\s/u.test(after) ? '' : ' ';
    return {
      text: before + gap + after,
      caret: before.length + (gap === '' && offer.kind !== 'field' ? 1 : gap.length),
    };
  }

  /** A search was used: it comes first next time. */
  remember(text: string): void {
    const search = text.trim();
    if (search === '' || tryParseSearch(search).error !== null) return;
    this.#store([search, ...this.#recent.filter((other) => other !== search)].slice(0, REMEMBERED));
  }

  forgetRecent(): void {
    this.#store([]);
    this.close();
  }

  async #suggest(text: string, caret: number): Promise<void> {
    const question = new AbortController();
    this.#question = question;
    try {
      const found = await this.#client.request(
        'search.suggest',
        { text, caret },
        { signal: question.signal },
      );
      if (this.#question === question) this.#show(found.from, found.to, found.suggestions);
    } catch {
      // Only an offer: the list itself tells what is wrong with a search.
      if (this.#question === question) this.#show(0, 0, []);
    }
  }

  #show(from: number, to: number, offers: readonly Offer[]): void {
    this.#from = from;
    this.#to = to;
    this.#offers = offers;
    this.#active = -1;
  }

  #forgetQuestion(): void {
    clearTimeout(this.#timer);
    this.#question?.abort();
    this.#question = null;
  }

  #store(recent: readonly string[]): void {
    this.#recent = recent;
    try {
      this.#storage?.setItem(KEY, JSON.stringify(recent));
    } catch {
      // The browser's storage is full: they hold until the window closes.
    }
  }
}

function readStored(storage: Storage | null): readonly string[] {
  try {
    const read: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]');
    if (!Array.isArray(read)) return [];
    return read.filter((search): search is string => typeof search === 'string').slice(0, REMEMBERED);
  } catch {
    return [];
  }
}
