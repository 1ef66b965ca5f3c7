/** Reading a file piece by piece with few requests, and never beyond its end. */
import type { ByteSource } from '../editing/model.ts';
import { notVerified } from './parts.ts';

/** What is asked for in small pieces is read in stretches of this size. */
const WINDOW_BYTES = 64 * 1024;
/** What no sane file has in one piece that has to be looked into. Also what an ID3v2 tag may have at most. */
const MOST_BYTES = 256 * 1024 * 1024;

export class Reader {
  readonly size: number;
  readonly #source: ByteSource;
  #start = 0;
  #window: Buffer = Buffer.alloc(0);

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  /** Exactly these bytes, as a view that stays. @throws AppError tags-not-verified where the file ends before */
  async bytes(start: number, length: number): Promise<Buffer> {
    if (start < 0 || length < 0 || start + length > this.size) notVerified('The new file ends too early.');
    if (length > MOST_BYTES) notVerified('The new file says that one of its parts is larger than it can be.');
    if (length > WINDOW_BYTES) return await this.#read(start, length);
    if (start < this.#start || start + length > this.#start + this.#window.length) {
      this.#window = await this.#read(start, Math.min(WINDOW_BYTES, this.size - start));
      this.#start = start;
    }
    return this.#window.subarray(start - this.#start, start - this.#start + length);
  }

  /** Latin-1, shorter at the end of the file. */
  async text(start: number, length: number): Promise<string> {
    if (start < 0 || start >= this.size) return '';
    return (await this.bytes(start, Math.min(length, this.size - start))).toString('latin1');
  }

  async #read(start: number, length: number): Promise<Buffer> {
    const bytes = await this.#source.read(start, length);
    if (bytes.length !== length) notVerified('The file became shorter while it was verified.');
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}
