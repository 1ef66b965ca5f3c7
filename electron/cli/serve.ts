/** `cratewise serve [--port N]`: the local web app until Ctrl-C. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { startWebHost } from '../web/web-host.ts';
import type { WebHost } from '../web/web-host.ts';
import type { GlobalOptions } from './global-options.ts';
import { wholeNumber } from './global-options.ts';
import { interrupt } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { rendererDir } from './places.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';

interface ServeOptions extends GlobalOptions {
  readonly port: number;
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('the local web app, on this machine only, until Ctrl-C')
    .option('--port <n>', 'port (default: any free one)', wholeNumber(0, 65_535), 0)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ServeOptions>();
      await withLibrary(
        options,
        async (session) => {
          const web = await openWeb(session, options.port);
          try {
            const { address, port } = web;
            await printResult(options, { address, port, pid: process.pid }, () => address);
            note(options, 'Open this address in a browser of this machine. Ctrl-C ends it.');
            await ended();
          } finally {
            await web.close();
          }
        },
        { kind: 'web', watch: true },
      );
    });
}

export function openWeb(session: Session, port: number): Promise<WebHost> {
  const { host, client, log } = session;
  return startWebHost({ dispatcher: host.dispatcher, client, rendererDir, port, log });
}

/** Until Ctrl-C, or until the library is taken away. */
export async function ended(): Promise<void> {
  const { signal } = interrupt();
  if (!signal.aborted) await once(signal, 'abort');
}
