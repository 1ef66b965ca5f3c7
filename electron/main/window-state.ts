/** Where the window was: kept as a small file, and never trusted to fit the displays of today. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Null: let the system place it. */
  readonly position: { readonly x: number; readonly y: number } | null;
  readonly width: number;
  readonly height: number;
  readonly maximised: boolean;
}

export const minimumSize = { width: 900, height: 600 } as const;
const usual: WindowState = { position: null, width: 1360, height: 860, maximised: false };
/** So much of the title bar must be on a display that it can be grasped. */
const GRASPABLE_PIXELS = 80;

/** The state as saved, made to fit the work areas of the displays there are now. */
export function fitWindowState(saved: unknown, workAreas: readonly Rectangle[]): WindowState {
  const { x, y, width, height, maximised } = (saved ?? {}) as Record<string, unknown>;
  const isSize = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
  const largest = {
    width: Math.max(minimumSize.width, ...workAreas.map((area) => area.width)),
    height: Math.max(minimumSize.height, ...workAreas.map((area) => area.height)),
  };
  const size = {
    width: clamp(isSize(width) ? width : usual.width, minimumSize.width, largest.width),
    height: clamp(isSize(height) ? height : usual.height, minimumSize.height, largest.height),
  };
  const at = Number.isInteger(x) && Number.isInteger(y) ? { x: x as number, y: y as number } : null;
  const visible = at !== null && workAreas.some((area) => isGraspable(at, size.width, area));
  return { position: visible ? at : null, ...size, maximised: maximised === true };
}

function isGraspable(at: { x: number; y: number }, width: number, area: Rectangle): boolean {
  const overlap = Math.min(at.x + width, area.x + area.width) - Math.max(at.x, area.x);
  return overlap >= GRASPABLE_PIXELS && at.y >= area.y && at.y <= area.y + area.height - GRASPABLE_PIXELS;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** What the file says, or null: a missing or broken file only means that the usual size is taken. */
export function readWindowState(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

export function saveWindowState(file: string, bounds: Rectangle, maximised: boolean): void {
  writeFileSync(file, JSON.stringify({ ...bounds, maximised }));
}
