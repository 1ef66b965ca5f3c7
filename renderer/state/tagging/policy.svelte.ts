/** How tags are proposed and written, by the user's choice, with a track of the library as an example. */
import type { EngineClient, Input } from '#shared/contract.ts';
import type { FieldPolicy, ProposedField, TagExample, TagPolicy } from '#shared/domain.ts';

export class TagPolicies {
  #values = $state.raw<TagPolicy | null>(null);
  /** Something was changed since proposals were last made. */
  #changed = $state(false);
  #example = $state.raw<TagExample | null>(null);
  #asked = 0;
  #client: EngineClient;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** Null until the engine has answered. */
  get values(): TagPolicy | null {
    return this.#values;
  }
  get changed(): boolean {
    return this.#changed;
  }

  /** What the settings mean for a track of the library; null where the model has heard none yet. */
  get example(): TagExample | null {
    return this.#example;
  }

  async refresh(): Promise<void> {
    this.#values = await this.#client.request('tags.policy', {});
    await this.#show();
  }

  /** The same track as long as it is there. */
  async #show(): Promise<void> {
    const asked = ++this.#asked;
    const { trackId } = this.#example ?? {};
    const same = trackId === undefined ? null : await this.#client.request('tags.example', { trackId });
    const example = same ?? (await this.#client.request('tags.example', {}));
    if (asked === this.#asked) this.#example = example;
  }

  /** What is not named stays as it is. */
  async change(part: Input<'tags.setPolicy'>): Promise<void> {
    this.#values = await this.#client.request('tags.setPolicy', part);
    this.#changed = true;
    await this.#show();
  }

  async changeField(field: ProposedField, part: Partial<FieldPolicy>): Promise<void> {
    const values = this.#values;
    if (values === null) return;
    await this.change({ fields: { ...values.fields, [field]: { ...values.fields[field], ...part } } });
  }

  /** Our name for a genre is written so; null: as the library spells it, else as we do. */
  async rename(ours: string, yours: string | null): Promise<void> {
    const { [ours]: _, ...others } = this.#values?.names ?? {};
    await this.change({ names: yours === null ? others : { ...others, [ours]: yours } });
  }

  /** Proposals were made with these settings. */
  applied(): void {
    this.#changed = false;
  }
}
