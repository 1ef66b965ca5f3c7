/** Stage 1: which music there is, from where, under which licence, by whom, and on which side it is. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { debianPackages, downloadPackages, unpackPackages } from './debian.ts';
import { splitOf, type Split } from './splits.ts';
import { synthesisePieces } from './synthesise.ts';
import {
  hashFile,
  progress,
  readJsonIfThere,
  readNeededJson,
  runStage,
  writeWhole,
  type Options,
} from './workspace.ts';

export interface CorpusTrack {
  /** The first 16 hex digits of the SHA-256 of the file. */
  readonly id: string;
  readonly path: string;
  /** debian, synthesised, folder, or the set's name in the extra data. */
  readonly set: string;
  readonly artist: string;
  readonly title: string;
  /** As the source says it; null where it says nothing. */
  readonly genre: string | null;
  readonly license: string;
  readonly sha256: string;
  readonly split: Split;
}

export interface Corpus {
  readonly tracks: readonly CorpusTrack[];
  /** Packages that no source had. */
  readonly missing: readonly string[];
}

export function corpusPath(cache: string): string {
  return join(cache, 'corpus.json');
}

export function readCorpus(cache: string): Promise<Corpus> {
  return readNeededJson<Corpus>(corpusPath(cache), 'npm run model:corpus first');
}

type Source = Omit<CorpusTrack, 'id' | 'sha256' | 'split'>;

const audioFile = /\.(ogg|oga|opus|mp3|flac|wav|m4a|aac|aiff?|wma|wv)$/i;
/** Shorter than a window at the lowest usual bit rate: a sound effect, not worth decoding. */
const smallestMusicBytes = 100_000;

async function main(options: Options): Promise<void> {
  const sources: Source[] = [];
  let missing: readonly string[] = [];
  if (options.tiny) {
    sources.push(...(await synthesised(options, options.pieces ?? 60)));
  } else {
    missing = await downloadPackages(options.cache);
    sources.push(...(await debian(options.cache)));
    sources.push(...(await synthesised(options, options.pieces ?? 500)));
  }
  if (options.extra) sources.push(...(await extra(options.extra)));
  for (const folder of options.folders) sources.push(...(await ownFolder(folder)));

  const tracks = await identify(sources, options.cache);
  await writeWhole(corpusPath(options.cache), JSON.stringify({ tracks, missing } satisfies Corpus, null, 1));
  const counts = new Map<string, number>();
  for (const { set, split } of tracks)
    counts.set(`${set} ${split}`, (counts.get(`${set} ${split}`) ?? 0) + 1);
  for (const [name, count] of [...counts].sort()) process.stdout.write(`${name}: ${count}\n`);
  if (missing.length > 0) process.stdout.write(`Not found by apt-get: ${missing.join(', ')}\n`);
  process.stdout.write(`${tracks.length} tracks in ${corpusPath(options.cache)}\n`);
}

async function debian(cache: string): Promise<Source[]> {
  const sources: Source[] = [];
  for (const [name, folder] of await unpackPackages(cache)) {
    if (!(debianPackages as readonly string[]).includes(name)) continue;
    for (const path of await audioFiles(folder))
      sources.push({
        path,
        set: 'debian',
        artist: name,
        title: basename(path, extname(path)),
        genre: null,
        license: `usr/share/doc/${name}/copyright of the package`,
      });
  }
  return sources;
}

async function synthesised(options: Options, count: number): Promise<Source[]> {
  const pieces = await synthesisePieces(join(options.cache, 'synthesised'), count);
  return pieces.map(({ path, style }) => ({
    path,
    set: 'synthesised',
    artist: style.split(':')[0] ?? style,
    title: style,
    genre: style,
    license: 'made here with MMA (GPL) and the FluidR3 sound font (MIT)',
  }));
}

async function extra(folder: string): Promise<Source[]> {
  const table = parseTable(await readFile(join(folder, 'tracks.csv'), 'utf8'));
  return table.map((row) => ({
    path: join(folder, row['file'] ?? ''),
    set: row['set'] ?? 'extra',
    // Without a name, the file is its own artist: nothing better is known.
    artist: row['artist'] || (row['file'] ?? ''),
    title: row['title'] || basename(row['file'] ?? ''),
    genre: row['genre'] || null,
    license: row['license'] || 'not stated: training only, never shipped',
  }));
}

async function ownFolder(folder: string): Promise<Source[]> {
  return (await audioFiles(folder)).map((path) => ({
    path,
    set: 'folder',
    artist: dirname(relative(folder, path)),
    title: basename(path),
    genre: null,
    license: 'own',
  }));
}

async function audioFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && audioFile.test(entry.name) && (await stat(path)).size >= smallestMusicBytes)
      found.push(path);
  }
  return found.sort();
}

/** Hashes what is new (by path, size and time of change), drops copies. */
async function identify(sources: readonly Source[], cache: string): Promise<CorpusTrack[]> {
  const cachePath = join(cache, 'hashes.json');
  const known = (await readJsonIfThere<Record<string, string>>(cachePath)) ?? {};
  const hashes: Record<string, string> = {};
  const tracks = new Map<string, CorpusTrack>();
  const report = progress('hash', sources.length);
  for (const [index, source] of sources.entries()) {
    const { size, mtimeMs } = await stat(source.path);
    const key = `${source.path} ${size} ${mtimeMs}`;
    const sha256 = known[key] ?? (await hashFile(source.path));
    hashes[key] = sha256;
    const id = sha256.slice(0, 16);
    if (!tracks.has(id)) tracks.set(id, { id, ...source, sha256, split: splitOf(source.set, source.artist) });
    report(index + 1);
  }
  await writeWhole(cachePath, JSON.stringify(hashes));
  return [...tracks.values()];
}

/** Comma-separated text with quoted fields, to rows by column name. */
export function parseTable(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') field += text[++index];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',' || character === '\n') {
      rows.at(-1)?.push(field);
      field = '';
      if (character === '\n') rows.push([]);
    } else if (character !== '\r') field += character;
  }
  rows.at(-1)?.push(field);
  const [header = [], ...body] = rows.filter((row) => row.some((cell) => cell !== ''));
  return body.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])));
}

if (import.meta.main) await runStage(main);
