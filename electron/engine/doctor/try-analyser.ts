/** Starts a real analyser, has it decode and analyse ten seconds of noise, and says how that went. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FromAnalyser, SpawnAnalyser } from '#engine/analysis/protocol.ts';
import type { DoctorCheck } from '#shared/domain.ts';

/** A slow machine under load needs seconds to load the model; longer means that it hangs. */
const PATIENCE_MS = 60_000;
const SECONDS_OF_NOISE = 10;
const SAMPLE_RATE_HZ = 22_050;

type Ready = Extract<FromAnalyser, { kind: 'ready' }>;
type Analysed = Extract<FromAnalyser, { kind: 'analysed' }>;
interface Trial {
  readonly ready: Ready | null;
  readonly analysed: Analysed | null;
  readonly milliseconds: number;
  /** What went wrong, null when nothing did. */
  readonly problem: string | null;
}

export async function tryAnalyser(options: {
  readonly modelDir: string;
  readonly spawnAnalyser: SpawnAnalyser;
}): Promise<readonly DoctorCheck[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cratewise-doctor-'));
  try {
    const file = join(folder, 'noise.wav');
    await writeFile(file, noiseFile());
    return describe(await runTrial(options, file), await decoderVersion());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runTrial(
  { modelDir, spawnAnalyser }: { readonly modelDir: string; readonly spawnAnalyser: SpawnAnalyser },
  file: string,
): Promise<Trial> {
  return new Promise((resolve) => {
    const analyser = spawnAnalyser();
    let ready: Ready | null = null;
    let startedAt = performance.now();
    const end = (analysed: Analysed | null, problem: string | null): void => {
      clearTimeout(impatience);
      resolve({ ready, analysed, problem, milliseconds: performance.now() - startedAt });
      analyser.kill();
    };
    const impatience = setTimeout(
      () => end(null, `it did not answer within ${PATIENCE_MS / 1000} seconds`),
      PATIENCE_MS,
    );
    analyser.onExit(({ code, signal }) => end(null, `its process ended (${signal ?? `exit code ${code}`})`));
    analyser.onMessage((message) => {
      if (message.kind === 'unusable' || message.kind === 'failed') end(null, message.detail);
      else if (message.kind === 'analysed') end(message, null);
      else if (message.kind === 'ready') {
        ready = message;
        startedAt = performance.now();
        analyser.post({ kind: 'analyse', job: 1, path: file });
      }
    });
    analyser.post({ kind: 'start', options: { modelDir, workers: 1, backend: 'auto' } });
  });
}

const backendNames: Record<Ready['backend'], string> = {
  tensorflow: 'native TensorFlow, which was found and can be loaded',
  wasm: 'WebAssembly with SIMD, because the native TensorFlow is not set up or cannot be loaded',
};

function describe(
  { ready, analysed, milliseconds, problem }: Trial,
  decoder: string,
): readonly DoctorCheck[] {
  const backend: DoctorCheck =
    ready === null
      ? { name: 'TensorFlow.js', state: 'problem', detail: `The analyser cannot start: ${problem}` }
      : { name: 'TensorFlow.js', state: 'ok', detail: `runs on ${backendNames[ready.backend]}` };
  if (ready === null)
    return [backend, { name: 'Decoder', state: 'warning', detail: `${decoder}, not tried` }];
  if (analysed === null) {
    const detail = `${decoder}: ${SECONDS_OF_NOISE} seconds of noise could not be analysed: ${problem}`;
    return [backend, { name: 'Decoder', state: 'problem', detail }];
  }
  const detail = `${decoder}; decoded and analysed ${SECONDS_OF_NOISE} seconds of noise in ${Math.round(milliseconds)} ms`;
  return [backend, { name: 'Decoder', state: 'ok', detail }];
}

/** The package's name and version: loading it here would bring its C code into this process. */
async function decoderVersion(): Promise<string> {
  const name = 'node-av';
  try {
    let folder = dirname(createRequire(import.meta.url).resolve(name));
    while (!folder.endsWith(name)) {
      if (folder === dirname(folder)) return name;
      folder = dirname(folder);
    }
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      version?: string;
    };
    return `libav by ${name} ${version ?? '(unknown version)'}`;
  } catch {
    return `${name} is not installed for this system`;
  }
}

/** A WAV file of quiet noise, 16 bit mono. */
function noiseFile(): Buffer {
  const samples = SECONDS_OF_NOISE * SAMPLE_RATE_HZ;
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  file.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) file.writeInt16LE(Math.round((Math.random() - 0.5) * 6000), 44 + i * 2);
  return file;
}
