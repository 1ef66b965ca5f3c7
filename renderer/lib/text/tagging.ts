/** Proposing, reviewing, writing and undoing tags. */
import type {
  BatchKind,
  ProposalState,
  ProposeSummary,
  ReviewGrouping,
  TagField,
  TagItemChange,
  TagPreview,
  WriteState,
} from '#shared/domain.ts';
import { formatCount } from '../format.ts';
import { counted, tracks } from './counted.ts';

const fields: Readonly<Record<TagField, string>> = {
  genre: 'Genre',
  mood: 'Mood',
  grouping: 'Grouping',
  bpm: 'BPM',
  initialKey: 'Key',
  energy: 'Energy',
};
const states: Readonly<Record<ProposalState, string>> = {
  open: 'To review',
  accepted: 'Accepted',
  rejected: 'Rejected',
  written: 'Written',
};
const marks: Readonly<Record<ProposalState, string>> = {
  open: 'to review',
  accepted: 'accepted',
  rejected: 'rejected',
  written: 'written',
};
const groupings: Readonly<Record<ReviewGrouping, string>> = {
  none: 'Surest first',
  album: 'By album',
  artist: 'By artist',
  folder: 'By folder',
};
const changes: Readonly<Record<TagItemChange['change'], string>> = {
  added: 'added',
  changed: 'changed',
  removed: 'removed',
};
const methods: Readonly<Record<TagPreview['method'], string>> = {
  'in-place': 'Written inside the file, into the room its tag has left. The file stays the same file.',
  rewrite:
    'The new tag needs more room: a new file is made beside the old one, checked, and takes its place in one step.',
  nothing: 'The file says this already. Nothing is written.',
};
const writeStates: Readonly<Record<WriteState, string>> = {
  planned: 'not written yet',
  waiting: 'waits for the player',
  written: 'written',
  failed: 'not written',
  undone: 'undone',
};
const batchKinds: Readonly<Record<BatchKind, string>> = { write: 'Written', undo: 'Undone' };
const files = (count: number): string => counted(count, 'file', 'files');
const fieldsOf = (count: number): string => counted(count, 'field', 'fields');

export const taggingText = {
  place: 'Tag review',
  history: 'History of written tags',
  fields,
  files,
  nothingThere: 'empty',
  becomes: 'becomes',
  added: 'added:',
  removed: 'taken away:',
  newOrder: 'new order',

  pages: { label: 'Review and history', review: 'Review', history: 'History' },

  states,
  marks,
  stateFilter: 'Which proposals',
  fieldFilter: 'Field',
  allFields: 'All fields',
  grouping: 'Order',
  groupings,
  list: (state: ProposalState): string => `Proposals: ${marks[state]}`,
  columns: {
    mark: 'Decided',
    track: 'Track',
    group: 'Group',
    album: 'Album',
    artist: 'Artist',
    folder: 'Folder',
    change: 'Change',
    confidence: 'Confidence',
  },
  noGroup: { album: 'No album', artist: 'No artist', folder: 'No folder' },
  edited: 'changed by you',
  rowProblem: 'The last attempt failed',
  position: (index: number, total: number): string => `${formatCount(index)} of ${formatCount(total)}`,

  propose: 'Propose tags …',
  proposeButton: 'Propose tags',
  proposeAll: 'Propose for the whole library',
  proposeAgain: 'Propose again',
  proposeHint: 'Compares what the analysis heard with what the files say. Nothing is written.',
  proposing: 'Comparing …',
  proposed: (summary: ProposeSummary): string => {
    const { notAnalysed, unknown, nothingToDo, missing, offline } = summary.withoutProposal;
    const away = missing + offline;
    const reasons = [
      ...(nothingToDo > 0 ? [`${tracks(nothingToDo)} that need nothing`] : []),
      ...(unknown > 0 ? [`${tracks(unknown)} of no sure genre`] : []),
      ...(notAnalysed > 0 ? [`${tracks(notAnalysed)} not analysed yet`] : []),
      ...(away > 0 ? [`${tracks(away)} that are away`] : []),
    ];
    const found =
      summary.proposals > 0
        ? `${counted(summary.proposals, 'new proposal', 'new proposals')} from ${tracks(summary.tracks)}.`
        : `Nothing new to propose for ${tracks(summary.tracks)}.`;
    return reasons.length === 0 ? found : `${found} Without one: ${reasons.join(', ')}.`;
  },
  undoShort: 'Undo',
  openReview: 'Review',

  actions: {
    accept: 'Accept',
    acceptNext: 'Accept, next proposal',
    reject: 'Reject',
    rejectNext: 'Reject, next proposal',
    edit: 'Edit values',
    reopen: 'Back to review',
    acceptThisGroup: 'Accept the whole group',
    rejectThisGroup: 'Reject the whole group',
    undo: 'Undo the decision',
    play: 'Play',
    above: 'Accept above …',
    write: (count: number): string => `Write ${formatCount(count)} accepted …`,
    writeNone: 'Write …',
    settings: 'Settings of tags',
    refreshPreview: 'Look again',
  },
  undone: (count: number): string => `${counted(count, 'decision', 'decisions')} taken back.`,
  decided: (state: 'accepted' | 'rejected', count: number): string =>
    `${counted(count, 'proposal', 'proposals')} ${state}.`,

  empty: {
    first: 'Bring what was heard into your files',
    firstHint:
      'Cratewise can write the genres it heard into the tags of your files, so that every program knows them. It proposes first, you decide, and every change can be taken back.',
    firstRun: 'Genres come first',
    firstRunHint: 'Proposals are made from what the analysis hears. Add music, and let it be analysed.',
    open: 'Everything is decided',
    openHint: (accepted: number): string =>
      accepted === 0
        ? 'No proposal waits. Propose again when more is analysed, or when the settings changed.'
        : `${counted(accepted, 'proposal is', 'proposals are')} accepted and can be written.`,
    accepted: 'Nothing is accepted yet',
    acceptedHint: 'What you accept waits here until you write it. No file is touched before.',
    rejected: 'Nothing is rejected',
    rejectedHint: 'What you reject is kept here, and is not proposed again.',
    written: 'Nothing is written yet',
    writtenHint: 'Accepted proposals stand here once they are in the files.',
    filtered: 'No proposal fits',
    filteredHint: 'Choose another field.',
    history: 'No file was changed yet',
    historyHint: 'Every write is listed here, with what stood there before and a way back.',
  },

  detail: {
    keysHint: 'A accepts, R rejects, E edits, Z takes back',
    label: 'The proposal in detail',
    none: 'Choose a proposal to see why it is made, and what exactly would change in the file.',
    evidence: 'Why',
    sure: (label: string, value: string, percent: string): string =>
      label === value ? `${percent} sure of ${label}` : `${percent} sure of ${label}, written “${value}”`,
    writtenAs: (value: string): string => `as “${value}”`,
    byYou: 'You chose these values.',
    timeline: 'When it sounds so',
    neighbours: 'Nearest tracks',
    preview: 'What changes in the file',
    previewing: 'Looking into the file …',
    noNeighbours: 'No similar track is analysed yet.',
    methods,
    items: 'Parts of the tag that change',
    change: changes,
    kept: (items: number, audio: string): string =>
      `${counted(items, 'other item', 'other items')} and ${audio} of audio stay byte for byte.`,
    size: (before: string, after: string): string =>
      before === after ? `The file keeps its size: ${after}.` : `${before} becomes ${after}.`,
    openTrack: 'Everything about this track',
  },

  editor: {
    title: (field: string): string => `Edit ${field.toLowerCase()}`,
    values: 'Values',
    add: 'Add a value',
    remove: (value: string): string => `Remove ${value}`,
    hint: 'Enter adds a value. With an empty field, Enter accepts what stands here; Backspace takes the last value away.',
    suggestions: 'Genres of your library and of the model',
    accept: 'Accept these values',
    needsOne: 'Give at least one value. To leave the field as it is, reject the proposal.',
  },

  above: {
    title: 'Accept everything above a confidence',
    lead: 'Only proposals that still wait are accepted. Nothing is written yet, and it can be taken back.',
    from: 'From this confidence on',
    value: (percent: string): string => `from ${percent}`,
    count: (count: number, trackCount: number): string =>
      `${counted(count, 'proposal', 'proposals')} for ${tracks(trackCount)}`,
    none: 'No open proposal is so sure.',
    sample: 'A sample of them',
    sampleHint: 'The least sure foremost. Look before you accept.',
    accept: (count: number): string => `Accept ${formatCount(count)}`,
    counting: 'Counting …',
  },

  write: {
    title: (count: number): string => `Write tags into ${files(count)}?`,
    lead: 'This is what will happen:',
    fields: (field: string, count: number): string => `${field}: ${files(count)}`,
    inPlace: (count: number): string =>
      `${files(count)} written inside the file, where the tag has room: times and links stay.`,
    anew: (count: number): string =>
      `${files(count)} written anew beside the old one, and put in its place in one step.`,
    methodUnknown:
      'Inside the file where its tag has room; else a new file is made beside the old one and takes its place in one step.',
    sample: (looked: number, inPlace: number, anew: number): string =>
      `Of ${files(looked)} looked into, ${formatCount(inPlace)} inside the file, ${formatCount(anew)} anew.`,
    checked:
      'Every file is read again and compared before it counts: all other tags and the audio must be byte for byte the same, or nothing is changed.',
    changedFiles: 'A file that changed since it was read is left alone and listed.',
    undo: 'Everything can be taken back in the history, by field, by file or as a whole, at any later time.',
    go: (count: number): string => `Write ${files(count)}`,
    estimate: 'Looking at the files …',
    refused: (count: number): string => `${files(count)} cannot be written now:`,
  },

  progress: {
    section: 'Tags',
    idle: 'No tags are being written.',
    idleHint: 'What you accept in the tag review is written from there.',
    writing: (done: number, all: number): string => `Writing tags: ${formatCount(done)} of ${files(all)}`,
    undoing: (done: number, all: number): string => `Taking tags back: ${formatCount(done)} of ${files(all)}`,
    waiting: (count: number): string => `${counted(count, 'file waits', 'files wait')}: the player holds it.`,
    letGo: 'Let go in the player',
    failed: (count: number): string => `${files(count)} not written`,
    left: (span: string): string => `${span} left`,
    meter: 'Progress of writing tags',
    resume: 'Go on writing',
    cancel: 'Stop writing',
    cancelHint: 'The file in hand is finished. The others stay accepted and can be written later.',
    done: (done: number): string => `Tags written into ${files(done)}.`,
    doneFailed: (done: number, failed: number): string =>
      `Tags written into ${files(done)}; ${files(failed)} could not be written.`,
    unfinished: (left: number): string => `Writing tags was interrupted: ${files(left)} to go`,
    showHistory: 'Show in the history',
    failures: 'Files that could not be written',
    retry: 'Try these again',
  },

  historyPage: {
    batches: 'Writes, newest first',
    writes: (batch: string): string => `What was written: ${batch}`,
    batch: (kind: BatchKind, when: string): string => `${batchKinds[kind]} ${when}`,
    summary: (kind: BatchKind, written: number, failed: number): string =>
      `${files(written)} ${kind === 'write' ? 'written' : 'taken back'}${failed > 0 ? `, ${formatCount(failed)} not` : ''}`,
    undone: (undone: number, written: number): string =>
      undone >= written ? 'all taken back' : `${formatCount(undone)} taken back`,
    unfinished: 'Not finished',
    unfinishedHint: (left: number): string =>
      `Cratewise was interrupted while it wrote. No file is damaged: ${files(left)} of this batch were not reached. Finish it, or take back what was written.`,
    running: 'being written now',
    continue: 'Finish writing',
    undoBatch: 'Undo this batch …',
    undoBatchAgain: 'Write it again …',
    undoFile: 'Undo in this file …',
    undoField: (field: string): string => `Undo ${field.toLowerCase()} …`,
    states: writeStates,
    before: 'Before',
    after: 'After',
    file: 'File',
    none: 'Choose a batch to see its files.',
    columns: { file: 'File', field: 'Field', change: 'Change', state: 'State' },
    retry: 'Try the failed files again',
    more: 'Show older ones',
  },

  undo: {
    title: 'Undo what was written?',
    titleAgain: 'Take the undo back?',
    looking: 'Looking into the files …',
    restores: (fieldCount: number, fileCount: number): string =>
      `${fieldsOf(fieldCount)} in ${files(fileCount)} get back what stood there before.`,
    nothing: 'Nothing can go back: no file holds what was written.',
    conflicts: (count: number): string =>
      `${fieldsOf(count)} changed since and ${count === 1 ? 'is' : 'are'} left alone:`,
    conflictBefore: 'Before Cratewise wrote',
    conflictWritten: 'Cratewise wrote',
    conflictNow: 'In the file now',
    failed: (count: number): string => `${files(count)} cannot be undone now:`,
    go: (count: number): string => `Undo ${fieldsOf(count)}`,
    done: (fieldCount: number, fileCount: number): string =>
      `${fieldsOf(fieldCount)} in ${files(fileCount)} are as before.`,
    conflictsLeft: (count: number): string =>
      `${fieldsOf(count)} changed since by another hand and ${count === 1 ? 'was' : 'were'} left alone.`,
    more: (count: number): string => `and ${formatCount(count)} more`,
  },

  trackHistory: {
    title: 'Changes in the file',
    undo: (field: string): string => `Undo: ${field}`,
  },

  commands: {
    review: 'Tag review',
    history: 'History of written tags',
    propose: 'Propose tags for the selected tracks',
    proposeAll: 'Propose tags for the whole library',
    write: 'Write accepted tags',
    above: 'Accept tags above a confidence',
    stop: 'Stop writing tags',
    undoLast: 'Undo the last write of tags',
  },

  keys: {
    group: 'In the tag review',
    accept: 'Accept, and go to the next',
    reject: 'Reject, and go to the next',
    edit: 'Edit the values',
    field: 'One field of the track alone',
    wholeGroup: 'Accept or reject the whole group',
    reopen: 'Back to what is to be reviewed',
    undo: 'Take the last decision back',
    play: 'Play the track, or pause it',
    move: 'Next or previous proposal',
    details: 'To the details, and back to the list',
  },
} as const;
