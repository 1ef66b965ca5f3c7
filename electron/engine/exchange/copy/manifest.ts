/** Remembers in the folder itself which copies are whole, so that copying goes on where it ended: one JSON a line. */
import { appendFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { PlannedCopy } from './plan-copy.ts';

const NAME = '.cratewise-copies';
/** 100,000 copies take a tenth of that. */
const LARGEST_BYTES = 256 * 1024 * 1024;

const line = v.object({
  name: v.string(),
  source: v.string(),
  sourceBytes: v.number(),
  sourceModified: v.number(),
  convertTo: v.nullable(v.string()),
  bytes: v.number(),
});
type Line = v.InferOutput<typeof line>;

export interface CopyManifest {
  /** Whether the copy is there, whole, and of the file as it is now. */
  holds(copy: PlannedCopy): Promise<boolean>;
  /** Whether a file of this name was made by an earlier copying: it may be replaced. */
  isOurs(name: string): boolean;
  add(copy: PlannedCopy, bytes: number): Promise<void>;
}

/** Damaged lines are as if they were not there. */
export async function openManifest(folder: string): Promise<CopyManifest> {
  const file = join(folder, NAME);
  const lines = new Map<string, Line>();
  const size = (await stat(file).catch(() => null))?.size ?? 0;
  const text = size > 0 && size < LARGEST_BYTES ? await readFile(file, 'utf8') : '';
  for (const one of text.split('\n')) {
    const read = v.safeParse(line, parsed(one));
    if (read.success) lines.set(read.output.name, read.output);
  }
  return {
    async holds({ name, track, convertTo }) {
      const known = lines.get(name);
      if (
        known === undefined ||
        known.source !== track.path ||
        known.sourceBytes !== track.sizeBytes ||
        known.sourceModified !== track.modifiedAt ||
        known.convertTo !== convertTo
      )
        return false;
      const found = await stat(join(folder, name)).catch(() => null);
      return found?.size === known.bytes;
    },
    isOurs: (name) => lines.has(name),
    async add({ name, track, convertTo }, bytes) {
      const added = {
        name,
        source: track.path,
        sourceBytes: track.sizeBytes,
        sourceModified: track.modifiedAt,
        convertTo,
        bytes,
      };
      lines.set(name, added);
      await appendFile(file, `${JSON.stringify(added)}\n`);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
