/** `cratewise playlist build NAME [QUERY] …` */
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { Input } from '#shared/contract.ts';
import {
  defaultTransitionWeights,
  energySteps,
  keyRules,
  pitchRanges,
  setLimits,
  transitionAxes,
} from '#shared/domain.ts';
import type {
  BuiltSet,
  EnergyStep,
  KeyRule,
  PitchRange,
  Playlist,
  TransitionWeights,
} from '#shared/domain.ts';
import { defaultFields, pick } from './fields.ts';
import type { GlobalOptions } from './global-options.ts';
import { wholeNumber } from './global-options.ts';
import { lineOf } from './list.ts';
import { counted, note, printable, printResult } from './output.ts';
import { duration } from './progress.ts';
import { findTrack, readReferences } from './references.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';

type Asked = Input<'sets.build'>;
type Curve = NonNullable<Asked['energyCurve']>;

interface BuildOptions extends GlobalOptions {
  readonly count?: number;
  readonly duration?: number;
  readonly tolerance?: number;
  readonly genre?: readonly string[];
  readonly energy?: Curve;
  readonly from?: string;
  readonly to?: string;
  readonly bpm?: NonNullable<Asked['tempoRange']>;
  readonly bpmStep?: number;
  readonly keyRule: KeyRule;
  readonly artistGap?: number;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly at?: readonly { readonly position: number; readonly reference: string }[];
  readonly weights?: TransitionWeights;
  readonly pitch: string;
  readonly keyLock: boolean;
  readonly energyStep: EnergyStep;
  readonly seed?: number;
  readonly dryRun?: true;
}

const DEFAULT_COUNT = 20;

export function addPlaylistBuildCommand(playlist: Command): void {
  playlist
    .command('build')
    .description('put a set together of tracks that go well one after another, as a new playlist')
    .argument('<name>', 'name of the playlist')
    .argument('[query]', 'only of tracks that this search finds, for example: rating:>=3 year:2015..')
    .option('--count <n>', `so many tracks (${DEFAULT_COUNT})`, wholeNumber(1, setLimits.rows))
    .addOption(
      new Option('--duration <time>', 'so long: 90 (minutes), 59:30 or 1:30:00')
        .argParser(time)
        .conflicts('count'),
    )
    .option('--tolerance <seconds>', 'how far off the length may be (60)', wholeNumber(0, 86_400))
    .option('--genre <genre...>', 'only tracks of any of these genres, by name or id')
    .option('--energy <curve>', 'energy 1 to 10 over the set: 3,6,9,5 evenly, or 0:3,0.7:9,1:5', energyCurve)
    .option('--from <track>', 'the first track, a path or an id')
    .option('--to <track>', 'the last track: with --from, the set goes from the one to the other')
    .option(
      '--bpm <range>',
      'only tempos in this range, for example 120-128; half and double count',
      bpmRange,
    )
    .option('--bpm-step <percent>', 'the greatest change of tempo from one track to the next', percent)
    .addOption(
      new Option('--key-rule <rule>', 'which keys may follow each other').choices(keyRules).default('any'),
    )
    .option('--artist-gap <n>', 'no artist twice in so many tracks', wholeNumber(1, setLimits.rows))
    .option('--include <track...>', 'these must be in it; - reads one a line from stdin')
    .option('--exclude <track...>', 'these must not')
    .option('--at <place=track...>', 'this track at this place, from 1', places)
    .option(
      '--weights <list>',
      `what counts how much, 0 to 1: ${transitionAxes.join(', ')}, as key=1,mood=0`,
      weights,
    )
    .addOption(
      new Option('--pitch <percent>', 'what the pitch fader reaches, up and down')
        .choices(pitchRanges.map(String))
        .default('8'),
    )
    .option('--no-key-lock', 'a change of tempo changes the key')
    .addOption(
      new Option('--energy-step <step>', 'where energy goes from track to track')
        .choices(energySteps)
        .default('any'),
    )
    .option('--seed <n>', 'another number, another set', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--dry-run', 'show the set and make no playlist')
    .action(async (name: string, query: string | undefined, _options: unknown, command: Command) => {
      await build(name, query ?? '', command.optsWithGlobals<BuildOptions>());
    });
}

async function build(name: string, text: string, options: BuildOptions): Promise<void> {
  const { playlist, set } = await withLibrary(options, async (session) => {
    const built = await session.request('sets.build', await toRequest(session, text, options));
    if (options.dryRun === true) return { playlist: null, set: built };
    const trackIds = built.rows.map(({ track }) => track.id);
    return { playlist: await session.request('playlists.create', { name, trackIds }), set: built };
  });
  for (const { detail } of set.problems) note(options, printable(detail));
  for (const remark of set.remarks) note(options, printable(remark));
  const rows = set.rows.map(({ track, ...row }) => ({ ...row, track: pick(track, null, defaultFields) }));
  await printResult(options, { playlist, ...set, rows }, () => describe(playlist, set));
}

async function toRequest(session: Session, text: string, options: BuildOptions): Promise<Asked> {
  const idOf = async (reference: string): Promise<number> => (await findTrack(session, reference)).id;
  const idsOf = async (references: readonly string[] | undefined): Promise<number[] | undefined> => {
    if (references === undefined) return undefined;
    const ids: number[] = [];
    for (const reference of await readReferences(references)) ids.push(await idOf(reference));
    return ids;
  };
  const locked: { position: number; trackId: number }[] = [];
  for (const { position, reference } of options.at ?? []) {
    locked.push({ position, trackId: await idOf(reference) });
  }
  const { duration: seconds, tolerance: toleranceSeconds, count = DEFAULT_COUNT } = options;
  return {
    query: { text },
    genres: options.genre === undefined ? undefined : [...options.genre],
    length: seconds === undefined ? { count } : { seconds, toleranceSeconds },
    energyCurve: options.energy,
    from: options.from === undefined ? undefined : await idOf(options.from),
    to: options.to === undefined ? undefined : await idOf(options.to),
    tempoRange: options.bpm,
    greatestTempoStep: options.bpmStep,
    keyRule: options.keyRule,
    artistGap: options.artistGap,
    include: await idsOf(options.include),
    exclude: await idsOf(options.exclude),
    locked,
    mix: {
      weights: options.weights,
      pitchRangePercent: Number(options.pitch) as PitchRange,
      keyLock: options.keyLock,
      energyStep: options.energyStep,
    },
    seed: options.seed,
  };
}

function describe(playlist: Playlist | null, set: BuiltSet): string {
  const lines = set.rows.map(({ track, transition }, row) => {
    const line = `${String(row + 1).padStart(4)}. ${lineOf(track).trimStart()}`;
    if (transition === null) return line;
    const reasons = transition.axes.flatMap(({ score, reason }) => (score === null ? [] : reason));
    return `      ${transition.score.toFixed(2)}  ${printable(reasons.join('; '))}\n${line}`;
  });
  const sum = `${counted(set.rows.length, 'track')}, ${duration(set.durationSeconds)}, score ${set.score.toFixed(2)}`;
  const made = playlist === null ? `${sum}; no playlist was made` : `${printable(playlist.name)}: ${sum}`;
  return [...lines, made].join('\n');
}

/** Seconds of "90" (minutes), "59:30" or "1:30:00". */
function time(text: string): number {
  const parts = text.split(':').map(Number);
  const isTime = /^\d+(?::[0-5]\d){0,2}$/u.test(text);
  const [first = 0, second = 0, third = 0] = parts;
  const seconds = parts.length === 3 ? first * 3600 + second * 60 + third : first * 60 + second;
  if (isTime && seconds >= 30 && seconds <= 7 * 86_400) return seconds;
  throw new InvalidArgumentError('It must be minutes (90), 59:30 or 1:30:00: half a minute to a week.');
}

function energyCurve(text: string): Curve {
  const parts = text.split(',');
  const points = parts.map((part, index) => {
    const [first = '', second] = part.split(':');
    return second === undefined
      ? { at: parts.length === 1 ? 0 : index / (parts.length - 1), energy: numberOf(first) }
      : { at: numberOf(first), energy: numberOf(second) };
  });
  const fits = points.every(({ at, energy }) => at >= 0 && at <= 1 && energy >= 1 && energy <= 10);
  if (fits && points.length <= setLimits.curvePoints) return points;
  throw new InvalidArgumentError(
    'It must be energies from 1 to 10 (3,6,9,5), or places from 0 to 1 with theirs (0:3,0.7:9,1:5).',
  );
}

function bpmRange(text: string): { min: number; max: number } {
  const [min = NaN, max = NaN] = text.split('-').map(numberOf);
  if (text.split('-').length === 2 && min >= 20 && max <= 400 && min <= max) return { min, max };
  throw new InvalidArgumentError('It must be two tempos from 20 to 400, for example 120-128.');
}

function percent(text: string): number {
  const value = numberOf(text.replace(/ ?%$/u, ''));
  if (value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('It must be per cent, 0 to 100.');
}

function places(text: string, before: NonNullable<BuildOptions['at']> = []): NonNullable<BuildOptions['at']> {
  const [place = '', ...rest] = text.split('=');
  const reference = rest.join('=');
  const position = numberOf(place);
  if (Number.isInteger(position) && position >= 1 && position <= setLimits.rows && reference !== '') {
    return [...before, { position: position - 1, reference }];
  }
  throw new InvalidArgumentError(`It must be a place from 1 to ${setLimits.rows} and a track: 3=song.mp3.`);
}

function weights(text: string): TransitionWeights {
  const given = Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', value = ''] = part.split('=');
      return [name.trim(), numberOf(value)] as const;
    }),
  );
  const fits = Object.entries(given).every(
    ([name, value]) => transitionAxes.some((axis) => axis === name) && value >= 0 && value <= 1,
  );
  if (fits) return { ...defaultTransitionWeights, ...given };
  throw new InvalidArgumentError(
    `It must be any of ${transitionAxes.join(', ')}, each 0 to 1: key=1,mood=0.`,
  );
}

/** NaN for what is no number. */
function numberOf(text: string): number {
  return /^\d+(?:\.\d+)?$/u.test(text.trim()) ? Number(text) : NaN;
}
