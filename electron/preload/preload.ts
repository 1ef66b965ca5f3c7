/** Runs sandboxed before the page: gives it the window bridge and nothing else. */
import { contextBridge, ipcRenderer, webFrame, webUtils, type IpcRendererEvent } from 'electron';
import { channels, type Bridge } from '#shared/bridge.ts';

/** A listener of one channel; the event object (which holds the raw ipcRenderer) never reaches the page. */
function listen<Arguments extends unknown[]>(
  channel: string,
  listener: (...values: Arguments) => void,
): () => void {
  const inner = (_event: IpcRendererEvent, ...values: unknown[]): void => listener(...(values as Arguments));
  ipcRenderer.on(channel, inner);
  return () => {
    ipcRenderer.off(channel, inner);
  };
}

const bridge: Bridge = {
  request: (id, name, input) => ipcRenderer.invoke(channels.request, id, name, input),
  cancel: (id) => ipcRenderer.send(channels.cancel, id),
  subscribe: (listener) => listen(channels.event, listener),
  chooseFolders: () => ipcRenderer.invoke(channels.chooseFolders),
  chooseFolder: () => ipcRenderer.invoke(channels.chooseFolder),
  chooseSaveFile: (suggestedName, purpose) =>
    ipcRenderer.invoke(channels.chooseSaveFile, suggestedName, purpose),
  chooseFile: (purpose) => ipcRenderer.invoke(channels.chooseFile, purpose),
  // A File made by the page itself has no path: it yields '' and is left out.
  pathsOf: (files) =>
    files
      .map((file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]))
      .filter((path) => path !== ''),
  revealTrack: (trackId) => ipcRenderer.send(channels.revealTrack, trackId),
  prepareDrag: (trackIds) => ipcRenderer.invoke(channels.prepareDrag, trackIds),
  startDrag: () => ipcRenderer.send(channels.startDrag),
  openDataFolder: () => ipcRenderer.send(channels.openDataFolder),
  setZoom: (factor) => webFrame.setZoomFactor(factor),
  onMenu: (listener) => listen(channels.menu, listener),
};

contextBridge.exposeInMainWorld('cratewise', bridge);
