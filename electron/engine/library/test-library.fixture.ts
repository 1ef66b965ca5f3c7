/** For the tests of this folder: a real library on real files in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EventName, Events, RequestContext } from '#shared/contract.ts';
import type { Folder, ScanSummary, Track } from '#shared/domain.ts';
import { silentLog } from '#shared/log.ts';
import { createEdits } from '#engine/edits.ts';
import { openStorage } from '#engine/storage/open.ts';
import type { Storage } from '#engine/storage/open.ts';
import { enqueue } from '#engine/storage/library/queue.ts';
import type { LibraryContext } from './context.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createLibrary } from './library.ts';
import type { Library, LibraryOptions } from './library.ts';
import { systemVolumes } from './volumes.ts';

export interface TestLibrary extends Library {
  /** A temporary folder for everything. */
  readonly folder: string;
  /** Inside it, for music. */
  readonly music: string;
  readonly storage: Storage;
  readonly events: { readonly name: EventName; readonly payload: Events[EventName] }[];
  /** Writes a small WAV whose time lies in the past, as files of a collection do. */
  file(path: string, options?: WavOptions): string;
  add(...paths: string[]): Promise<readonly Folder[]>;
  scan(folderIds?: readonly number[]): Promise<ScanSummary>;
  tracks(): Promise<readonly Track[]>;
  /** Ends the library and opens it again with the same files. */
  reopen(options?: Partial<LibraryOptions>): Promise<TestLibrary>;
  dispose(): Promise<void>;
}

export const noSignal: RequestContext = { signal: new AbortController().signal };

export function openTestLibrary(options: Partial<LibraryOptions> = {}, at?: string): TestLibrary {
  const folder = at ?? mkdtempSync(join(tmpdir(), 'cratewise-library-'));
  const music = join(folder, 'music');
  mkdirSync(music, { recursive: true });
  const storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: Date.now, log: silentLog });
  const events: TestLibrary['events'] = [];
  let revision = 1;
  const publish: LibraryOptions['publish'] = (name, payload) => events.push({ name, payload });
  const changed = (): void => void (revision += 1);
  const library = createLibrary({
    storage,
    publish,
    changed,
    revision: () => revision,
    edits: createEdits({ storage, publish, changed, clock: Date.now }),
    compile: createCompileQuery(storage.database, Date.now),
    wakeAnalysis: () => undefined,
    log: silentLog,
    clock: Date.now,
    watch: false,
    ...options,
  });
  async function end(): Promise<void> {
    await library.close();
    storage.close();
  }
  return {
    ...library,
    folder,
    music,
    storage,
    events,
    file: (path, wav) => writeWav(join(music, path), wav),
    add: async (...paths) =>
      library.handlers['library.addFolders']({ paths: paths.length === 0 ? [music] : paths }, noSignal),
    scan: async (folderIds) =>
      library.handlers['library.scan'](
        folderIds === undefined ? {} : { folderIds: [...folderIds] },
        noSignal,
      ),
    async tracks() {
      const window = await library.handlers['tracks.window'](
        { query: {}, sort: [{ field: 'path' }], offset: 0, limit: 5000 },
        noSignal,
      );
      return window.rows;
    },
    async reopen(again) {
      await end();
      return openTestLibrary({ ...options, ...again }, folder);
    },
    async dispose() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a part of the library needs that a test runs by itself, on the same database. */
export function contextOf({ storage }: Pick<TestLibrary, 'storage'>): LibraryContext {
  return {
    storage,
    log: silentLog,
    clock: Date.now,
    publish: () => undefined,
    changed: () => undefined,
    wakeAnalysis: () => undefined,
    enqueue: (trackIds, task) => enqueue(storage.database, trackIds, task, { now: Date.now() }),
    volumes: systemVolumes,
    edits: createEdits({
      storage,
      publish: () => undefined,
      changed: () => undefined,
      clock: Date.now,
    }),
    compile: createCompileQuery(storage.database, Date.now),
  };
}

export interface WavOptions {
  readonly title?: string;
  readonly artist?: string;
  readonly genre?: string;
  /** Samples of a tone that tells one file from another. */
  readonly samples?: number;
  readonly hertz?: number;
  /** Time of the last change, ms since 1970; null: now. Default: some time ago, different for each path. */
  readonly modifiedAt?: number | null;
}

const LONG_AGO = Date.UTC(2020, 0, 1);
let filesWritten = 0;

/** Mono, 16 bits, 8 kHz, with RIFF tags. Returns the path. */
export function writeWav(path: string, options: WavOptions = {}): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wavBytes(options));
  if (options.modifiedAt !== null) {
    filesWritten += 1;
    const seconds = (options.modifiedAt ?? LONG_AGO + filesWritten * 1000) / 1000;
    utimesSync(path, seconds, seconds);
  }
  return path;
}

export function wavBytes({ title, artist, genre, samples = 800, hertz = 440 }: WavOptions = {}): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt32LE(16_000, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const data = Buffer.alloc(samples * 2);
  for (let at = 0; at < samples; at += 1) {
    data.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hertz * at) / 8000) * 8000), at * 2);
  }
  const texts = [
    ['INAM', title],
    ['IART', artist],
    ['IGNR', genre],
  ] as const;
  const info = texts.flatMap(([id, text]) =>
    text === undefined ? [] : [chunk(id, Buffer.from(`${text}\0`))],
  );
  const list = info.length === 0 ? [] : [chunk('LIST', Buffer.concat([Buffer.from('INFO'), ...info]))];
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), ...list, chunk('data', data)]);
  return chunk('RIFF', body);
}

function chunk(id: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from(id), length, body, Buffer.alloc(body.length % 2)]);
}

/** Waits until a condition holds; fails after ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not happen within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What waits for analysis, in the order of the tracks. */
export function queueOf(test: TestLibrary): { trackId: number; task: string; priority: number }[] {
  return test.storage.database
    .prepare('SELECT track_id AS trackId, task, priority FROM analysis_queue ORDER BY track_id')
    .all() as { trackId: number; task: string; priority: number }[];
}

/** As if the analysis had heard these tracks. */
export function pretendAnalysed(test: TestLibrary, hashOf: (id: number) => number = (id) => id): void {
  test.storage.write(() => {
    const ids = test.storage.database.prepare('SELECT id FROM tracks').pluck().all() as number[];
    const update = test.storage.database.prepare(
      `UPDATE tracks SET analysis = 'done', hash_verified = 1, audio_hash = ? WHERE id = ?`,
    );
    for (const id of ids) update.run(Buffer.alloc(32, hashOf(id)), id);
    test.storage.database.exec('DELETE FROM analysis_queue');
  });
}
