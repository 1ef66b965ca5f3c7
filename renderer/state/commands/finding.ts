/** Commands of finding: genres, similar tracks, one track. */
import { findingText as words } from '../../lib/text/finding.ts';
import { selectedTracksOf } from '../selected-tracks.ts';
import type { Command } from './command.ts';
import type { CommandParts } from './parts.ts';

export function findingCommands({
  browser,
  inspector,
  similar,
  corrections,
}: CommandParts): readonly Command[] {
  const { list } = browser;
  const some = (): boolean => list.selection.size > 0;
  const amongSimilar = (): boolean => browser.place.kind === 'similar';
  return [
    {
      id: 'go.genres',
      group: 'go',
      title: words.genres,
      enabled: () => browser.place.kind !== 'genres',
      run: () => browser.go({ kind: 'genres', genre: null }),
    },
    {
      id: 'tracks.open',
      group: 'tracks',
      title: words.openTrack,
      keys: ['T'],
      enabled: () => inspector.trackId !== null && browser.place.kind !== 'track',
      run: () => {
        const { trackId } = inspector;
        if (trackId !== null) return browser.go({ kind: 'track', trackId });
      },
    },
    {
      id: 'tracks.correct',
      group: 'tracks',
      title: words.correct,
      keys: ['G'],
      enabled: () => some() || browser.place.kind === 'track',
      run: () => corrections.openFor(browser),
    },
    {
      id: 'similar.more',
      group: 'tracks',
      title: words.moreLike,
      keys: ['Y'],
      sheet: words.moreOrLess,
      enabled: () => amongSimilar() && some(),
      run: () => similar.addMore(selectedTracksOf(list)),
    },
    {
      id: 'similar.less',
      group: 'tracks',
      title: words.lessLike,
      keys: ['N'],
      sheet: words.moreOrLess,
      enabled: () => amongSimilar() && some(),
      run: () => similar.addLess(selectedTracksOf(list)),
    },
    {
      id: 'similar.audition',
      group: 'play',
      title: words.audition,
      keys: ['A'],
      enabled: amongSimilar,
      run: () => similar.setAuditioning(!similar.auditioning),
    },
  ];
}
