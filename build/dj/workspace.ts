/** What every stage of build/dj understands, and where it keeps what it makes. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '#build/cache-folder.ts';

export interface Settings {
  /** Everything made on the way: outside the tree, safe to delete, made again by the same commands. */
  readonly cache: string;
  /** How many grooves are rendered for this purpose, at 44.1 kHz. */
  readonly pieces: number;
  /** How many of the pieces of build/model (22.05 kHz) are taken, too; and where they are. */
  readonly others: number;
  readonly othersFolder: string;
  /** Of how many of them the other programs are asked, too. */
  readonly judged: number;
  /** A Python with librosa and Essentia. */
  readonly python: string;
  /** A Python with aubio (Debian's python3-aubio). */
  readonly aubioPython: string;
  /** Real music without truth: agreement between the programs is told. */
  readonly folder: string | null;
  /** Which share of the pieces this process makes. */
  readonly part: readonly [index: number, parts: number];
  /** Write the tables into docs/benchmarks.md. */
  readonly write: boolean;
}

export function readSettings(args: readonly string[] = process.argv.slice(2)): Settings {
  const cache = join(cacheFolder(), 'dj');
  const othersFolder = join(cacheFolder(), 'model', 'synthesised');
  const { values } = parseArgs({
    args: [...args],
    options: {
      cache: { type: 'string', default: cache },
      pieces: { type: 'string', default: '80' },
      others: { type: 'string', default: '316' },
      judged: { type: 'string', default: '50' },
      python: { type: 'string', default: join(cache, 'venv', 'bin', 'python') },
      'aubio-python': { type: 'string', default: '/usr/bin/python3' },
      folder: { type: 'string' },
      part: { type: 'string', default: '1/1' },
      write: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'pieces' | 'others' | 'judged'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} ${values[name]}: write a number.`);
    return value;
  };
  const [part = NaN, parts = NaN] = values.part.split('/').map(Number);
  if (!(Number.isInteger(part) && Number.isInteger(parts) && part >= 1 && part <= parts))
    throw new Error(`--part ${values.part}: write which of how many, for example 1/2.`);
  return {
    cache: resolve(values.cache),
    pieces: whole('pieces'),
    others: whole('others'),
    othersFolder,
    judged: whole('judged'),
    python: values.python,
    aubioPython: values['aubio-python'],
    folder: values.folder === undefined ? null : resolve(values.folder),
    part: [part - 1, parts],
    write: values.write,
  };
}
