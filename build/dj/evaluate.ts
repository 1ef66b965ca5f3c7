/**
 * `npm run evaluate:dj`: tempo, beats, bars and keys judged on the corpus, ours (by weights that were not fitted on what they are
 * judged on) beside aubio, librosa and Essentia on the same files. With `--write` the tables go into docs/benchmarks.md.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { progress, readNeededJson } from '../model/workspace.ts';
import { repository } from '../steps.ts';
import { agreementTable } from './agreement.ts';
import { ownAnswer, ownKey } from './answers.ts';
import type { Answer, OwnAnswer } from './answers.ts';
import { allPieces, recordingFile, recordingsOf } from './corpus.ts';
import type { Recording } from './corpus.ts';
import { foldsFile } from './folds.ts';
import type { Folds } from './folds.ts';
import { askPeer, peers } from './peers.ts';
import { besidePeers, clickTables, ownTables } from './tables.ts';
import { readSettings } from './workspace.ts';

const START = '<!-- evaluate:dj -->';
const END = '<!-- /evaluate:dj -->';

const settings = readSettings();
const folds = await readNeededJson<Folds>(foldsFile(settings), 'npm run dj:train first');
const recordings: Recording[] = [];
for (const piece of await allPieces(settings)) recordings.push(...(await recordingsOf(settings, piece)));
const own = new Map<Recording, OwnAnswer>(
  recordings.map((recording) => [recording, ownAnswer(recording, folds)]),
);

// The pieces come in an order any beginning of which is mixed; a piece is judged in all its conditions or in none.
const grooves = [
  ...new Set(recordings.filter(({ piece }) => piece.kind === 'groove').map(({ piece }) => piece)),
];
const chosen = new Set(grooves.slice(0, settings.judged));
const judgedFiles = recordings.filter(
  ({ piece, condition }) => chosen.has(piece) || (piece.kind !== 'groove' && condition === 'clean'),
);
const paths: string[] = [];
for (const recording of judgedFiles) paths.push(await recordingFile(settings, recording));

const judged: { recording: Recording; answers: Map<string, Answer | null> }[] = [];
const report = progress('keys', judgedFiles.length);
for (const [index, recording] of judgedFiles.entries()) {
  const key = recording.truth.key === null ? null : await ownKey(paths[index] as string);
  judged.push({ recording, answers: new Map([['Cratewise', { ...own.get(recording)!, key }]]) });
  report(index + 1);
}
const versions: string[] = [];
for (const peer of peers) {
  const { version, answers } = await askPeer(settings, peer, paths);
  versions.push(`${peer} ${version}`);
  answers.forEach((answer, index) => judged[index]!.answers.set(peer, answer));
}

const text = [
  besidePeers(judged, versions),
  clickTables(judged),
  ownTables(recordings.map((recording) => ({ recording, answer: own.get(recording)! }))),
  ...(settings.folder === null ? [] : [await agreementTable(settings, settings.folder)]),
].join('\n\n');
console.log(text);
if (settings.write) {
  const path = join(repository, 'docs', 'benchmarks.md');
  const before = await readFile(path, 'utf8');
  const from = before.indexOf(START);
  const to = before.indexOf(END);
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no ${START} … ${END} to write between.`);
  await writeFile(path, `${before.slice(0, from + START.length)}\n\n${text}\n\n${before.slice(to)}`);
}
