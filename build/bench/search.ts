/**
 * How long searches take in a library of 100,000 tracks: `node build/bench/search.ts [tracks]` prints a table.
 * Each query is run as the table of the app asks it: the totals, the first 100 rows, and all ids.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { SortKey, TrackQuery } from '#shared/domain.ts';
import { freshenBestGenres } from '#engine/storage/analysis/best-genres.ts';
import { freshenTrackSounds } from '#engine/storage/analysis/track-sounds.ts';
import { openStorage } from '#engine/storage/open.ts';
import { compileTrackQuery } from '#engine/storage/library/track-query.ts';
import { fillLibrary } from './search-library.ts';

/** Of an odd number of runs the middle one counts. */
const RUNS = 5;
const ROWS = 100;

const byTitle: readonly SortKey[] = [{ field: 'title' }];
const descending = (field: SortKey['field']): readonly SortKey[] => [{ field, descending: true }];

const cases: readonly (readonly [name: string, query: TrackQuery, sort: readonly SortKey[]])[] = [
  ['all by title', {}, byTitle],
  ['all by title, descending', {}, descending('title')],
  ['all by artist', {}, [{ field: 'artist' }]],
  ['all by album', {}, [{ field: 'album' }]],
  ['all by date added', {}, descending('addedAt')],
  ['all by path', {}, [{ field: 'path' }]],
  ['all by year', {}, descending('year')],
  ['all by duration', {}, [{ field: 'duration' }]],
  ['all by rating', {}, descending('rating')],
  ['all by bit rate', {}, descending('bitrate')],
  ['all by track number', {}, [{ field: 'trackNumber' }]],
  ['all by size', {}, descending('size')],
  ['all by date changed', {}, descending('modifiedAt')],
  ['all by year, then title', {}, [{ field: 'year' }, { field: 'title' }]],
  ['all by genre', {}, [{ field: 'genre' }]],
  ['all by confidence', {}, descending('confidence')],
  ['all by tempo', {}, [{ field: 'bpm' }]],
  ['all by key, then tempo', {}, [{ field: 'key' }, { field: 'bpm' }]],
  ['all by energy', {}, descending('energy')],
  ['all by loudness', {}, descending('loudness')],
  ['family by title', { genre: 'electronic' }, byTitle],
  ['family by confidence', { genre: 'electronic' }, descending('confidence')],
  ['style by title', { genre: 'electronic/style 3' }, byTitle],
  ['style at 0.9', { genre: 'electronic/style 3', minimumConfidence: 0.9 }, descending('confidence')],
  ['present by title', { state: 'present' }, byTitle],
  ['missing by title', { state: 'missing' }, byTitle],
  ['pending by title', { analysis: 'pending' }, byTitle],
  ['one folder by title', { folderId: 2 }, byTitle],
  ['playlist of 10,000', { playlistId: 1 }, [{ field: 'position' }]],
  ...[
    'l',
    'lo',
    'love',
    'love ni',
    'love blue kami',
    '"deep house"',
    'zzz',
    'love | night',
    'love -title:night',
    'title:golden artist:ka',
    'path:disk',
    '東京',
    '🔥',
    'genre:electronic love',
    'genre:electronic -genre:rock',
    'year:1990..1999 rating:>=4',
    'added:30d',
    'duration:>5:00',
    'comment:kalo',
    'is:untagged',
    'is:unknown',
    'is:duplicate',
    'has:error',
    'format:mp3',
    'bpm:126',
    '~bpm:126 ~key:8A',
    'energy:>=7 genre:electronic',
  ].map((text) => [`search ${text}`, { text }, byTitle] as const),
];

function main(): void {
  const count = Number(process.argv[2] ?? 100_000);
  const folder = mkdtempSync(join(tmpdir(), 'cratewise-bench-'));
  const storage = openStorage({
    libraryFile: join(folder, 'library.db'),
    clock: () => Date.now(),
    log: pino({ level: 'silent' }),
  });
  try {
    const { database } = storage;
    const started = performance.now();
    fillLibrary(database, count);
    freshenBestGenres(database);
    freshenTrackSounds(database);
    // As after the first closing: what SQLite then knows of the tables may change its plans.
    database.exec('PRAGMA main.optimize = 0x10012; PRAGMA analysis.optimize = 0x10012');
    console.log(`${count} tracks made in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    console.log(
      `${'query'.padEnd(34)}${'rows'.padStart(8)}${'totals'.padStart(9)}${'first'.padStart(9)}${'all ids'.padStart(9)}  ms`,
    );
    for (const [name, query, sort] of cases) {
      const { ids, totals } = compileTrackQuery(query, sort, { now: 1.7e12 + 6e10 });
      const idStatement = database.prepare(ids.sql).pluck();
      const totalStatement = database.prepare(totals.sql);
      const rows = (totalStatement.get(...totals.parameters) as { count: number }).count;
      const times = [
        median(() => totalStatement.get(...totals.parameters)),
        median(() => idStatement.all(...ids.parameters, ROWS, 0)),
        median(() => idStatement.all(...ids.parameters, -1, 0)),
      ];
      console.log(
        `${name.padEnd(34)}${String(rows).padStart(8)}${times.map((time) => time.toFixed(1).padStart(9)).join('')}`,
      );
    }
  } finally {
    storage.close();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of processor time: other work on the machine does not count. */
function median(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}

main();
