/** Commands on tags of files. The keys of the review itself stand in the sheet of keys: they hold only there. */
import { taggingText } from '../../lib/text/tagging.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

const words = taggingText.commands;

export function taggingCommands({ browser, dialogs, library, tagging }: CommandParts): readonly Command[] {
  const { review, writing } = tagging;
  const at = (page: 'review' | 'history'): boolean =>
    browser.place.kind === 'tagging' && browser.place.page === page;
  const hasRow = (): boolean => at('review') && review.focused !== undefined;
  const actions = taggingText.actions;
  return [
    {
      id: 'go.tag-review',
      group: 'tags',
      title: words.review,
      keys: ['W'],
      enabled: () => !at('review'),
      run: () => tagging.openReview(),
    },
    {
      id: 'go.tag-history',
      group: 'tags',
      title: words.history,
      keys: ['Shift+W'],
      enabled: () => !at('history'),
      run: () => browser.go({ kind: 'tagging', page: 'history' }),
    },
    {
      id: 'tags.propose',
      group: 'tags',
      title: words.propose,
      keys: ['Shift+T'],
      enabled: () =>
        !tagging.proposing && (browser.list.selection.size > 0 || browser.place.kind === 'track'),
      run: () => tagging.proposeForSelection(),
    },
    {
      id: 'tags.propose-all',
      group: 'tags',
      title: words.proposeAll,
      enabled: () => !tagging.proposing && library.counts.all > 0,
      run: () => tagging.propose({}),
    },
    {
      id: 'tags.accept',
      group: 'tags',
      title: actions.acceptNext,
      enabled: hasRow,
      run: () => tagging.decide('accept'),
    },
    {
      id: 'tags.reject',
      group: 'tags',
      title: actions.rejectNext,
      enabled: hasRow,
      run: () => tagging.decide('reject'),
    },
    {
      id: 'tags.edit',
      group: 'tags',
      title: actions.edit,
      enabled: hasRow,
      run: () => tagging.editFocused(),
    },
    {
      id: 'tags.above',
      group: 'tags',
      title: words.above,
      enabled: () => review.counts.open > 0,
      run: () => dialogs.show({ kind: 'accept-tags-above' }),
    },
    {
      id: 'tags.write',
      group: 'tags',
      title: words.write,
      keys: ['Mod+Enter'],
      enabled: () => review.counts.accepted > 0 && writing.progress === null,
      run: () => tagging.askToWrite(),
    },
    {
      id: 'tags.stop',
      group: 'tags',
      title: words.stop,
      enabled: () => writing.progress !== null,
      run: () => tagging.stop(),
    },
    {
      id: 'tags.undo-last',
      group: 'tags',
      title: words.undoLast,
      enabled: () => writing.undoable !== null && writing.progress === null,
      run: () => {
        const batch = writing.undoable;
        if (batch !== null) tagging.askToUndo({ batchId: batch.id });
      },
    },
  ];
}
