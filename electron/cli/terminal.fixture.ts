/** The terminal app in a process of its own, for its test: `node terminal.fixture.ts [--once] FOLDER…` */
import { runTerminal } from './terminal.ts';

const args = process.argv.slice(2);
await runTerminal({ folders: args.filter((arg) => arg !== '--once'), once: args.includes('--once') });
