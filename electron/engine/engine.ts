/**
 * The engine's one public door: wires storage, library, analysis and every feature together. The only place
 * that does; features never know each other.
 */
import type { EventName, Events, Handlers } from '#shared/contract.ts';
import type { DoctorCheck, HostKind, Notice } from '#shared/domain.ts';
import type { Logger } from '#shared/log.ts';
import { createAnalysis } from './analysis/analysis.handlers.ts';
import type { Analysis } from './analysis/analysis.handlers.ts';
import { readModelFolder } from './analysis/model-folder.ts';
import type { SpawnAnalyser } from './analysis/protocol.ts';
import type { ComputerState } from './analysis/pace.ts';
import { createChanges } from './changes.ts';
import { createAppHandlers } from './doctor/app.handlers.ts';
import { examine } from './doctor/doctor.ts';
import type { DoctorOptions } from './doctor/doctor.ts';
import { createEdits } from './edits.ts';
import { createEvents } from './events.ts';
import type { EngineEvents } from './events.ts';
import { createExchange } from './exchange/exchange.ts';
import { createExplain } from './explain/explain.handlers.ts';
import { createFindingHandlers } from './finding/finding.handlers.ts';
import { indexEarlierGenres } from './genres/earlier-genres.ts';
import { createGenreHandlers } from './genres/genres.handlers.ts';
import { createCopyHandlers } from './library/copies.handlers.ts';
import { breathe } from './library/context.ts';
import { createLibrary } from './library/library.ts';
import { readTags, TAG_READER_VERSION } from './library/tags.ts';
import { createPlaylists } from './playlists/playlists.handlers.ts';
import { createHolds } from './playing/holds.ts';
import { createPlayer } from './playing/player.ts';
import { createPlaying } from './playing/playing.handlers.ts';
import type { SpawnPlayer } from './playing/protocol.ts';
import { register } from './register.ts';
import { createRecordings } from './similarity/recordings.ts';
import { createSetHandlers } from './sets/sets.handlers.ts';
import { createTrackIndex } from './sets/track-index.ts';
import { createSimilarityHandlers } from './similarity/similarity.handlers.ts';
import { createSoundHandlers } from './sound/sound.handlers.ts';
import { freshenSomeBestGenres } from './storage/analysis/best-genres.ts';
import { freshenSomeTrackSounds } from './storage/analysis/track-sounds.ts';
import { useModel } from './storage/analysis/current-model.ts';
import { refreshRestored } from './storage/library/corrections.ts';
import { checkWeekly } from './storage/weekly-check.ts';
import { openStorage } from './storage/open.ts';
import type { Storage } from './storage/open.ts';
import { createTagging } from './tagging/tagging.handlers.ts';
import { createCompileQuery } from './track-queries.ts';

export { createForkAnalyser } from './analysis/fork-analyser.ts';
export type { ComputerState } from './analysis/pace.ts';
export type { AnalyserProcess, FromAnalyser, SpawnAnalyser } from './analysis/protocol.ts';
export type { ChildProcess } from './child-process.ts';

export interface EngineOptions {
  /** library.db; analysis.db lies beside it. */
  readonly libraryFile: string;
  readonly modelDir: string;
  readonly spawnAnalyser: SpawnAnalyser;
  /** For waveforms; hosts have another one for the music itself. */
  readonly spawnPlayer: SpawnPlayer;
  readonly log: Logger;
  /** Milliseconds since 1970; default: the system's. */
  readonly clock?: () => number;
  readonly host: HostKind;
  /**
   * A host that stays: looks through the folders at once, watches them and analyses what is queued. Else
   * nothing begins before a request asks for it.
   */
  readonly watch: boolean;
  readonly version: string;
  /** Ends this engine and opens the library again, after a backup was restored. Absent where the host cannot. */
  readonly restart?: (() => void) | undefined;
  /** Threads of the analyser for this run, instead of the setting. */
  readonly workers?: number | undefined;
}

/** When the window has long been usable. */
const CHECK_AFTER_MS = 5 * 60_000;
/** What is looked for behind leaves the first moments to a window that draws its first rows. */
const BEGIN_AFTER_MS = 1000;

export interface Engine {
  readonly handlers: Handlers;
  readonly events: EngineEvents;
  /** What the host knows of the computer: analysis heeds it. */
  setComputer(state: ComputerState): void;
  /** Stores what is in hand and closes the databases. */
  close(): Promise<void>;
}

/**
 * Opens a library. Hosts make sure that they are the only one (host/library-host.ts).
 * @throws AppError model-missing, model-damaged, model-incompatible, database-newer, database-damaged, …
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { libraryFile, modelDir, spawnAnalyser, log, clock = Date.now } = options;
  const model = readModelFolder(modelDir);
  const storage = openStorage({ libraryFile, clock, log });
  try {
    const modelId = useModel(storage.database, model.manifest);
    const isRestored = refreshRestored(storage);
    const events = createEvents(log);
    const { changed, revision, close: closeChanges } = createChanges(events);
    const publish = <Name extends EventName>(name: Name, payload: Events[Name]): void =>
      events.publish(name, payload);
    const edits = createEdits({ storage, publish, changed, clock });
    const compile = createCompileQuery(storage.database, clock);
    const { embeddingSize } = model.manifest;
    const recordings = lazily(() => createRecordings(storage, embeddingSize));
    const setIndex = lazily(() => createTrackIndex(storage, embeddingSize));

    let computer: ComputerState = { onBattery: false, inFront: false };

    // Made when it is first asked for: it begins to work at once, and `cratewise list` has no use for that.
    const analysis = lazily(() =>
      createAnalysis({
        storage,
        modelFolder: model,
        modelId,
        spawnAnalyser,
        workers: options.workers,
        publish,
        changed,
        clock,
        log,
        computer: () => computer,
      }),
    );
    const library = createLibrary({
      storage,
      publish,
      changed,
      revision,
      edits,
      compile,
      wakeAnalysis: () => analysis.get().wake(),
      settingsChanged: () => analysis.existing()?.wake(),
      log,
      clock,
      watch: options.watch,
    });

    const explain = createExplain({
      storage,
      recordings: recordings.get,
      embeddingSize,
      modelDir,
      modelId,
      spawnAnalyser,
      log,
    });

    const playlists = createPlaylists({
      storage,
      edits,
      compile,
      recordings: recordings.get,
      events,
      changed,
      revision,
      clock,
    });

    const playing = createPlaying({ storage, spawnPlayer: options.spawnPlayer, publish, log });
    const holds = createHolds();

    const tagging = createTagging({
      storage,
      compile,
      edits,
      publish,
      changed,
      holds,
      readTags,
      tagReaderVersion: TAG_READER_VERSION,
      log,
      clock,
    });
    await tagging.recover();

    // Another process than that of waveforms, which the window waits for.
    const converter = lazily(() => createPlayer(options.spawnPlayer));
    const exchange = createExchange({
      storage,
      compile,
      edits,
      changed,
      publish,
      convert: (path, target, order, signal) => converter.get().convert(path, target, order, signal),
      clock,
      version: options.version,
    });

    const handlers = register(
      createAppHandlers({ ...options, model }),
      library.handlers,
      createCopyHandlers({ storage, clock, restart: options.restart }),
      analysisHandlers(analysis.get),
      createGenreHandlers({ storage, recordings: recordings.get, edits, changed, clock }),
      createSoundHandlers({ storage, edits, changed, clock }),
      explain.handlers,
      createSimilarityHandlers({ storage, recordings: recordings.get, embeddingSize }),
      playlists.handlers,
      createSetHandlers({
        ...{ storage, compile, edits, clock },
        recordings: recordings.get,
        index: setIndex.get,
        listChanged: playlists.changed,
      }),
      createFindingHandlers({ storage, compile, recordings: recordings.get, revision, clock }),
      edits.handlers,
      exchange,
      playing.handlers,
      holds.handlers,
      tagging.handlers,
    );

    const indexing = new AbortController();
    const { signal } = indexing;
    const indexed = indexEarlierGenres({ storage, changed, log, signal }).catch((error: unknown) =>
      log.warn({ err: error }, 'The genres of the earlier model could not be indexed'),
    );
    // Who asks only once waits for the whole answer.
    if (!options.watch) await indexed;
    const checking = new AbortController();
    const checkLater = options.watch
      ? setTimeout(
          () => void checkLibrary(storage, clock(), { publish, log }, checking.signal),
          CHECK_AFTER_MS,
        )
      : undefined;
    checkLater?.unref();
    const begin = options.watch
      ? setTimeout(() => {
          void library.start();
          analysis.get();
          recordings.get();
          void findBestGenres(storage.database, checking.signal);
        }, BEGIN_AFTER_MS)
      : undefined;
    // Whoever is connected by then learns that there is another journal.
    if (isRestored) setImmediate(() => storage.database.open && edits.tell());
    return {
      handlers,
      events,
      setComputer(state) {
        computer = state;
        analysis.existing()?.wake();
      },
      async close() {
        clearTimeout(begin);
        clearTimeout(checkLater);
        checking.abort();
        indexing.abort();
        playing.close();
        converter.existing()?.close();
        await tagging.close();
        holds.close();
        await library.close();
        playlists.close();
        await explain.close();
        await analysis.existing()?.close();
        recordings.existing()?.close();
        closeChanges();
        storage.close();
      },
    };
  } catch (error) {
    storage.close();
    throw error;
  }
}

/** So that nobody who orders by genre or tempo waits for it. */
async function findBestGenres(database: Storage['database'], signal: AbortSignal): Promise<void> {
  while (!signal.aborted && freshenSomeBestGenres(database)) await breathe();
  while (!signal.aborted && freshenSomeTrackSounds(database)) await breathe();
}

/** Damage is told together with what helps. */
async function checkLibrary(
  storage: Storage,
  now: number,
  { publish, log }: { readonly publish: (name: 'notice', notice: Notice) => void; readonly log: Logger },
  signal: AbortSignal,
): Promise<void> {
  try {
    const fault = await checkWeekly(storage.database, now, signal);
    if (fault === null) return;
    log.error({ fault }, 'The weekly check found damage in the library');
    publish('notice', {
      code: 'database-damaged',
      detail: `The weekly check found damage in ${storage.libraryFile}: ${fault}. Go back to a backup (Settings, Library and backup): what is stored from now on may be lost.`,
    });
  } catch (error) {
    log.warn({ err: error }, 'The weekly check of the library could not be made');
  }
}

/** What this machine has and lacks, also where createEngine fails. */
export function diagnose(options: DoctorOptions): Promise<readonly DoctorCheck[]> {
  return examine(options);
}

function analysisHandlers(analysis: () => Analysis): Analysis['handlers'] {
  return {
    'analysis.status': (input, context) => analysis().handlers['analysis.status'](input, context),
    'analysis.pause': (input, context) => analysis().handlers['analysis.pause'](input, context),
    'analysis.resume': (input, context) => analysis().handlers['analysis.resume'](input, context),
    'analysis.retry': (input, context) => analysis().handlers['analysis.retry'](input, context),
    'analysis.prioritise': (input, context) => analysis().handlers['analysis.prioritise'](input, context),
  };
}

interface Lazy<Value> {
  readonly get: () => Value;
  readonly existing: () => Value | null;
}

function lazily<Value>(make: () => Value): Lazy<Value> {
  let value: Value | null = null;
  return { get: () => (value ??= make()), existing: () => value };
}
