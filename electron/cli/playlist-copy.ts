/** `cratewise playlist copy`: the files of a playlist into a folder. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { copyConversions } from '#shared/domain/exchange.ts';
import type { CopyConversion } from '#shared/domain.ts';
import type { GlobalOptions } from './global-options.ts';
import { counted, note, printable, printResult } from './output.ts';
import { fromUser } from './places.ts';
import { findPlaylist } from './references.ts';
import { withLibrary } from './session.ts';

interface CopyOptions extends GlobalOptions {
  readonly to: string;
  readonly convert?: CopyConversion;
  readonly oldPlayers?: true;
  /** Of --no-numbers. */
  readonly numbers: boolean;
}

export function addPlaylistCopyCommand(playlist: Command): void {
  playlist
    .command('copy')
    .description('copy the files of a playlist into a folder, in its order; goes on where it ended')
    .argument('<name>', 'name or id')
    .requiredOption('--to <folder>', 'where to; made if it is not there')
    .addOption(new Option('--convert <format>', 'make other files of this format').choices(copyConversions))
    .option('--old-players', 'with --convert: at most 48 kHz and 16 bits')
    .option('--no-numbers', 'no numbers before names')
    .action(async (name: string, _options: unknown, command: Command) => {
      await copy(name, command.optsWithGlobals<CopyOptions>());
    });
}

async function copy(name: string, options: CopyOptions): Promise<void> {
  const { convert: convertTo, oldPlayers: forOldPlayers, numbers: numbered } = options;
  const done = await withLibrary(options, async (session) => {
    const { id: playlistId } = await findPlaylist(session, name);
    const folder = fromUser(options.to);
    return await session.request('playlists.copyToFolder', {
      playlistId,
      folder,
      numbered,
      convertTo,
      forOldPlayers,
    });
  });
  for (const { path, reason } of done.failed) note(options, printable(`not copied: ${path}: ${reason}`));
  await printResult(
    options,
    done,
    () =>
      `${counted(done.copied, 'file')} copied, ${done.converted} converted, ${done.kept} there already, ` +
      `${done.failedCount} not copied: ${printable(done.folder)}`,
  );
}
