/**
 * Finds the audio files of a folder. Walks over bytes, so that names which are not UTF-8 are found too; follows
 * symbolic links, but nothing is found twice: real folders first, then links, each target once.
 */
import type { Dirent, Stats } from 'node:fs';
import * as nodeFs from 'node:fs/promises';
import { join, relative as relativeTo, sep } from 'node:path';
import type { FileStamp } from '#engine/storage/library/tracks.ts';
import type { ErrorCode } from '#shared/errors.ts';
import { decodeName, isAudioName, isHiddenName, isHiddenPath, isInside } from './paths.ts';

/** Folders read at a time; the system's file threads are four by default, more would only queue there. */
const PARALLEL_FOLDERS = 8;

export interface FoundFile extends FileStamp {
  /** With '/', relative to the root. */
  readonly relativePath: string;
  /** Why the file cannot be used as it is; null for most. */
  readonly problem: { readonly code: ErrorCode; readonly detail: string } | null;
}

/** A folder that could not be read: what is below it is neither there nor missing. */
export interface UnreadableFolder {
  readonly relativePath: string;
  readonly detail: string;
}

export interface WalkResult {
  readonly unreadable: readonly UnreadableFolder[];
  /** Folders and links to folders that lie on another drive than the folder they are in; with '/', relative. */
  readonly mountPoints: readonly string[];
}

/** A folder or a link to be looked at, and the device of the folder that it is in; null where that is no matter. */
interface Step {
  readonly relative: Buffer;
  readonly parentDevice: number | null;
}

/** The part of the file system that the walk needs. */
export interface WalkFileSystem {
  readdir(path: Buffer): Promise<Dirent<Buffer>[]>;
  stat(path: Buffer): Promise<Stats>;
  lstat(path: Buffer): Promise<Stats>;
  realpath(path: Buffer): Promise<string>;
}

export interface WalkOptions {
  /** Absolute. */
  readonly root: string;
  /** Only these files and folders, relative to the root; '' (the default) is all. */
  readonly only?: readonly string[];
  /** Real paths of the other library folders: what a link finds there is theirs. */
  readonly otherRoots?: readonly string[];
  readonly signal?: AbortSignal;
  readonly fileSystem?: WalkFileSystem;
}

const realFileSystem: WalkFileSystem = {
  readdir: (path) => nodeFs.readdir(path, { withFileTypes: true, encoding: 'buffer' }),
  stat: (path) => nodeFs.stat(path),
  lstat: (path) => nodeFs.lstat(path),
  realpath: (path) => nodeFs.realpath(path),
};

/** Calls `onFiles` for each folder with the audio files in it. */
export async function discover(
  options: WalkOptions,
  onFiles: (files: readonly FoundFile[]) => void,
): Promise<WalkResult> {
  const fileSystem = options.fileSystem ?? realFileSystem;
  const rootBytes = Buffer.from(options.root);
  const realRoot = await fileSystem.realpath(rootBytes).catch(() => options.root);
  const folders: Step[] = [];
  const links: Step[] = [];
  const visited = new Set<string>();
  const unreadable: UnreadableFolder[] = [];
  const mountPoints: string[] = [];

  const absolute = (relative: Buffer): Buffer =>
    relative.length === 0 ? rootBytes : Buffer.concat([rootBytes, slash, relative]);

  function fail(relative: Buffer, error: unknown): void {
    if (isGone(error)) return;
    const { text } = decodeName(relative);
    unreadable.push({ relativePath: text, detail: folderFailure(join(options.root, text), error) });
  }

  async function readFolder({ relative, parentDevice }: Step): Promise<void> {
    try {
      const path = absolute(relative);
      const stats = await fileSystem.stat(path);
      const key = await identity(fileSystem, path, stats);
      if (visited.has(key)) return;
      visited.add(key);
      noteDevice(relative, stats.dev, parentDevice);
      const files: Buffer[] = [];
      for (const entry of await fileSystem.readdir(path)) await sortEntry(relative, stats.dev, entry, files);
      await emit(files);
    } catch (error) {
      fail(relative, error);
    }
  }

  function noteDevice(relative: Buffer, device: number, parentDevice: number | null): void {
    const { text, valid } = decodeName(relative);
    // A name that is no text could not be looked up again.
    if (valid && parentDevice !== null && device !== parentDevice) mountPoints.push(text);
  }

  async function sortEntry(
    parent: Buffer,
    parentDevice: number,
    entry: Dirent<Buffer>,
    files: Buffer[],
  ): Promise<void> {
    const name = decodeName(entry.name).text;
    if (isHiddenName(name)) return;
    const relative = parent.length === 0 ? entry.name : Buffer.concat([parent, slash, entry.name]);
    const kind = await kindOf(fileSystem, absolute(relative), entry);
    if (kind === 'folder') folders.push({ relative, parentDevice });
    else if (kind === 'link') links.push({ relative, parentDevice });
    else if (kind === 'file' && isAudioName(name)) files.push(relative);
  }

  async function emit(relatives: readonly Buffer[]): Promise<void> {
    const found = await Promise.all(relatives.map((relative) => look(relative)));
    const files = found.filter((file) => file !== null);
    if (files.length > 0) onFiles(files);
  }

  async function look(relative: Buffer): Promise<FoundFile | null> {
    const { text, valid } = decodeName(relative);
    try {
      const stats = await fileSystem.stat(absolute(relative));
      if (!stats.isFile()) return null;
      if (stats.nlink > 0) visited.add(await identity(fileSystem, absolute(relative), stats));
      return describe(text, valid, options.root, stats);
    } catch (error) {
      if (isGone(error)) return null;
      const problem = {
        code: 'file-not-readable',
        detail: fileFailure(join(options.root, text), error),
      } as const;
      return { relativePath: text, sizeBytes: 0, modifiedAt: 0, inode: null, problem };
    }
  }

  async function followLink({ relative, parentDevice }: Step): Promise<void> {
    const path = absolute(relative);
    try {
      const stats = await fileSystem.stat(path);
      if (visited.has(await identity(fileSystem, path, stats))) return;
      const target = await fileSystem.realpath(path);
      if (isFoundByItself(target)) return;
      if ((options.otherRoots ?? []).some((other) => isInside(other, target, sep))) return;
      if (stats.isDirectory()) folders.push({ relative, parentDevice });
      else if (stats.isFile() && isAudioName(decodeName(relative).text)) await emit([relative]);
    } catch (error) {
      fail(relative, error); // a link to nowhere is no file at all
    }
  }

  /** Inside the folder itself, and not where the walk does not look (the store of git-annex). */
  function isFoundByItself(target: string): boolean {
    if (!isInside(realRoot, target, sep)) return false;
    const inside = relativeTo(realRoot, target).split(sep).join('/');
    return inside === '' || !isHiddenPath(inside);
  }

  async function start(only: string): Promise<void> {
    if (only !== '' && isHiddenPath(only)) return;
    const relative = Buffer.from(only);
    try {
      const stats = await fileSystem.lstat(absolute(relative));
      const parent = absolute(Buffer.from(only.slice(0, Math.max(0, only.lastIndexOf('/')))));
      const step = { relative, parentDevice: only === '' ? null : (await fileSystem.stat(parent)).dev };
      if (stats.isDirectory() || (only === '' && stats.isSymbolicLink())) folders.push(step);
      else if (stats.isSymbolicLink()) links.push(step);
      else if (stats.isFile() && isAudioName(only)) await emit([relative]);
    } catch (error) {
      fail(relative, error);
    }
  }

  async function drainFolders(): Promise<void> {
    let working = 0;
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        if (options.signal?.aborted) {
          if (working === 0) reject(options.signal.reason as Error);
          return;
        }
        while (working < PARALLEL_FOLDERS) {
          const folder = folders.pop();
          if (folder === undefined) break;
          working += 1;
          readFolder(folder)
            .catch(reject)
            .finally(() => {
              working -= 1;
              next();
            });
        }
        if (working === 0) resolve();
      };
      next();
    });
  }

  for (const only of options.only ?? ['']) await start(only);
  await drainFolders();
  // One at a time and in the order of their names: which link of several wins does not depend on chance.
  while (links.length > 0) {
    links.sort((a, b) => Buffer.compare(a.relative, b.relative));
    const link = links.shift();
    if (link !== undefined) await followLink(link);
    await drainFolders();
  }
  options.signal?.throwIfAborted();
  return { unreadable, mountPoints };
}

const slash = Buffer.from('/');

function describe(text: string, valid: boolean, root: string, stats: Stats): FoundFile {
  const file = { relativePath: text, ...stampOf(stats) };
  const path = join(root, text);
  if (!valid) {
    return {
      ...file,
      problem: {
        code: 'file-name-not-utf8',
        detail: `The name of ${path} is not valid text (bytes shown as \\xHH), so programs cannot open it reliably. Rename the file.`,
      },
    };
  }
  if (stats.size === 0) {
    return {
      ...file,
      problem: {
        code: 'file-empty',
        detail: `${path} is empty (0 bytes). Copy it again, or delete it.`,
      },
    };
  }
  return { ...file, problem: null };
}

/** Size, time and inode of a file as they are stored. */
export function stampOf(stats: Stats): FileStamp {
  return { sizeBytes: stats.size, modifiedAt: stats.mtimeMs, inode: inodeOf(stats) };
}

/** Null where the number is not exact (Windows) or means nothing (some network drives). */
function inodeOf(stats: Stats): string | null {
  return Number.isSafeInteger(stats.ino) && stats.ino > 0 ? `${stats.dev}:${stats.ino}` : null;
}

async function identity(fileSystem: WalkFileSystem, path: Buffer, stats: Stats): Promise<string> {
  return inodeOf(stats) ?? (await fileSystem.realpath(path));
}

/** Some file systems do not say in the listing what an entry is. */
async function kindOf(
  fileSystem: WalkFileSystem,
  path: Buffer,
  entry: Dirent<Buffer>,
): Promise<'folder' | 'file' | 'link' | 'other'> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice())
    return 'other';
  try {
    const stats = await fileSystem.lstat(path);
    return stats.isDirectory()
      ? 'folder'
      : stats.isFile()
        ? 'file'
        : stats.isSymbolicLink()
          ? 'link'
          : 'other';
  } catch {
    return 'other';
  }
}

/** The entry went away while we looked. */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(error));
}

export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function folderFailure(path: string, error: unknown): string {
  const code = systemCode(error);
  if (code === 'EACCES' || code === 'EPERM') {
    return `The folder ${path} may not be read. Give yourself permission to read it, then scan again.`;
  }
  return `The folder ${path} could not be read (${code || String(error)}). Check the drive, then scan again.`;
}

/** The sentence for a file that the system does not let us read. */
export function fileFailure(path: string, error: unknown): string {
  const code = systemCode(error);
  if (code === 'EACCES' || code === 'EPERM') {
    return `${path} may not be read. Give yourself permission to read it, then scan again.`;
  }
  return `${path} could not be read (${code || String(error)}). Check the drive, then scan again.`;
}
