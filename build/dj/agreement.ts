/** Real music has no truth here: how far the programs agree is all that can be told. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { measureTempo } from '#engine/analysis/analyser/rhythm/rhythm.ts';
import { createWaveformMeter } from '#engine/analysis/analyser/waveform.ts';
import { progress } from '../model/workspace.ts';
import { beatsOf } from './answers.ts';
import type { Answer } from './answers.ts';
import { RATE_HZ, readAudio } from './audio.ts';
import { askPeer, peers } from './peers.ts';
import { beatScore, mean, sameTempo, sameTempoFamily } from './scores.ts';
import { markdownTable } from './tables.ts';
import type { Settings } from './workspace.ts';

const endings = /\.(mp3|flac|m4a|ogg|opus|wav)$/i;

/** The files of a folder by every program: shares of those on which two of them agree. */
export async function agreementTable(settings: Settings, folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => endings.test(name)).sort();
  // Spread over the folder, so that one album is not all there is.
  const step = Math.max(1, Math.floor(names.length / settings.judged));
  const paths = names.filter((_, index) => index % step === 0).map((name) => join(folder, name));
  const all = new Map<string, readonly (Answer | null)[]>([['Cratewise', await ownAnswers(paths)]]);
  for (const peer of peers) all.set(peer, (await askPeer(settings, peer, paths)).answers);
  const programs = [...all.keys()];
  const pairs = programs.flatMap((left, index) =>
    programs.slice(index + 1).map((right) => [left, right] as const),
  );
  const rows = pairs.map(([left, right]) => {
    const both = paths.flatMap((_, index) => {
      const one = all.get(left)?.[index];
      const other = all.get(right)?.[index];
      return one == null || other == null || one.bpm === 0 || other.bpm === 0 ? [] : [[one, other] as const];
    });
    const share = (values: readonly number[]): string => mean(values).toFixed(3);
    return [
      `${left}, ${right}`,
      String(both.length),
      share(both.map(([one, other]) => Number(sameTempo(one.bpm, other.bpm)))),
      share(both.map(([one, other]) => Number(sameTempoFamily(one.bpm, other.bpm)))),
      share(both.map(([one, other]) => beatScore(one.beats, other.beats))),
    ];
  });
  return [
    '### Real music',
    'No truth is known of it: how often two programs say the same.',
    markdownTable([['', 'files', 'tempo', 'tempo or octave', 'beats'], ...rows]),
  ].join('\n\n');
}

async function ownAnswers(paths: readonly string[]): Promise<readonly (Answer | null)[]> {
  const answers: (Answer | null)[] = [];
  const report = progress('Cratewise', paths.length);
  for (const path of paths) {
    const samples = await readAudio(path).catch(() => null);
    if (samples === null) answers.push(null);
    else {
      const meter = createWaveformMeter(RATE_HZ);
      meter.push(samples);
      meter.finish();
      const { peaks, secondsPerPoint } = meter.read();
      const tempo =
        secondsPerPoint > 0.0101 ? null : measureTempo(Float32Array.from(peaks, (byte) => (byte / 255) ** 2));
      const beats = tempo === null ? [] : beatsOf(tempo, samples.length / RATE_HZ);
      answers.push({ bpm: tempo?.bpm ?? 0, beats, key: null });
    }
    report(answers.length);
  }
  return answers;
}
