/** `node build/electron-runtime/print.ts`: finds or fetches Electron and prints the program's path. */
import { resolveElectron } from './resolve.ts';

process.stdout.write(`${(await resolveElectron()).executable}\n`);
