/** The only importer of ipcMain: who may ask, what they may ask, and the relay to the engine. */
import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { channels, filePurposes, type BridgeReply, type FilePurpose } from '#shared/bridge.ts';
import type { EngineClient, Input, RequestName } from '#shared/contract.ts';
import { AppError, toWire } from '#shared/errors.ts';
import type { Logger } from '#shared/log.ts';
import type { FileDrag } from './file-drag.ts';
import { isOwnPage } from './security.ts';

export interface IpcOptions {
  readonly client: () => EngineClient;
  readonly log: Logger;
  readonly chooseFolders: (sender: WebContents) => Promise<readonly string[]>;
  readonly chooseFolder: (sender: WebContents) => Promise<string | null>;
  readonly chooseSaveFile: (
    sender: WebContents,
    suggestedName: string,
    purpose: FilePurpose,
  ) => Promise<string | null>;
  readonly chooseFile: (sender: WebContents, purpose: FilePurpose) => Promise<string | null>;
  readonly revealTrack: (trackId: number) => Promise<void>;
  readonly openDataFolder: () => Promise<void>;
  readonly fileDrag: FileDrag;
}

/** Registers every channel. Once. */
export function registerIpc(options: IpcOptions): void {
  const { log } = options;
  /** Requests in hand of each window, so that they can be cancelled and end with it. */
  const inHand = new WeakMap<WebContents, Map<number, AbortController>>();
  /** Files that the user chose in a dialogue: the page can have no other written, or put in the library's place. */
  const chosenFiles = new Set<string>();

  function requestsOf(sender: WebContents): Map<number, AbortController> {
    const known = inHand.get(sender);
    if (known !== undefined) return known;
    const requests = new Map<number, AbortController>();
    inHand.set(sender, requests);
    const abortAll = (): void => {
      for (const controller of requests.values()) controller.abort();
    };
    sender.on('destroyed', abortAll);
    sender.on('render-process-gone', abortAll);
    // A reloaded page counts from 1 again and waits for nothing of before.
    sender.on('did-navigate', abortAll);
    return requests;
  }

  async function relay(sender: WebContents, id: unknown, name: unknown, input: unknown): Promise<unknown> {
    if (!Number.isSafeInteger(id) || typeof name !== 'string')
      throw new AppError('bad-request', 'A request needs a number and a name.');
    const requests = requestsOf(sender);
    const number = id as number;
    if (requests.has(number)) throw new AppError('bad-request', `Request ${number} is still in hand.`);
    requireChosenFile(name, input, chosenFiles);
    const controller = new AbortController();
    requests.set(number, controller);
    try {
      // Whether the name exists and the input fits, the engine's dispatcher decides by the contract.
      const known = name as RequestName;
      const { signal } = controller;
      return await options.client().request(known, input as Input<RequestName>, { signal });
    } finally {
      if (requests.get(number) === controller) requests.delete(number);
    }
  }

  handle(channels.request, log, async (sender, id, name, input): Promise<BridgeReply> => {
    try {
      return { ok: true, value: await relay(sender, id, name, input) };
    } catch (error) {
      return { ok: false, error: toWire(error) };
    }
  });
  listen(channels.cancel, log, (sender, id) => {
    if (typeof id === 'number') inHand.get(sender)?.get(id)?.abort();
  });
  handle(channels.chooseFolders, log, (sender) => options.chooseFolders(sender));
  handle(channels.chooseFolder, log, async (sender) => {
    const folder = await options.chooseFolder(sender);
    if (folder !== null) chosenFiles.add(folder);
    return folder;
  });
  handle(channels.chooseSaveFile, log, async (sender, suggested, purpose) => {
    const name = typeof suggested === 'string' ? suggested : '';
    const file = await options.chooseSaveFile(sender, name, purposeOf(purpose));
    if (file !== null) chosenFiles.add(file);
    return file;
  });
  handle(channels.chooseFile, log, async (sender, purpose) => {
    const file = await options.chooseFile(sender, purposeOf(purpose));
    if (file !== null) chosenFiles.add(file);
    return file;
  });
  listen(channels.revealTrack, log, (_sender, trackId) => {
    if (!Number.isSafeInteger(trackId)) return;
    options.revealTrack(trackId as number).catch((error: unknown) => {
      log.warn({ trackId, error: String(error) }, 'The file of a track could not be shown');
    });
  });
  listen(channels.openDataFolder, log, () => {
    options.openDataFolder().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'The folder of the library could not be shown');
    });
  });
  handle(channels.prepareDrag, log, (sender, trackIds) => options.fileDrag.prepare(sender, trackIds));
  listen(channels.startDrag, log, (sender) => options.fileDrag.start(sender));
}

function purposeOf(purpose: unknown): FilePurpose {
  return filePurposes.find((known) => known === purpose) ?? 'export';
}

/** Requests that write a file or into a folder, or take in what a file holds; and the part of them that names it. */
const ofChosenFiles: ReadonlyMap<string, 'file' | 'folder'> = new Map<RequestName, 'file' | 'folder'>([
  ['playlists.export', 'file'],
  ['tracks.export', 'file'],
  ['library.export', 'file'],
  ['library.import', 'file'],
  ['library.backup', 'file'],
  ['library.restore', 'file'],
  ['playlists.copyToFolder', 'folder'],
]);

/**
 * An export overwrites files. The page may name only a file, or a folder, that the user picked in the system's dialogue,
 * so that a page gone astray cannot write over anything else.
 */
export function requireChosenFile(name: string, input: unknown, chosen: ReadonlySet<string>): void {
  const part = ofChosenFiles.get(name);
  if (part === undefined) return;
  const file =
    typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[part] : undefined;
  if (typeof file !== 'string' || !chosen.has(file))
    throw new AppError('bad-request', 'Choose the file in the dialogue first.');
}

/** Only the top frame of our own page is heard; any other sender is refused, whatever it asks. */
function requireTrusted(event: IpcMainEvent | IpcMainInvokeEvent, channel: string, log: Logger): void {
  const frame = event.senderFrame;
  if (frame !== null && frame.parent === null && frame === event.sender.mainFrame && isOwnPage(frame.url))
    return;
  log.error({ channel, url: frame?.url ?? null }, 'A message of an untrusted sender was refused');
  throw new AppError('untrusted-sender', `“${channel}” was asked by a page that is not Cratewise's own.`);
}

function handle(
  channel: string,
  log: Logger,
  answer: (sender: WebContents, ...values: readonly unknown[]) => Promise<unknown>,
): void {
  ipcMain.handle(channel, (event, ...values: unknown[]) => {
    requireTrusted(event, channel, log);
    return answer(event.sender, ...values);
  });
}

function listen(
  channel: string,
  log: Logger,
  take: (sender: WebContents, ...values: readonly unknown[]) => void,
): void {
  ipcMain.on(channel, (event, ...values: unknown[]) => {
    try {
      requireTrusted(event, channel, log);
    } catch {
      return; // logged; there is nobody to answer
    }
    take(event.sender, ...values);
  });
}
