/** Reads and writes the audio of the corpus: mono, 44,100 Hz, through ffmpeg. */
import { spawn } from 'node:child_process';
import { rename } from 'node:fs/promises';

/** Of every recording of the corpus. */
export const RATE_HZ = 44_100;
const pcmAt = (rateHz: number): readonly string[] => ['-f', 's16le', '-ac', '1', '-ar', String(rateHz)];
const pcm = pcmAt(RATE_HZ);

/** Any file that ffmpeg reads, its channels mixed by their mean. @throws a sentence when ffmpeg is missing or refuses */
export async function readAudio(path: string, rateHz = RATE_HZ): Promise<Float32Array> {
  return toSamples(await ffmpeg(['-i', path, ...pcmAt(rateHz), 'pipe:1'], null));
}

/** Writes FLAC; the file is there only when it is whole. */
export async function writeFlac(path: string, samples: Float32Array): Promise<void> {
  await ffmpeg([...pcm, '-i', 'pipe:0', '-f', 'flac', '-y', `${path}.${process.pid}.part`], toBytes(samples));
  await rename(`${path}.${process.pid}.part`, path);
}

/** What is left of it at 128 kbps MP3: encoded and decoded, the encoder's delay taken off. */
export async function throughMp3(samples: Float32Array): Promise<Float32Array> {
  const encoded = await ffmpeg(
    [...pcm, '-i', 'pipe:0', '-c:a', 'libmp3lame', '-b:a', '128k', '-f', 'mp3', 'pipe:1'],
    toBytes(samples),
  );
  const decoded = toSamples(await ffmpeg(['-f', 'mp3', '-i', 'pipe:0', ...pcm, 'pipe:1'], encoded));
  // Into a pipe the length of the delay cannot be written back, so that it is found by comparing.
  const delay = delayOf(decoded, samples);
  const same = new Float32Array(samples.length);
  same.set(decoded.subarray(delay, delay + samples.length));
  return same;
}

/** By how many samples (0 to 3,000) the first one lags behind the second. */
function delayOf(late: Float32Array, early: Float32Array): number {
  const from = Math.min(RATE_HZ * 5, early.length >> 1);
  const length = Math.min(8192, early.length - from);
  let best = 0;
  let highest = -Infinity;
  for (let delay = 0; delay < 3000; delay += 1) {
    let sum = 0;
    for (let at = from; at < from + length; at += 1) sum += (early[at] as number) * (late[at + delay] ?? 0);
    if (sum > highest) {
      highest = sum;
      best = delay;
    }
  }
  return best;
}

function toSamples(bytes: Buffer): Float32Array {
  const samples = new Float32Array(bytes.length >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = bytes.readInt16LE(2 * at) / 32_768;
  return samples;
}

function toBytes(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(2 * samples.length);
  for (let at = 0; at < samples.length; at += 1) {
    const value = Math.round((samples[at] as number) * 32_768);
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, value)), 2 * at);
  }
  return bytes;
}

function ffmpeg(args: readonly string[], input: Buffer | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-v', 'error', '-nostdin', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT' ? new Error('ffmpeg is missing: apt-get install ffmpeg.', { cause }) : cause,
      ),
    );
    child.once('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(output))
        : reject(new Error(`ffmpeg: ${Buffer.concat(errors).toString('utf8').trim().slice(0, 500)}`)),
    );
    // What it did not want any more is told by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? undefined);
  });
}
