/** `cratewise serve [--port N]`: the local web app until Ctrl-C. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { createForkPlayer } from '#engine/playing/fork-player.ts';
import { createPlayer } from '#engine/playing/player.ts';
import { AppError } from '#shared/errors.ts';
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
      const serve = createServing(options.port, async ({ address, port }) => {
        await printResult(options, { address, port, pid: process.pid }, () => address);
        note(options, 'Open this address in a browser of this machine. Ctrl-C ends it.');
      });
      await withLibrary(options, (session) => serve(session), { kind: 'web', watch: true });
    });
}

/**
 * Serves a session until Ctrl-C, and does `meanwhile` while it serves. `announce` is called once, before
 * that: sessions that follow (the holder of the library has ended) have the same address, and pages that are
 * open go on.
 */
export function createServing(
  port: number,
  announce: (web: WebHost) => Promise<void> | void,
): (session: Session, meanwhile?: (session: Session) => Promise<void>) => Promise<void> {
  let before: WebHost | null = null;
  return async (session, meanwhile) => {
    const { host, client, log } = session;
    const player = createPlayer(createForkPlayer());
    const web = await startWebHost({
      dispatcher: host.dispatcher,
      client,
      player,
      rendererDir,
      port: before?.port ?? port,
      token: before?.token,
      log,
    });
    try {
      if (before === null) await announce(web);
      before = web;
      await meanwhile?.(session);
      await ended(session);
    } finally {
      await web.close();
      player.close();
    }
  };
}

/** Until Ctrl-C, or until the library is taken away. @throws AppError cancelled when its holder has ended */
async function ended({ holderGone }: Session): Promise<void> {
  const { signal } = interrupt();
  if (signal.aborted) return;
  await Promise.race([once(signal, 'abort'), holderGone]);
  if (!signal.aborted) throw new AppError('cancelled', 'The Cratewise that holds the library was closed.');
}
