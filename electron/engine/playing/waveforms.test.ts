import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWaveform } from '#engine/storage/analysis/waveforms.ts';
import { openStorage } from '#engine/storage/open.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { Track } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { silentLog } from '#shared/log.ts';
import { WAVEFORM_VERSION } from '../analysis/protocol.ts';
import type { WaveformPeaks } from '../analysis/protocol.ts';
import type { Player } from './player.ts';
import type { FullWaveform } from './protocol.ts';
import { createWaveforms } from './waveforms.ts';
import type { Waveforms } from './waveforms.ts';

const hash = new Uint8Array(32).fill(7);
const guess: WaveformPeaks = { secondsPerPoint: 10, peaks: Uint8Array.of(1, 2, 3) };
const whole: FullWaveform = {
  audioHash: hash,
  overview: { secondsPerPoint: 5, peaks: Uint8Array.of(1, 2, 3, 4, 5, 6) },
  detail: { secondsPerPoint: 1, peaks: Uint8Array.of(9, 9, 9) },
};
const { signal } = new AbortController();

/** A decoding that the test steers. */
interface Decoding {
  readonly path: string;
  readonly quick: (overview: WaveformPeaks) => void;
  readonly finish: (waveform: FullWaveform) => void;
  readonly signal: AbortSignal | undefined;
}
let folder: string;
let storage: Storage;
let waveforms: Waveforms;
let decodings: Decoding[];
let better: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cratewise-waveforms-'));
  storage = openStorage({ libraryFile: join(folder, 'library.db'), clock: Date.now, log: silentLog });
  decodings = [];
  better = [];
  const player: Pick<Player, 'waveform'> = {
    waveform: (path, _seconds, quick, abort) =>
      new Promise((finish, reject) => {
        abort?.addEventListener('abort', () => reject(new AppError('cancelled')));
        decodings.push({ path, quick, finish, signal: abort });
      }),
  };
  waveforms = createWaveforms({
    storage,
    player: () => player as Player,
    onReady: (trackId) => void better.push(trackId),
    log: silentLog,
  });
});
afterEach(() => {
  waveforms.close();
  storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function track(id: number): Track {
  return { id, path: `${id}.flac`, sizeBytes: 1, modifiedAt: 1, durationSeconds: 900 } as Track;
}

it('a long track has a quick waveform first; the better one is told, kept and stored', async () => {
  storage.database
    .prepare('INSERT INTO analysis.recordings (audio_hash, duration_seconds, analysed_at) VALUES (?, 900, 0)')
    .run(hash);
  const first = waveforms.find(track(1), hash, 'overview', signal);
  decodings[0]?.quick(guess);
  expect(await first).toEqual({ state: 'quick', peaks: guess });
  decodings[0]?.finish(whole);
  await expect.poll(() => better).toEqual([1]);
  expect(await waveforms.find(track(1), null, 'overview', signal)).toEqual({
    state: 'ready',
    peaks: whole.overview,
  });
  expect(await waveforms.find(track(1), null, 'detail', signal)).toEqual({
    state: 'ready',
    peaks: whole.detail,
  });
  expect(decodings).toHaveLength(1);
  const stored = readWaveform(storage.database, hash, WAVEFORM_VERSION);
  expect(stored && Uint8Array.from(stored.peaks)).toEqual(whole.overview.peaks);
  // Of another version it is as good as none.
  expect(readWaveform(storage.database, hash, WAVEFORM_VERSION + 1)).toBeNull();
});

it('who asks for the same decodes once; a recording that was never analysed is only kept in memory', async () => {
  const both = [1, 2].map(() => waveforms.find(track(1), null, 'overview', signal));
  decodings[0]?.finish(whole);
  expect(await Promise.all(both)).toEqual([1, 2].map(() => ({ state: 'ready', peaks: whole.overview })));
  expect(decodings).toHaveLength(1);
  expect(better).toEqual([]);
  expect(readWaveform(storage.database, hash, WAVEFORM_VERSION)).toBeNull();
});

it('what nobody waits for any more is given up', async () => {
  const leaving = new AbortController();
  const left = waveforms.find(track(1), null, 'overview', leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  expect(decodings[0]?.signal?.aborted).toBe(true);
  // Skipping on after the quick one, too.
  const second = waveforms.find(track(2), null, 'overview', signal);
  decodings[1]?.quick(guess);
  await second;
  const third = waveforms.find(track(3), null, 'overview', signal);
  expect(decodings[1]?.signal?.aborted).toBe(true);
  decodings[2]?.finish(whole);
  expect((await third).state).toBe('ready');
});
