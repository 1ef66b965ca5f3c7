/**
 * `npm run bench`: speed and memory as a table, and as JSON in bench-results/. Figures, no verdicts: what they
 * have to be depends on the machine. Searches have a bench of their own (build/bench/search.ts).
 *
 *   --folder DIR   real music for the analysis instead of synthesised
 *   --tracks N     how many synthesised four-minute tracks to analyse (12)
 *   --workers N    threads of the analyser (as many as cores)
 *   --backend B    wasm (default) or tensorflow
 *   --only NAME    one of library, analysis, similarity, sets
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { repository, table } from '../steps.ts';
import { measureAnalysis } from './analysis.ts';
import { measureLibrary } from './library.ts';
import { filesBelow, madeMusic, manyCopies } from './music.ts';
import { measureSets } from './sets.ts';
import { measureSimilarity } from './similarity.ts';

const LISTED_FILES = 1000;
const SIMILARITY_TRACKS = 100_000;
const EMBEDDING_SIZE = 128;
const FOUR_MINUTES = 240;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    tracks: { type: 'string', default: '12' },
    workers: { type: 'string', default: String(availableParallelism()) },
    backend: { type: 'string', default: 'wasm' },
    only: { type: 'string' },
  },
});
const results = path.join(repository, 'bench-results');
const music = path.join(results, 'music');
const modelDir = path.join(repository, 'resources', 'model');
const wanted = (name: string): boolean => values.only === undefined || values.only === name;
const round = (value: number | null): string =>
  value === null ? 'not known here' : value >= 100 ? value.toFixed(0) : value.toPrecision(3);

const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
};
const measured: Record<string, unknown> = {};
const rows: (readonly [string, string, string])[] = [];

async function library(): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'cratewise-bench-'));
  try {
    const folder = path.join(scratch, 'music');
    manyCopies(await madeMusic(music, 10, 3), LISTED_FILES, folder);
    const figures = await measureLibrary(folder, path.join(scratch, 'data'), modelDir);
    measured['library'] = figures;
    rows.push(
      [`${figures.files} files listed from their tags`, round(figures.listingSeconds), 's'],
      ['the same folder looked through again', round(figures.secondScanSeconds), 's'],
      ['idle engine, watching', round(figures.idleCpuPercent), '% of a core'],
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function analysis(): Promise<void> {
  const files =
    values.folder === undefined
      ? await madeMusic(music, Number(values.tracks), FOUR_MINUTES)
      : filesBelow(path.resolve(process.env['INIT_CWD'] ?? '.', values.folder));
  if (files.length === 0) throw new Error(`There is no music below ${values.folder ?? music}.`);
  const backend = values.backend === 'tensorflow' ? 'tensorflow' : 'wasm';
  const figures = await measureAnalysis(files, { modelDir, workers: Number(values.workers), backend });
  measured['analysis'] = figures;
  const what = `${figures.tracks} tracks, ${figures.backend}, ${figures.workers} workers`;
  rows.push(
    [`analysis: ${what}`, round(figures.tracksPerMinute), 'tracks a minute'],
    ['  as tracks of four minutes', round(figures.fourMinuteTracksPerMinute), 'tracks a minute'],
    ['  speed', round(figures.timesRealtime), '× realtime'],
    ['  decode and hash', round(figures.decodeMsPerMinute), 'ms a minute of audio'],
    ['  front end', round(figures.frontEndMsPerMinute), 'ms a minute of audio'],
    ['  waveform', round(figures.waveformMsPerMinute), 'ms a minute of audio'],
    ['  tempo, key, loudness, sections', round(figures.soundMsPerMinute), 'ms a minute of audio'],
    ['  model', round(figures.modelMsPerMinute), 'ms a minute of audio'],
    ['  peak memory of the process', round(figures.peakMemoryMiB), 'MiB'],
    ['  peak memory a worker', round(figures.peakMemoryMiBPerWorker), 'MiB'],
    ['  files that failed', String(figures.failed), 'files'],
  );
}

async function similarity(): Promise<void> {
  const figures = await measureSimilarity(SIMILARITY_TRACKS, EMBEDDING_SIZE);
  measured['similarity'] = figures;
  rows.push(
    [`similar tracks, ${figures.tracks} of ${figures.embeddingSize} numbers`, round(figures.answerMs), 'ms'],
    ['  slowest of the answers', round(figures.slowestAnswerMs), 'ms'],
    ['  three seeds, every axis, two of an artist', round(figures.weighedAnswerMs), 'ms'],
    ['  slowest of these', round(figures.slowestWeighedAnswerMs), 'ms'],
    ['  first answer after a start', round(figures.firstAnswerMs), 'ms'],
  );
}

async function sets(): Promise<void> {
  const figures = await measureSets(SIMILARITY_TRACKS, EMBEDDING_SIZE);
  measured['sets'] = figures;
  rows.push(
    ['a set of 25 out of 500 candidates, with rules and a curve', round(figures.buildMs), 'ms'],
    ['  slowest', round(figures.slowestBuildMs), 'ms'],
    ['  longest that others waited', round(figures.longestWaitMs), 'ms'],
    [`  out of ${figures.tracks} tracks`, round(figures.buildOfAllMs), 'ms'],
    [`what comes next, of ${figures.tracks} tracks`, round(figures.nextMs), 'ms'],
    ['  slowest of the answers', round(figures.slowestNextMs), 'ms'],
    ['  first answer after a start', round(figures.firstNextMs), 'ms'],
  );
}

const benches = { library, analysis, similarity, sets };
for (const [name, measure] of Object.entries(benches)) {
  if (!wanted(name)) continue;
  try {
    await measure();
  } catch (error) {
    // The others are still worth having.
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

mkdirSync(results, { recursive: true });
const file = path.join(results, `${new Date().toISOString().replaceAll(':', '-')}.json`);
writeFileSync(file, `${JSON.stringify({ machine, ...measured }, null, 2)}\n`);
console.log(
  `\n${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}\n`,
);
console.log(table(rows, [1]));
console.log(`\n${path.relative(repository, file)}`);
process.exit();
