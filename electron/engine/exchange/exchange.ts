/** Exchange with other programs: all its requests. */
import type { EventName, Events } from '#shared/contract.ts';
import type { Edits } from '#engine/edits.ts';
import type { Storage } from '#engine/storage/open.ts';
import type { CompileQuery } from '#engine/track-queries.ts';
import { createCopyToFolder } from './copy/copy.handlers.ts';
import type { Convert } from './copy/copy.handlers.ts';
import { createExportHandlers } from './export.handlers.ts';
import { createImportHandlers } from './import/import.handlers.ts';

export interface ExchangeOptions {
  readonly storage: Storage;
  readonly compile: CompileQuery;
  readonly edits: Edits;
  /** Lists of tracks have changed. */
  readonly changed: () => void;
  readonly publish: <Name extends EventName>(name: Name, payload: Events[Name]) => void;
  readonly convert: Convert;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Of Cratewise. */
  readonly version: string;
}

type ExchangeHandlers = ReturnType<typeof createExportHandlers> &
  ReturnType<typeof createImportHandlers> &
  ReturnType<typeof createCopyToFolder>;

export function createExchange(options: ExchangeOptions): ExchangeHandlers {
  return {
    ...createExportHandlers(options),
    ...createCopyToFolder(options),
    ...createImportHandlers({
      ...options,
      tellLists: () => options.publish('playlists.changed', { playlistId: null }),
    }),
  };
}
