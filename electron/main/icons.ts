/** The pictures of the app that are shipped beside it, by their size. */
import { join } from 'node:path';

/** Pixels of each side. */
export type IconSize = 48 | 512;

/** @param resources the folder of what is shipped beside the code */
export function iconFile(resources: string, size: IconSize): string {
  return join(resources, 'icons', `${size}x${size}.png`);
}
