/**
 * Entry of the player's decoder process: WAV streams of what a browser cannot play, and waveforms. A process of
 * its own, so that playing never waits for a scan, and because decoders are C code fed with hostile files.
 */
import { decodeAudio } from '#engine/analysis/analyser/decode.ts';
import { createWaveformOutput, OVERVIEW_POINTS } from '#engine/analysis/analyser/waveform.ts';
import { AppError, toWire } from '#shared/errors.ts';
import { linkToParent } from '../../parent-link.ts';
import type { FromPlayer, ToPlayer } from '../protocol.ts';
import { wavHeader } from '../wav-format.ts';
import { encodeFile } from './encode-file.ts';
import { guessWaveform } from './decode-excerpts.ts';
import { openPcm } from './decode-pcm.ts';
import type { PcmReader } from './decode-pcm.ts';
import { readWav } from './read-wav.ts';

/** A waveform that is not done by then gets a quick one first. Usual tracks are. */
const QUICK_AFTER_MS = 600;
const PROGRESS_MS = 500;

interface Open {
  readonly reader: PcmReader;
  readonly header: Uint8Array;
  /** Reads are done one after the other. */
  last: Promise<unknown>;
}

const opened = new Map<number, Open>();
const cancelled = new Set<number>();

function receive(message: ToPlayer): void {
  switch (message.kind) {
    case 'open':
      void answer(message.job, () => open(message));
      break;
    case 'read':
      void answer(message.job, () => read(message));
      break;
    case 'close':
      void close(message.open);
      break;
    case 'waveform':
      void answer(message.job, () => waveform(message));
      break;
    case 'convert':
      void answer(message.job, () => convert(message));
      break;
    case 'cancel':
      cancelled.add(message.job);
  }
}

async function answer(job: number, work: () => Promise<FromPlayer>): Promise<void> {
  try {
    send(await work());
  } catch (error) {
    send({ kind: 'failed', job, ...toWire(error) });
  } finally {
    cancelled.delete(job);
  }
}

/** Tells now and then that a job is alive, and whether it shall end. */
function watch(job: number): () => boolean {
  let told = performance.now();
  return () => {
    const now = performance.now();
    if (now - told > PROGRESS_MS) {
      told = now;
      send({ kind: 'progress', job });
    }
    return cancelled.has(job);
  };
}

async function open({ job, path, decodedSeconds }: ToPlayer & { kind: 'open' }): Promise<FromPlayer> {
  const reader = await openPcm(path, decodedSeconds, watch(job));
  opened.set(job, { reader, header: wavHeader(reader.format), last: Promise.resolve() });
  return { kind: 'opened', job, format: reader.format };
}

async function read(message: ToPlayer & { kind: 'read' }): Promise<FromPlayer> {
  const source = opened.get(message.open);
  if (source === undefined) throw new AppError('internal', 'What shall be read is not open.');
  const bytes = source.last.then(() => readWav(source.reader, source.header, message.start, message.length));
  source.last = bytes.catch(() => {});
  return { kind: 'bytes', job: message.job, bytes: await bytes };
}

async function close(job: number): Promise<void> {
  const source = opened.get(job);
  if (source === undefined) return;
  opened.delete(job);
  await source.last;
  source.reader.close();
}

async function waveform({ job, path, seconds }: ToPlayer & { kind: 'waveform' }): Promise<FromPlayer> {
  const began = performance.now();
  const output = createWaveformOutput();
  let guessed = false;
  const { audioHash } = await decodeAudio(path, {
    ...output,
    shouldStop: watch(job),
    async onTurn(decodedSeconds) {
      const soon = seconds === null || decodedSeconds > seconds / 2;
      if (guessed || soon || performance.now() - began < QUICK_AFTER_MS) return;
      guessed = true;
      // Only for the meantime: what goes wrong here, the whole will tell.
      const overview = await guessWaveform(path, seconds).catch(() => null);
      if (overview !== null) send({ kind: 'quick-waveform', job, overview });
    },
  });
  const detail = output.finish();
  return { kind: 'waveform', job, waveform: { audioHash, overview: output.finish(OVERVIEW_POINTS), detail } };
}

async function convert({ job, path, target, order }: ToPlayer & { kind: 'convert' }): Promise<FromPlayer> {
  await encodeFile(path, target, order, watch(job));
  return { kind: 'converted', job };
}

// Ctrl-C in a terminal reaches every process of it: whoever forked this one decides when it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
const send = linkToParent<ToPlayer, FromPlayer>(receive, () => process.exit(0));
