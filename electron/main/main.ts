/** The desktop app: starts the engine, shows the window, relays between the two. */
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { app, nativeImage, protocol, shell, type UtilityProcess } from 'electron';
import { mediaScheme } from '#shared/bridge.ts';
import { createPlayer } from '#engine/playing/player.ts';
import { toWire } from '#shared/errors.ts';
import { createAppHandler, appScheme } from './app-protocol.ts';
import { watchComputer } from './computer.ts';
import { forkOwnChild, type ChildEntries } from './children.ts';
import { chooseFile, chooseFolder, chooseFolders, chooseSaveFile, showFatalError } from './dialogs.ts';
import { linkEngine, type EngineLink } from './engine-link.ts';
import { createFileDrag } from './file-drag.ts';
import { iconFile } from './icons.ts';
import { registerIpc } from './ipc.ts';
import { readLaunchOptions, userArguments } from './launch-options.ts';
import { openLogFile, type LogFile } from './log-file.ts';
import { createMediaHandler } from './media-protocol.ts';
import { setApplicationMenu } from './menu.ts';
import { contentSecurityPolicy, hardenPages, hardenProcess, hardenSession } from './security.ts';
import { broadcastEvent, focusWindow, openMainWindow, sendMenuCommand } from './windows.ts';

const here = import.meta.dirname;
const childEntries: ChildEntries = {
  analyser: join(here, 'analyser-process.js'),
  player: join(here, 'player-process.js'),
};
const resources = app.isPackaged ? process.resourcesPath : join(here, '../../resources');
const launch = readLaunchOptions(userArguments(process.argv, app.isPackaged), process.env, process.cwd());

hardenProcess();
app.setName('Cratewise');
if (launch.profileDir !== undefined) app.setPath('userData', launch.profileDir);
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  // No fetch: music and covers are for <audio> and <img>.
  { scheme: mediaScheme, privileges: { standard: true, secure: true, stream: true } },
]);

if (app.requestSingleInstanceLock({ folders: launch.folders })) start();
else app.quit(); // the first instance shows itself and takes the folders

function start(): void {
  const logFile = openLogFile(join(app.getPath('userData'), 'logs', 'cratewise.log'), !app.isPackaged);
  const { log } = logFile;
  process.on('uncaughtException', (error) => log.error({ error: String(error.stack) }, 'A defect in main'));
  process.on('unhandledRejection', (reason) => log.error({ error: String(reason) }, 'A defect in main'));
  hardenPages(log);

  let engine: EngineLink | null = null;
  let window: BrowserWindow | null = null;

  const show = (): void => {
    if (window !== null) return focusWindow(window);
    window = openMainWindow({
      preload: join(here, 'preload.cjs'),
      stateFile: join(app.getPath('userData'), 'window.json'),
      icon: iconFile(resources, 512),
      log,
    });
    window.on('closed', () => (window = null));
  };

  app.on('second-instance', (_event, _argv, _workingFolder, data) => {
    show();
    const { folders } = (data ?? {}) as { folders?: unknown };
    if (engine !== null && Array.isArray(folders)) {
      addFolders(
        engine,
        folders.filter((folder) => typeof folder === 'string'),
      );
    }
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', show);
  closeEngineBeforeQuit(() => engine);

  void app.whenReady().then(() => {
    hardenSession();
    engine = openEngine(logFile);
    const running = engine;
    watchComputer(running.setComputer);
    protocol.handle(appScheme, createAppHandler(join(here, '../renderer'), contentSecurityPolicy));
    const player = createPlayer(() => forkOwnChild(childEntries.player, 'player', logOutputTo(logFile)));
    protocol.handle(mediaScheme, createMediaHandler(running.client, player, log));
    const icon = nativeImage.createFromPath(iconFile(resources, 48));
    registerIpc({
      client: running.client,
      log,
      chooseFolders,
      chooseFolder,
      chooseSaveFile,
      chooseFile,
      revealTrack: reveal(running),
      async openDataFolder() {
        const { dataDir } = await running.client().request('app.info', {});
        // openPath tells a failure as text, and never throws.
        const failure = await shell.openPath(dataDir);
        if (failure !== '') throw new Error(failure);
      },
      fileDrag: createFileDrag(running.client, icon, log),
    });
    setApplicationMenu({
      send: sendMenuCommand,
      isMac: process.platform === 'darwin',
      developer: !app.isPackaged,
    });
    show();
    addFolders(running, launch.folders);
  });
}

/** Takes what a process of ours writes. */
function logOutputTo({ write }: LogFile): (child: UtilityProcess) => void {
  return (child) => {
    for (const output of [child.stdout, child.stderr])
      output?.on('data', (chunk: Buffer) => write(chunk.toString()));
  };
}

function openEngine(logFile: LogFile): EngineLink {
  const { log } = logFile;
  return linkEngine({
    entry: join(here, 'engine-process.js'),
    childEntries,
    start: { dataDir: launch.dataDir, modelDir: join(resources, 'model'), version: app.getVersion() },
    log,
    logOutput: logOutputTo(logFile),
    onEvent: broadcastEvent,
    onUnusable(error) {
      log.error({ code: error.code, detail: error.detail }, 'The engine cannot run');
      showFatalError(error);
      app.exit(1);
    },
  });
}

/** Folders named at the start; what is wrong with one is told in the window. */
function addFolders(engine: EngineLink, paths: readonly string[]): void {
  if (paths.length === 0) return;
  engine
    .client()
    .request('library.addFolders', { paths: [...paths] })
    .catch((error: unknown) => broadcastEvent('notice', toWire(error)));
}

function reveal(engine: EngineLink) {
  return async (trackId: number): Promise<void> => {
    const { path } = await engine.client().request('tracks.file', { trackId });
    shell.showItemInFolder(path);
  };
}

/** Quitting waits, not for long, until the engine has closed its databases. */
function closeEngineBeforeQuit(engine: () => EngineLink | null): void {
  let closed = false;
  app.on('will-quit', (event) => {
    const running = engine();
    if (closed || running === null) return;
    event.preventDefault();
    void running.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}
