/** A host in a process of its own, for the test of many at once: tells what it got, then stays. */
import { createEvents } from '#engine/events.ts';
import type { Handlers } from '#shared/contract.ts';
import { silentLog } from '#shared/log.ts';
import { openLibraryHost } from './library-host.ts';

const host = await openLibraryHost({
  libraryFile: process.argv[2]!,
  kind: 'terminal',
  log: silentLog,
  openEngine: () => {
    const handlers = { 'library.counts': () => ({ all: process.pid }) } as unknown as Handlers;
    return Promise.resolve({ handlers, events: createEvents(), close: () => Promise.resolve() });
  },
});
const { all } = await host.client.request('library.counts', {});
process.send?.({ held: host.held, engine: all });
setInterval(() => {}, 60_000);
