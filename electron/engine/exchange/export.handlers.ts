/** Lists and tracks handed over to DJ software and players. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Handlers, Input } from '#shared/contract.ts';
import { exportFormatInfos } from '#shared/domain/exchange.ts';
import type { ExportedList, ExportFormat, Track, TrackId } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { gatherTracks } from './document.ts';
import { createUniqueNames, safeName } from './file-names.ts';
import { fitsOnALine } from './formats/m3u8.ts';
import { createListReader, leavesOf, rowsOf, without } from './lists-for-export.ts';
import type { ExchangeList, ExchangeTrack } from './model.ts';
import { mapPath } from './paths.ts';
import { piecesOf, programOf } from './write-format.ts';
import { explainWriting, writeFileWhole } from './write-file.ts';

type ExportHandlers = Pick<Handlers, 'playlists.export' | 'tracks.export' | 'library.export'>;

export interface ExportOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  /** Of Cratewise: some formats name who wrote them. */
  readonly version: string;
}

/** What all requests say of the file. */
type Target = Pick<Input<'library.export'>, 'format' | 'file' | 'relative' | 'overwrite' | 'mappings'>;

interface Content {
  /** Of the whole. */
  readonly name: string;
  readonly lists: readonly ExchangeList[];
  /** Rows of a format without a tree, in order. */
  readonly rows: readonly TrackId[];
  readonly isCrate: boolean;
}

/** A file that is to be written. */
interface Part {
  readonly file: string;
  readonly format: ExportFormat;
  readonly content: Content;
}

export function createExportHandlers({ storage, compile, version }: ExportOptions): ExportHandlers {
  const { database } = storage;
  const reader = createListReader(database, compile);

  async function write(
    content: Content,
    parts: readonly Part[],
    target: Target,
    signal: AbortSignal,
  ): Promise<ExportedList> {
    const { format, file, relative = false, overwrite = false, mappings = [] } = target;
    const all = [...content.rows, ...content.lists.flatMap((list) => [...rowsOf(list)])];
    const program = programOf[format];
    const mayHold = (track: Track): boolean => canBeListed(track, format);
    const gathered = await gatherTracks(all, { database, program, mayHold, signal });
    // A relative path is the same on every computer.
    const placed = relative
      ? gathered.tracks
      : gathered.tracks.map((track) => ({ ...track, path: mapPath(track.path, mappings) }));
    const tracks = new Map(placed.map((track) => [track.id, track]));
    if (parts.length !== 1 || parts[0]?.file !== file) await refuseTaken(parts, overwrite);
    for (const part of parts) {
      const listed = (ids: readonly TrackId[]): ExchangeTrack[] => ids.flatMap((id) => tracks.get(id) ?? []);
      const rows = listed(part.content.rows);
      const lists = without(part.content.lists, gathered.leftOut);
      const own = parts.length === 1 ? placed : listed([...new Set(part.content.rows)]);
      const pieces = piecesOf(
        part.format,
        { tracks: own, lists },
        {
          name: part.content.name,
          rows,
          isCrate: part.content.isCrate,
          relativeTo: relative ? dirname(part.file) : null,
          version,
        },
      );
      await writeFileWhole(part.file, pieces, overwrite, signal);
    }
    const rows = content.rows;
    const leftOut = rows.filter((id) => gathered.leftOut.has(id)).length;
    return { file, tracks: rows.length - leftOut, leftOut, files: parts.length };
  }

  async function writeOne(content: Content, target: Target, signal: AbortSignal): Promise<ExportedList> {
    refuseOddName(target);
    return await write(content, [{ file: target.file, format: target.format, content }], target, signal);
  }

  /** Each list a file: in folders as they are here; of Serato, which knows no such folders, with their names. */
  async function writeEach(content: Content, target: Target, signal: AbortSignal): Promise<ExportedList> {
    const { file: folder, format } = target;
    if (!isAbsolute(folder)) throw new AppError('bad-request', `“${folder}” is no absolute path.`);
    const listFormat = format === 'virtualdj' ? 'vdjfolder' : format;
    const { ending } = exportFormatInfos[listFormat];
    const unique = createUniqueNames();
    const parts: Part[] = [...leavesOf(content.lists)].map(({ list, folders }) => {
      const names = [...folders, list.name].map((name) => safeName(name));
      const path = unique(listFormat === 'serato' ? names.join('%%') : names.join('/')) + ending;
      const isCrate = list.kind === 'crate';
      const own = { name: list.name, lists: [list], rows: list.trackIds, isCrate };
      return { file: join(folder, ...path.split('/')), format: listFormat, content: own };
    });
    if (format === 'virtualdj') parts.push({ file: join(folder, 'database.xml'), format, content });
    if (parts.length === 0)
      throw new AppError('export-failed', `There is no list in ${content.name}. Nothing was written.`);
    try {
      for (const part of parts) await mkdir(dirname(part.file), { recursive: true });
    } catch (error) {
      throw explainWriting(error, folder);
    }
    return await write(content, parts, target, signal);
  }

  return {
    async 'playlists.export'({ playlistId, eachList = false, ...target }, { signal }) {
      const list = reader.one(playlistId);
      const { name, kind } = list;
      const content = { name, lists: [list], rows: rowsOf(list), isCrate: kind === 'crate' };
      return await (eachList ? writeEach : writeOne)(content, target, signal);
    },

    async 'tracks.export'({ query, sort, name = 'Cratewise', ...target }, { signal }) {
      const rows = reader.idsOf(query, sort);
      const list = { name, kind: 'playlist', lists: [], trackIds: rows } as const;
      return await writeOne({ name, lists: [list], rows, isCrate: false }, target, signal);
    },

    async 'library.export'({ eachList = false, ...target }, { signal }) {
      const sort = [{ field: 'artist' }, { field: 'album' }, { field: 'title' }] as const;
      const content = {
        name: 'Cratewise',
        lists: reader.all(),
        rows: reader.idsOf({}, sort),
        isCrate: false,
      };
      return await (eachList ? writeEach : writeOne)(content, target, signal);
    },
  };
}

/** Missing files are left out (a player would stop at them), and names that no line of text, or no XML, can hold. */
function canBeListed(track: Track, format: ExportFormat): boolean {
  const nameIsText = track.error?.code !== 'file-name-not-utf8';
  return track.state !== 'missing' && nameIsText && (format === 'json' || fitsOnALine(track.path));
}

/** All or nothing: found out before the first file is written. */
async function refuseTaken(parts: readonly Part[], overwrite: boolean): Promise<void> {
  if (overwrite) return;
  for (const { file } of parts) {
    if ((await stat(file).catch(() => null)) === null) continue;
    throw new AppError(
      'conflict',
      `${file} exists already and was left as it is. Choose another folder, or allow overwriting.`,
    );
  }
}

/** An export may replace a file, so it takes only names that are those of its format. */
function refuseOddName({ file, format }: Target): void {
  if (!isAbsolute(file)) throw new AppError('bad-request', `“${file}” is no absolute path.`);
  const { name, ending } = exportFormatInfos[format];
  const endings = format === 'm3u8' ? ['.m3u8', '.m3u'] : [ending];
  if (endings.some((known) => file.toLowerCase().endsWith(known) && file.length > known.length)) return;
  throw new AppError(
    'export-failed',
    `The name of a file in the format ${name} ends in ${ending}, and “${file}” does not. Nothing was written.`,
  );
}
