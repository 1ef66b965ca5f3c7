/** A file as it will be when some of its bytes are overwritten: what in-place writing is verified with, before it is done. */
import type { ByteSource } from '../editing/model.ts';

export interface Patch {
  readonly start: number;
  readonly bytes: Uint8Array;
}

export class PatchedSource implements ByteSource {
  readonly size: number;
  readonly base: ByteSource;
  readonly #patches: readonly Patch[];

  constructor(base: ByteSource, patches: readonly Patch[]) {
    this.base = base;
    this.size = base.size;
    this.#patches = patches;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    const bytes = Uint8Array.from(await this.base.read(start, length));
    for (const patch of this.#patches) {
      const from = Math.max(start, patch.start);
      const to = Math.min(start + bytes.length, patch.start + patch.bytes.length);
      if (from < to) bytes.set(patch.bytes.subarray(from - patch.start, to - patch.start), from - start);
    }
    return bytes;
  }

  /** Nothing between these places is overwritten: it need not be read to know that it stays. */
  keeps(start: number, end: number): boolean {
    return this.#patches.every((patch) => patch.start >= end || patch.start + patch.bytes.length <= start);
  }
}
