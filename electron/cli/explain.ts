/** `cratewise explain TRACK [--genre G]` */
import type { Command } from 'commander';
import type { Track } from '#shared/domain.ts';
import type { Explanation } from '#shared/explanation.ts';
import { describeError } from './describe-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { describeExplanation } from './explanation-text.ts';
import { defaultFields, pick } from './fields.ts';
import type { GlobalOptions } from './global-options.ts';
import { interrupt } from './interrupt.ts';
import { note, printList, printResult } from './output.ts';
import { createProgress } from './progress.ts';
import { findTrack, readReferences } from './references.ts';
import { withLibrary } from './session.ts';
import type { Session } from './session.ts';

interface ExplainOptions extends GlobalOptions {
  readonly genre?: string;
}

interface Explained {
  readonly track: Track;
  readonly explanation: Explanation;
}

export function addExplainCommand(program: Command, ends: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('what speaks for a genre: when in the track, at which frequencies, beside which tracks')
    .argument('<track>', 'path or id; - for one a line of stdin')
    .option('--genre <genre>', 'name or id, for example: House (default: the one the model is surest of)')
    .action(async (reference: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExplainOptions>();
      if (reference === '-') {
        ends(await explainList(options));
        return;
      }
      const [explained] = await explainAll(options, [reference], (error) => {
        throw error;
      });
      if (explained !== undefined)
        await printResult(options, toValue(explained), () => describeExplanation(explained));
    });
}

/** A list is not given up for one track that cannot be explained; the exit code tells of it. */
async function explainList(options: ExplainOptions): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const explained = await explainAll(options, await readReferences(['-']), (error, reference) => {
    code = exitCodes.failure;
    note(options, `${reference}: ${describeError(error)}`);
  });
  await printList(options, explained, toValue, (one) => `${describeExplanation(one)}\n`);
  return code;
}

async function explainAll(
  options: ExplainOptions,
  references: readonly string[],
  onError: (error: unknown, reference: string) => void,
): Promise<readonly Explained[]> {
  const progress = createProgress(options.quiet === true);
  let done = 0;
  const tell = (): void =>
    progress.update({
      phase: 'Listening again',
      done,
      total: references.length,
      tracksPerMinute: null,
      secondsLeft: null,
    });
  const timer = setInterval(tell, 1000);
  try {
    return await withLibrary(options, async (session) => {
      const explained: Explained[] = [];
      for (done = 0; done < references.length; done += 1) {
        const reference = references[done] as string;
        tell();
        try {
          explained.push(await explain(session, reference, options.genre));
        } catch (error) {
          if (interrupt().signal.aborted) throw error;
          onError(error, reference);
        }
      }
      return explained;
    });
  } finally {
    clearInterval(timer);
    progress.stop();
  }
}

async function explain(session: Session, reference: string, genre: string | undefined): Promise<Explained> {
  const track = await findTrack(session, reference);
  const input = { trackId: track.id, ...(genre === undefined ? {} : { genre }) };
  return { track, explanation: await session.request('explain.track', input) };
}

function toValue({ track, explanation }: Explained): unknown {
  const { trackId, neighbours, ...rest } = explanation;
  return {
    id: trackId,
    path: track.path,
    ...rest,
    neighbours: {
      ...neighbours,
      tracks: neighbours.tracks.map(({ track: other, ...why }) => ({
        ...why,
        ...pick(other, null, defaultFields),
      })),
    },
  };
}
