/** What main alone can see of the computer: whether it runs on battery, and whether a window of ours is in front. */
import { app, BrowserWindow, powerMonitor } from 'electron';
import type { ComputerState } from '#engine/engine.ts';

/** Tells the state at once, and whenever it changes. Call it when the app is ready. */
export function watchComputer(tell: (state: ComputerState) => void): void {
  let onBattery = powerMonitor.isOnBatteryPower();
  const now = (): void => tell({ onBattery, inFront: BrowserWindow.getFocusedWindow() !== null });
  const power = (battery: boolean) => (): void => {
    onBattery = battery;
    now();
  };
  powerMonitor.on('on-battery', power(true));
  powerMonitor.on('on-ac', power(false));
  app.on('browser-window-focus', now);
  app.on('browser-window-blur', now);
  now();
}
