/**
 * How fast tags are written: `npm run bench:tagging [-- --files 40 --writes 2000 --folder DIR]` prints a table. MP3 files
 * of 10 MB, every write journalled, verified, and on the disk; in place and as new files. Memory is read all along.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { TrackId, WritePolicy } from '#shared/domain.ts';
import { readTags, TAG_READER_VERSION } from '#engine/library/tags.ts';
import { addFolder } from '#engine/storage/library/folders.ts';
import { insertTrack } from '#engine/storage/library/tracks.ts';
import { openStorage } from '#engine/storage/open.ts';
import type { Storage } from '#engine/storage/open.ts';
import { createTagWriter } from '#engine/tagging/writing/writer.ts';

const FILE_BYTES = 10_000_000;
const PADDING_BYTES = 2048;
/** MPEG 1 layer 3, 128 kbit/s, 44.1 kHz. */
const FRAME_BYTES = 417;
/** Between two looks at the memory. */
const LOOK_MS = 200;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '40' },
    writes: { type: 'string', default: '2000' },
    rewrites: { type: 'string', default: '400' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const folder = mkdtempSync(join(values.folder, 'cratewise-bench-'));
const music = join(folder, 'music');
const log = pino({ level: 'error' });

const policy: WritePolicy = {
  joinWith: null,
  separator: '/',
  secondaryTags: 'in-step',
  keepModifiedTime: true,
  preferInPlace: true,
};

/** What all files say now. */
let written = 'Techno';

try {
  mkdirSync(music);
  const storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: Date.now, log });
  const ids = await makeTracks(storage, Number(values.files));
  console.log(`| way | writes | files/s | ms a file | resident at the start | at most | at the end |`);
  console.log(`| --- | --: | --: | --: | --: | --: | --: |`);
  await measure(storage, ids, 'in place', Number(values.writes), policy);
  await measure(storage, ids, 'new file', Number(values.rewrites), { ...policy, preferInPlace: false });
  storage.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Frames of noise behind an ID3v2.3 tag with a title, a genre and padding. */
function mp3(): Buffer {
  const frames = Math.floor(FILE_BYTES / FRAME_BYTES);
  const sound = Buffer.alloc(frames * FRAME_BYTES);
  let noise = 1;
  for (let at = 0; at < sound.length; at += 1) {
    noise = (noise * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    sound[at] = at % FRAME_BYTES < 4 ? (sound[at] ?? 0) : (noise >> 16) & 0x7f;
  }
  for (let frame = 0; frame < frames; frame += 1) sound.set([0xff, 0xfb, 0x90, 0x00], frame * FRAME_BYTES);
  const body = Buffer.concat([
    textFrame('TIT2', 'A title'),
    textFrame('TCON', 'Techno'),
    Buffer.alloc(PADDING_BYTES),
  ]);
  const size = body.length;
  const header = Buffer.from([
    0x49,
    0x44,
    0x33,
    3,
    0,
    0,
    (size >> 21) & 127,
    (size >> 14) & 127,
    (size >> 7) & 127,
    size & 127,
  ]);
  return Buffer.concat([header, body, sound]);
}

function textFrame(id: string, text: string): Buffer {
  const header = Buffer.alloc(10);
  header.write(id, 'latin1');
  header.writeUInt32BE(text.length + 1, 4);
  return Buffer.concat([header, Buffer.from([0]), Buffer.from(text, 'latin1')]);
}

async function makeTracks(storage: Storage, count: number): Promise<readonly TrackId[]> {
  const root = addFolder(storage.database, { path: music, volumeId: null, volumePath: null, addedAt: 0 });
  const first = join(music, '0.mp3');
  writeFileSync(first, mp3());
  const ids: TrackId[] = [];
  for (let n = 0; n < count; n += 1) {
    const path = join(music, `${n}.mp3`);
    if (n > 0) copyFileSync(first, path);
    const { tags } = await readTags(path);
    const stats = statSync(path);
    ids.push(
      storage.write(() =>
        insertTrack(storage.database, {
          folderId: root.id,
          relativePath: `${n}.mp3`,
          sizeBytes: stats.size,
          modifiedAt: stats.mtimeMs,
          inode: null,
          addedAt: 0,
          analysis: 'done',
          tagsRead: TAG_READER_VERSION,
          tags,
        }),
      ),
    );
  }
  return ids;
}

async function measure(
  storage: Storage,
  ids: readonly TrackId[],
  name: string,
  writes: number,
  how: WritePolicy,
): Promise<void> {
  const writer = createTagWriter({
    storage,
    holds: { isHeld: () => false, onRelease: () => () => undefined },
    readTags,
    tagReaderVersion: TAG_READER_VERSION,
    publish: () => undefined,
    changed: () => undefined,
    log,
    clock: Date.now,
  });
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), LOOK_MS);
  const startedAt = performance.now();
  let done = 0;
  for (let round = 0; done < writes; round += 1) {
    const after = `${round % 2 === 0 ? 'Deep House' : 'House'} ${round}`;
    const orders = ids.map((trackId) => ({
      trackId,
      fields: [{ field: 'genre', before: [written], after: [after] } as const],
    }));
    const { id } = await writer.apply(orders, how);
    const batch = await writer.settled(id);
    if (batch.written !== ids.length) throw new Error(`Only ${batch.written} of ${ids.length} were written.`);
    written = after;
    done += ids.length;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(look);
  await writer.close();
  const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  console.log(
    `| ${name} | ${done} | ${(done / seconds).toFixed(1)} | ${((seconds * 1000) / done).toFixed(1)} | ${mib(before)} | ${mib(most)} | ${mib(process.memoryUsage.rss())} |`,
  );
}
