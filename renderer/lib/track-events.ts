/** What happened to a track, in words. */
import type { TrackEvent } from '#shared/domain.ts';
import { findingText } from './text/finding.ts';

const words = findingText.events;

export function describeEvent(event: TrackEvent): string {
  switch (event.kind) {
    case 'analysed':
      return words.analysed(event.modelVersion);
    case 'moved':
      return words.moved(event.from);
    case 'rated':
      return words.rated(event.from, event.to);
    case 'corrected':
      return words.corrected(event.genre, event.value);
    case 'failed':
      return words.failed(event.detail);
    case 'tagged':
      return words.tagged(event.undo, event.fields);
    default:
      return words[event.kind];
  }
}
