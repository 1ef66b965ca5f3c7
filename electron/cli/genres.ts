/** `cratewise genres` */
import type { Command } from 'commander';
import type { GenreList } from '#shared/domain.ts';
import type { GlobalOptions } from './global-options.ts';
import { confidence } from './global-options.ts';
import { counted, printList, printResult, printable, table } from './output.ts';
import { withLibrary } from './session.ts';

interface GenreOptions extends GlobalOptions {
  readonly minConfidence?: number;
}

export function addGenresCommand(program: Command): void {
  program
    .command('genres')
    .description('how many tracks there are of each genre')
    .option(
      '--min-confidence <c>',
      "confidence from which a track counts (default: each genre's own)",
      confidence,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GenreOptions>();
      const { minConfidence: minimumConfidence } = options;
      const list = await withLibrary(options, (session) =>
        session.request('genres.list', { minimumConfidence }),
      );
      if (options.ndjson === true)
        await printList(
          options,
          list.genres,
          (genre) => genre,
          () => '',
        );
      else await printResult(options, list, () => genreTable(list));
    });
}

/** Families with their styles, the most frequent first; genres that no track has are left out. */
export function genreTable({ genres, unknownCount, analysedCount, earlierCount }: GenreList): string {
  const byCount = genres.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
  const shown = new Set(byCount.map(({ id }) => id));
  // A style whose family is not in the list stands for itself.
  const tops = byCount.filter(({ parent }) => parent === null || !shown.has(parent));
  const rows = tops.flatMap((top) => [
    [printable(top.name), top.count.toLocaleString('en')],
    ...byCount
      .filter(({ parent }) => parent === top.id)
      .map((style) => [`  ${printable(style.name)}`, style.count.toLocaleString('en')]),
  ]);
  if (unknownCount > 0) rows.push(['(no genre fits)', unknownCount.toLocaleString('en')]);
  const earlier =
    earlierCount === 0 ? '' : `, ${earlierCount.toLocaleString('en')} of them by an earlier model`;
  const summary = `${counted(analysedCount, 'track')} analysed${earlier}`;
  return rows.length === 0 ? summary : `${table(rows, [1])}\n${summary}`;
}
