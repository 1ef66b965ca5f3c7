/** What could follow what plays and is queued: the best ten, with reasons. */
import type { EngineClient } from '#shared/contract.ts';
import type { MixSettings, NextTrack, Track } from '#shared/domain.ts';
import { describeError } from '#shared/error-text.ts';
import { toWire } from '#shared/errors.ts';
import { mixInput } from '../../lib/mix.ts';

const SHOWN = 10;
/** Rows whose artists are avoided; the contract's bound is 100. */
const LOOKED_BACK = 12;

/** What of the queue it goes by. */
export interface Course {
  readonly current: Track | null;
  readonly entries: readonly { readonly trackId: number }[];
  /** The latest first. */
  readonly played: readonly number[];
}

export class WhatNext {
  #tracks = $state.raw<readonly NextTrack[]>([]);
  #after = $state<number | null>(null);
  #problem = $state<string | null>(null);
  #asking = $state(false);
  #question: AbortController | null = null;
  #client: EngineClient;
  #mix: () => MixSettings;

  constructor(client: EngineClient, mix: () => MixSettings) {
    this.#client = client;
    this.#mix = mix;
  }

  /** Best first. */
  get tracks(): readonly NextTrack[] {
    return this.#tracks;
  }
  /** The track that they would follow: the last of the queue, else what plays. Null: nothing does. */
  get after(): number | null {
    return this.#after;
  }
  get problem(): string | null {
    return this.#problem;
  }
  get asking(): boolean {
    return this.#asking;
  }

  /** Asks for what follows; what is shown stays until the answer is there. */
  async look({ current, entries, played }: Course): Promise<void> {
    this.#question?.abort();
    this.#question = null;
    const rows = [
      ...played.slice(0, LOOKED_BACK).toReversed(),
      ...(current === null ? [] : [current.id]),
      ...entries.map(({ trackId }) => trackId),
    ].slice(-LOOKED_BACK);
    this.#after = current === null && entries.length === 0 ? null : (rows.at(-1) ?? null);
    if (this.#after === null) {
      this.#tracks = [];
      this.#problem = null;
      this.#asking = false;
      return;
    }
    const question = new AbortController();
    this.#question = question;
    this.#asking = true;
    try {
      const found = await this.#client.request(
        'sets.next',
        { after: rows, played: [...played], mix: mixInput(this.#mix()), limit: SHOWN },
        { signal: question.signal },
      );
      if (this.#question !== question) return;
      this.#tracks = found;
      this.#problem = null;
    } catch (error) {
      if (this.#question !== question) return;
      const wire = toWire(error);
      this.#tracks = [];
      this.#problem = wire.code === 'cancelled' ? null : describeError(wire);
    }
    this.#asking = false;
  }
}
