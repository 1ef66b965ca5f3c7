/**
 * XML of other programs, read in pieces: a library of 200,000 tracks is never whole in memory, and others get a turn.
 * Strict: what is not well-formed (cut off, for one) is refused. Entities that a file defines itself are refused, so
 * none can be expanded, and nothing outside the file is ever read.
 */
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import sax from 'sax';
import type { SAXOptions } from 'sax';
import { AppError } from '#shared/errors.ts';
import { detectEncoding } from './text-decoding.ts';

export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  /** Characters of the element that is open, maybe in pieces. */
  text?(text: string): void;
}

/** About five milliseconds of work. */
const BYTES_AT_ONCE = 128 * 1024;
/** Elements inside each other. */
const DEEPEST = 500;

/**
 * @param begin chooses who reads the file, by the name of its root
 * @throws AppError import-failed with a sentence for people; what `signal` was aborted with
 */
export async function readXml(
  file: string,
  begin: (root: string) => XmlHandler,
  signal: AbortSignal,
): Promise<void> {
  // The types lack strictEntities: only the five entities of XML itself are known.
  const options: SAXOptions & { strictEntities: true } = { strictEntities: true, position: true };
  const parser = sax.parser(true, options);
  let handler: XmlHandler | null = null;
  let depth = 0;
  parser.ondoctype = (text) => {
    if (text.includes('[')) {
      throw refuse(file, 'it defines entities of its own, as no program does that writes playlists');
    }
  };
  parser.onopentag = ({ name, attributes }) => {
    depth += 1;
    if (depth > DEEPEST) throw refuse(file, `more than ${DEEPEST} elements stand inside each other`);
    handler ??= begin(name);
    handler.open(name, attributes as Record<string, string>);
  };
  parser.onclosetag = (name) => {
    depth -= 1;
    handler?.close(name);
  };
  parser.ontext = (text) => handler?.text?.(text);
  parser.oncdata = (text) => handler?.text?.(text);
  parser.onerror = (error) => {
    throw broken(file, error.message, parser.line);
  };

  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(BYTES_AT_ONCE);
    let decoder: InstanceType<typeof TextDecoder> | null = null;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      signal.throwIfAborted();
      const bytes = buffer.subarray(0, bytesRead);
      decoder ??= new TextDecoder(declaredEncoding(bytes));
      parser.write(decoder.decode(bytes, { stream: bytesRead > 0 }));
      if (bytesRead === 0) break;
      await setImmediate();
    }
    parser.close();
  } finally {
    await handle.close();
  }
  if (handler === null) throw refuse(file, 'there is no element in it');
}

function declaredEncoding(head: Uint8Array): string {
  const marked = detectEncoding(head, true);
  if (marked !== null) return marked;
  const start = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    return 'utf-8';
  }
}

function refuse(file: string, why: string): AppError {
  return new AppError('import-failed', `“${file}” was refused: ${why}. Nothing was taken over.`);
}

function broken(file: string, message: string, line: number): AppError {
  const [first = ''] = message.split('\n');
  const cut = /unclosed|unexpected end|max buffer/i.test(first);
  const what = cut
    ? 'is cut off or damaged: its end is missing'
    : `is damaged near line ${line + 1} (${first})`;
  return new AppError(
    'import-failed',
    `“${file}” ${what}. Export it again from the program it comes from. Nothing was taken over.`,
  );
}
