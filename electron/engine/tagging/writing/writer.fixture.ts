/** For tests: a real library with real files in a temporary folder, and a writer for it. */
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EventName, Events } from '#shared/contract.ts';
import type { TagField, TrackId, WritePolicy } from '#shared/domain.ts';
import { silentLog } from '#shared/log.ts';
import { readTags, TAG_READER_VERSION } from '#engine/library/tags.ts';
import { addFolder } from '#engine/storage/library/folders.ts';
import { insertTrack } from '#engine/storage/library/tracks.ts';
import { openStorage } from '#engine/storage/open.ts';
import type { Storage } from '#engine/storage/open.ts';
import { openEditor } from '../editing/editors.ts';
import { testFile } from '../test-files.fixture.ts';
import type { TagWriter, WriteOutcome } from './model.ts';
import { openFile } from './open-file.ts';
import { realTools } from './tools.ts';
import type { WriterTools } from './tools.ts';
import { createTagWriter } from './writer.ts';

export const plainPolicy: WritePolicy = {
  joinWith: null,
  separator: '/',
  secondaryTags: 'in-step',
  keepModifiedTime: true,
  preferInPlace: true,
};

export interface TestWriter {
  readonly folder: string;
  readonly music: string;
  readonly storage: Storage;
  readonly writer: TagWriter;
  readonly outcomes: WriteOutcome[];
  readonly events: { readonly name: EventName; readonly payload: Events[EventName] }[];
  readonly held: Set<TrackId>;
  /** Lets go of everything that is held. */
  release(): void;
  /** A test file of this name, as a track whose audio is known. */
  add(path: string, testFileName: string): Promise<TrackId>;
  addBytes(path: string, bytes: Uint8Array): Promise<TrackId>;
  path(name: string): string;
  bytes(name: string): Promise<Buffer>;
  values(name: string, field?: TagField): Promise<readonly string[]>;
  /** Writes one field of tracks, as reviewed now, and waits until that is settled. */
  write(
    trackIds: readonly TrackId[],
    after: readonly string[],
    options?: { readonly field?: TagField; readonly policy?: Partial<WritePolicy> },
  ): Promise<number>;
  track(id: TrackId): Record<string, unknown>;
  /** The process dies here: nothing is closed properly. Returns the library opened anew. */
  reopen(tools?: WriterTools): Promise<TestWriter>;
  dispose(): Promise<void>;
}

/** Times in the past, as files of a collection have. */
const LONG_AGO_SECONDS = Date.UTC(2020, 0, 1) / 1000;

export function openTestWriter(tools: WriterTools = realTools, at?: string): TestWriter {
  const folder = at ?? mkdtempSync(join(tmpdir(), 'cratewise-writer-'));
  const music = join(folder, 'music');
  mkdirSync(music, { recursive: true });
  const storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: Date.now, log: silentLog });
  const root = storage.write(() =>
    addFolder(storage.database, { path: music, volumeId: null, volumePath: null, addedAt: Date.now() }),
  );
  const held = new Set<TrackId>();
  const releases = new Set<() => void>();
  const outcomes: WriteOutcome[] = [];
  const events: TestWriter['events'] = [];
  const writer = createTagWriter(
    {
      storage,
      holds: {
        isHeld: (trackId) => held.has(trackId),
        onRelease(listener) {
          releases.add(listener);
          return () => void releases.delete(listener);
        },
      },
      readTags,
      tagReaderVersion: TAG_READER_VERSION,
      publish: (name, payload) => void events.push({ name, payload }),
      changed: () => undefined,
      settled: (outcome) => void outcomes.push(outcome),
      log: silentLog,
      clock: Date.now,
    },
    tools,
  );

  async function addBytes(path: string, bytes: Uint8Array): Promise<TrackId> {
    const file = join(music, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    utimesSync(file, LONG_AGO_SECONDS, LONG_AGO_SECONDS + 0.25);
    const { tags } = await readTags(file);
    const stats = statSync(file);
    return storage.write(() => {
      const id = insertTrack(storage.database, {
        folderId: root.id,
        relativePath: path,
        sizeBytes: stats.size,
        modifiedAt: stats.mtimeMs,
        inode: `${stats.dev}:${stats.ino}`,
        addedAt: Date.now(),
        analysis: 'pending',
        tagsRead: TAG_READER_VERSION,
        tags,
      });
      storage.database
        .prepare(`UPDATE tracks SET audio_hash = ?, hash_verified = 1, analysis = 'done' WHERE id = ?`)
        .run(Buffer.alloc(32, id), id);
      return id;
    });
  }

  async function values(name: string, field: TagField = 'genre'): Promise<readonly string[]> {
    const file = await openFile(join(music, name));
    try {
      const editor = await openEditor(file.source);
      const [state] = await editor.read([field]);
      return state?.values ?? [];
    } finally {
      await file.close();
    }
  }

  function nameOf(id: TrackId): string {
    return storage.database
      .prepare('SELECT relative_path FROM tracks WHERE id = ?')
      .pluck()
      .get(id) as string;
  }

  return {
    folder,
    music,
    storage,
    writer,
    outcomes,
    events,
    held,
    release() {
      held.clear();
      for (const listener of [...releases]) listener();
    },
    add: async (path, testFileName) => addBytes(path, (await testFile(testFileName)).bytes),
    addBytes,
    path: (name) => join(music, name),
    bytes: (name) => readFile(join(music, name)),
    values,
    async write(trackIds, after, { field = 'genre', policy = {} } = {}) {
      const orders = [];
      for (const trackId of trackIds)
        orders.push({ trackId, fields: [{ field, before: await values(nameOf(trackId), field), after }] });
      const batch = await writer.apply(orders, { ...plainPolicy, ...policy });
      await writer.settled(batch.id);
      return batch.id;
    },
    track: (id) =>
      storage.database.prepare('SELECT * FROM tracks WHERE id = ?').get(id) as Record<string, unknown>,
    async reopen(again) {
      await writer.close();
      storage.database.close();
      return openTestWriter(again, folder);
    },
    async dispose() {
      await writer.close();
      storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
