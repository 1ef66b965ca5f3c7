/** How proposals look on a terminal and in JSON, and how long lists of them are read. */
import type { Input, Output } from '#shared/contract.ts';
import type { TagBatch, TagProposal, TagWrite, Track, UndoConflict, UndoSummary } from '#shared/domain.ts';
import { counted, isPipeGone, printable } from './output.ts';
import type { Session } from './session.ts';

/** Rows of one request. */
const PAGE = 500;

export interface ReviewedProposal {
  readonly track: Track;
  readonly proposal: TagProposal;
}

type ReviewFilter = Omit<Input<'tags.review'>, 'offset' | 'limit' | 'groupBy'> & {
  readonly state: TagProposal['state'];
};

/** All proposals of the queue that fit, by folder. */
export async function* reviewed(session: Session, filter: ReviewFilter): AsyncGenerator<ReviewedProposal> {
  // What somebody decides meanwhile moves the pages: nothing is printed twice.
  const seen = new Set<number>();
  for (let offset = 0; ; offset += PAGE) {
    const page = await session.request('tags.review', { ...filter, groupBy: 'folder', offset, limit: PAGE });
    for (const { track, proposals } of page.rows) {
      for (const proposal of proposals) {
        if (seen.has(proposal.id) || !fits(proposal, filter)) continue;
        if (isPipeGone()) return;
        seen.add(proposal.id);
        yield { track, proposal };
      }
    }
    if (page.rows.length === 0 || offset + page.rows.length >= page.total) return;
  }
}

/** A row of the queue has all proposals of its track. */
function fits(proposal: TagProposal, { state, field, minimumConfidence }: ReviewFilter): boolean {
  return (
    proposal.state === state &&
    (field === undefined || proposal.field === field) &&
    proposal.confidence >= (minimumConfidence ?? 0)
  );
}

export function proposalValue({ track, proposal }: ReviewedProposal): unknown {
  const { path, title, artist } = track;
  return { ...proposal, path, title, artist };
}

/** "  82 %  genre     (empty) → House  /music/a.mp3" */
export function proposalLine({ track, proposal }: ReviewedProposal): string {
  const { field, old, proposed, confidence, problem } = proposal;
  const sure = `${Math.round(confidence * 100)} %`.padStart(5);
  const problemText = problem === null ? '' : `  [${problem.code}]`;
  return `${sure}  ${field.padEnd(8)}  ${valuesText(old)} → ${valuesText(proposed)}  ${printable(track.path)}${problemText}`;
}

/** "House, Techno"; "(empty)" where there is nothing. */
export function valuesText(values: readonly string[]): string {
  return values.length === 0 ? '(empty)' : values.map(printable).join(', ');
}

export function proposeText(summary: Output<'tags.propose'>): string {
  const { tracks, proposals, unchanged, withdrawn, withoutProposal } = summary;
  const reasons = [
    [withoutProposal.nothingToDo, 'nothing to do'],
    [withoutProposal.unknown, 'nothing fits well enough'],
    [withoutProposal.notAnalysed, 'not analysed'],
    [withoutProposal.missing, 'missing'],
    [withoutProposal.offline, 'offline'],
  ] as const;
  const without = reasons
    .filter(([count]) => count > 0)
    .map(([count, reason]) => `${count.toLocaleString('en')} ${reason}`);
  const lines = [
    `${counted(tracks, 'track')}: ${counted(proposals, 'new or changed proposal')}, ${unchanged.toLocaleString('en')} as before, ${withdrawn.toLocaleString('en')} withdrawn.`,
    ...(without.length === 0 ? [] : [`Without a proposal: ${without.join(', ')}.`]),
    '“cratewise tag review” lists them, “cratewise tag apply” writes them.',
  ];
  return lines.join('\n');
}

/** "Batch 3, 2026-11-21 18:05: 12 of 14 files written, 2 failed, 1 undone since" */
export function batchText({ id, at, kind, state, files, written, failed, undone }: TagBatch): string {
  const verb = kind === 'write' ? 'written' : 'put back';
  const parts = [
    `${written.toLocaleString('en')} of ${counted(files, 'file')} ${verb}`,
    ...(failed > 0 ? [`${failed.toLocaleString('en')} failed`] : []),
    ...(undone > 0 ? [`${undone.toLocaleString('en')} undone since`] : []),
    ...(state === 'done' ? [] : [state === 'running' ? 'not finished' : 'stopped']),
  ];
  return `Batch ${id}, ${timeText(at)}: ${parts.join(', ')}`;
}

/** "  17  genre  (empty) → House  written  /music/a.mp3" and, below, why not. */
export function writeText({ id, at, field, before, after, state, path, problem }: TagWrite): string {
  const line = `${String(id).padStart(6)}  ${timeText(at)}  ${field.padEnd(8)}  ${valuesText(before)} → ${valuesText(after)}  ${state}  ${printable(path)}`;
  return problem === null ? line : `${line}\n    ${problem.code}: ${printable(problem.detail)}`;
}

/** @param isDone false: it only says what would be */
export function undoText({ restored, files, conflicts, failed }: UndoSummary, isDone: boolean): string {
  const what = `${counted(restored, 'field')} of ${counted(files, 'file')}`;
  return [
    isDone ? `${what} put back.` : `${what} would be put back.`,
    ...conflicts.map(conflictText),
    ...failed.map(
      ({ path, problem }) => `${printable(path)}\n    ${problem.code}: ${printable(problem.detail)}`,
    ),
  ].join('\n');
}

function conflictText({ path, field, before, written, now }: UndoConflict): string {
  return `${printable(path)}\n    ${field} was changed elsewhere and is left alone: before ${valuesText(before)}, written ${valuesText(written)}, now ${valuesText(now)}`;
}

/** Local time: "2026-11-21 18:05". */
function timeText(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
