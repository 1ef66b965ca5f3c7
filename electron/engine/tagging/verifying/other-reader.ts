/** What music-metadata, by which the library reads its files, finds in a file: it has to agree with the verifier. */
import { AbstractTokenizer, EndOfStreamError } from 'strtok3';
import type { ByteSource, TagKind } from '../editing/model.ts';
import { ValueCollector } from './field-names.ts';
import type { TagValues } from './parts.ts';

const WINDOW_BYTES = 256 * 1024;

class SourceTokenizer extends AbstractTokenizer {
  readonly fileInfo: { size: number };
  readonly #source: ByteSource;
  #start = 0;
  #window = new Uint8Array(0);

  constructor(source: ByteSource) {
    super();
    this.#source = source;
    this.fileInfo = { size: source.size };
  }

  supportsRandomAccess(): boolean {
    return true;
  }

  setPosition(position: number): void {
    this.position = position;
  }

  async readBuffer(
    buffer: Uint8Array,
    options?: Parameters<AbstractTokenizer['readBuffer']>[1],
  ): Promise<number> {
    const count = await this.peekBuffer(buffer, options);
    this.position = (options?.position ?? this.position) + count;
    return count;
  }

  async peekBuffer(
    buffer: Uint8Array,
    options?: Parameters<AbstractTokenizer['peekBuffer']>[1],
  ): Promise<number> {
    const { position, length, mayBeLess } = this.normalizeOptions(buffer, options);
    const wanted = Math.max(0, Math.min(length, this.fileInfo.size - position));
    if (wanted < length && !mayBeLess) throw new EndOfStreamError();
    buffer.set(await this.#bytes(position, wanted));
    return wanted;
  }

  async #bytes(start: number, length: number): Promise<Uint8Array> {
    if (length > WINDOW_BYTES) return await this.#source.read(start, length);
    if (start < this.#start || start + length > this.#start + this.#window.length) {
      this.#window = Uint8Array.from(await this.#source.read(start, WINDOW_BYTES));
      this.#start = start;
    }
    return this.#window.subarray(start - this.#start, start - this.#start + length);
  }
}

function kindOf(type: string): TagKind | null {
  if (type.startsWith('ID3v2')) return 'id3v2';
  const kinds: Readonly<Record<string, TagKind>> = {
    ...{ ID3v1: 'id3v1', APEv2: 'apev2', vorbis: 'vorbis', iTunes: 'mp4', exif: 'riff-info' },
  };
  return kinds[type] ?? null;
}

/** Its texts by tag and field, or null where it cannot read the file at all. */
export async function readWithOtherReader(source: ByteSource): Promise<readonly TagValues[] | null> {
  // Loaded when first needed: the engine's start has no use for it.
  const { parseFromTokenizer } = await import('music-metadata');
  try {
    const { native } = await parseFromTokenizer(new SourceTokenizer(source), {
      duration: false,
      skipCovers: true,
    });
    return Object.entries(native).flatMap(([type, tags]) => {
      const kind = kindOf(type);
      if (kind === null) return [];
      const collector = new ValueCollector(kind);
      for (const { id, value } of tags) collector.add(id, kind === 'mp4' && value === 0 ? [] : texts(value));
      return [collector.values()];
    });
  } catch {
    return null;
  }
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  // A text with a description (TXXX in some versions).
  const text: unknown =
    typeof value === 'object' && value !== null && 'text' in value ? value.text : undefined;
  return text === undefined ? [] : texts(text);
}
