/** Serato crates: one file, or the folder of all of them, whose names tell the tree ("House%%Deep.crate"). */
import { basename } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { createCollector } from './imported.ts';
import type { ImportCollector, Imported } from './imported.ts';

const SEPARATOR = '%%';

export interface CrateFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** @param files of one folder, each with its name */
export function readCrates(files: readonly CrateFile[]): Imported {
  const collector = createCollector();
  const root = new Map<string, Branch>();
  for (const { name, bytes } of files) {
    const parts = basename(name)
      .replace(/\.crate$/i, '')
      .split(SEPARATOR);
    let branches = root;
    let branch: Branch | undefined;
    for (const part of parts) {
      branch = branches.get(part) ?? { paths: null, inside: new Map() };
      branches.set(part, branch);
      branches = branch.inside;
    }
    if (branch !== undefined) branch.paths = readCrate(bytes, name);
  }
  addBranches(collector, root);
  return collector.finish('serato');
}

interface Branch {
  paths: readonly string[] | null;
  readonly inside: Map<string, Branch>;
}

/** A crate with crates inside it becomes a folder, its own tracks a crate of the same name in it. */
function addBranches(collector: ImportCollector, branches: ReadonlyMap<string, Branch>): void {
  for (const [name, { paths, inside }] of branches) {
    if (inside.size > 0) collector.openList(name, 'folder');
    if (paths !== null && (paths.length > 0 || inside.size === 0)) {
      collector.openList(name, 'crate');
      for (const path of paths) collector.addRow(collector.trackAt(path));
      collector.closeList();
    }
    addBranches(collector, inside);
    if (inside.size > 0) collector.closeList();
  }
}

/** The paths of a crate's tracks, from the root of its volume. @throws AppError import-failed */
export function readCrate(bytes: Buffer, name: string): readonly string[] {
  const paths: string[] = [];
  for (const [kind, value] of chunks(bytes, name)) {
    if (kind !== 'otrk') continue;
    for (const [inner, path] of chunks(value, name))
      if (inner === 'ptrk') paths.push(`/${utf16(path).replace(/^\/+/, '')}`);
  }
  return paths;
}

function* chunks(bytes: Buffer, name: string): Generator<readonly [string, Buffer]> {
  for (let at = 0; at < bytes.length;) {
    const size = at + 8 <= bytes.length ? bytes.readUInt32BE(at + 4) : Infinity;
    if (size > bytes.length - at - 8) {
      throw new AppError(
        'import-failed',
        `The crate “${name}” is cut off or damaged at byte ${at}. Nothing was taken over.`,
      );
    }
    yield [bytes.toString('latin1', at, at + 4), bytes.subarray(at + 8, at + 8 + size)];
    at += 8 + size;
  }
}

function utf16(bytes: Buffer): string {
  return new TextDecoder('utf-16be').decode(bytes).replaceAll('\u0000', '');
}
