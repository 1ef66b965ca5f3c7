/** Reads a file of another program, whatever it is: told by what is in it, not by its name. */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { createCollector } from './imported.ts';
import type { Imported } from './imported.ts';
import { createItunesReader } from './itunes.ts';
import { createRekordboxReader } from './rekordbox.ts';
import { readCrates } from './serato.ts';
import type { CrateFile } from './serato.ts';
import { decodeText } from './text-decoding.ts';
import { readM3u, readPls } from './text-playlists.ts';
import { createTraktorReader } from './traktor.ts';
import { createVirtualDjReader } from './virtualdj.ts';
import { readXml } from './xml-stream.ts';
import type { XmlHandler } from './xml-stream.ts';

/** Playlists as text, and crates, are read whole: 200,000 long paths take a fifth of this. */
const LARGEST_BYTES = 256 * 1024 * 1024;
/** Crates of one folder. */
const MOST_CRATES = 10_000;

/** @throws AppError import-failed, file-not-found, with a sentence for people */
export async function readImport(file: string, signal: AbortSignal): Promise<Imported> {
  const found = await stat(file).catch((error: unknown) => {
    throw notReadable(file, error);
  });
  if (found.isDirectory()) return readCrates(await cratesIn(file, signal));
  try {
    const head = await readHead(file);
    const start = decodeText(head).trimStart();
    if (start.startsWith('<')) return await readXmlImport(file, signal);
    if (found.size > LARGEST_BYTES) throw refuse(file, 'it is larger than 256 MB, as no playlist is');
    const bytes = await readFile(file, { signal });
    if (head.toString('latin1', 0, 4) === 'vrsn') return readCrates([{ name: file, bytes }]);
    const text = decodeText(bytes);
    if (/^\s*\[playlist\]/i.test(text)) return readPls(text, file);
    const looksLikePaths = /\.(?:m3u8?|txt)$/i.test(file) || /^\s*#EXTM3U/i.test(text);
    if (looksLikePaths && !text.includes('\u0000')) return readM3u(text, file);
  } catch (error) {
    if (error instanceof AppError || signal.aborted) throw error;
    throw notReadable(file, error);
  }
  throw refuse(
    file,
    'it is none of M3U, M3U8, PLS, rekordbox XML, Traktor NML, a Serato crate, VirtualDJ’s database or list, or the XML of iTunes or Music',
  );
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function readXmlImport(file: string, signal: AbortSignal): Promise<Imported> {
  const collector = createCollector();
  let format: Imported['format'] = 'rekordbox';
  const begin = (root: string): XmlHandler => {
    switch (root) {
      case 'DJ_PLAYLISTS':
        return createRekordboxReader(collector);
      case 'NML':
        format = 'traktor';
        return createTraktorReader(collector);
      case 'VirtualDJ_Database':
      case 'VirtualFolder':
        format = 'virtualdj';
        return createVirtualDjReader(collector, file);
      case 'plist':
        format = 'itunes';
        return createItunesReader(collector);
      default:
        throw refuse(file, `its XML (“${root.slice(0, 40)}”) is of no program that is known here`);
    }
  };
  await readXml(file, begin, signal);
  return collector.finish(format);
}

/** A "Subcrates" folder, or one that has it inside: "_Serato_", or the disk. */
async function cratesIn(folder: string, signal: AbortSignal): Promise<readonly CrateFile[]> {
  for (const place of ['', 'Subcrates', join('_Serato_', 'Subcrates')]) {
    const names = await readdir(join(folder, place)).catch(() => []);
    const crates = names.filter((name) => /\.crate$/i.test(name)).sort();
    if (crates.length === 0) continue;
    if (crates.length > MOST_CRATES) throw refuse(folder, `it holds more than ${MOST_CRATES} crates`);
    const files: CrateFile[] = [];
    let size = 0;
    for (const name of crates) {
      const bytes = await readFile(join(folder, place, name), { signal });
      size += bytes.length;
      if (size > LARGEST_BYTES) throw refuse(folder, 'its crates are larger than 256 MB, as none are');
      files.push({ name, bytes });
    }
    return files;
  }
  throw refuse(folder, 'there are no Serato crates in this folder');
}

function refuse(file: string, why: string): AppError {
  return new AppError('import-failed', `“${file}” was refused: ${why}. Nothing was taken over.`);
}

function notReadable(file: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const options = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('file-not-found', `There is no file ${file}.`, options);
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('file-not-readable', `${file} cannot be read: permission is denied.`, options);
  return new AppError('import-failed', `${file} could not be read (${code || String(error)}).`, options);
}
