/** A library, its exchange requests, and the fields of a track that every format is tried with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handlers, Input } from '#shared/contract.ts';
import type { ExportedList, ImportResult, TrackCue } from '#shared/domain.ts';
import { createEdits } from '#engine/edits.ts';
import type { Edits } from '#engine/edits.ts';
import { openFilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import type { FilledLibrary } from '#engine/storage/filled-library.fixture.ts';
import { createCompileQuery } from '#engine/track-queries.ts';
import { createExportHandlers } from './export.handlers.ts';
import { createImportHandlers } from './import/import.handlers.ts';
import { emptyTrack } from './model.ts';
import type { ExchangeDocument, ExchangeTrack } from './model.ts';

export const signal = new AbortController().signal;

/** Names that break what is put together without care. */
export const hostileNames = [
  `"quoted" & <b>bold</b> 'single'`,
  '=HYPERLINK("http://x","y")',
  '@SUM(1)',
  '\u202Egnp.exe',
  '../../etc/passwd',
  '..\\..\\windows',
  ']]>&#0;&amp;',
  'tab\there, line\nbreak',
  '\u0001\u0008control',
  'x'.repeat(500),
  '羊 Ünïcödé 🎧',
  'lone \ud800 surrogate',
  ' spaces ',
  'a%%b',
  'CON',
];

export function cue(seconds: number, more: Partial<TrackCue> = {}): TrackCue {
  return { kind: 'cue', seconds, endSeconds: null, hotCue: null, name: '', colour: null, ...more };
}

/** Everything that a track can have. */
export function fullTrack(id: number, path: string, more: Partial<ExchangeTrack> = {}): ExchangeTrack {
  return {
    ...emptyTrack,
    id,
    path,
    title: 'Änderung & <mehr>',
    artist: '羊',
    album: 'The "Album"',
    albumArtist: 'Various',
    genre: 'House; Deep House',
    comment: "it's 100 %",
    year: 1999,
    trackNumber: 7,
    discNumber: 2,
    durationSeconds: 245.5,
    bitrateKbps: 320,
    sampleRateHz: 44_100,
    sizeBytes: 9_830_400,
    addedAt: Date.UTC(2024, 4, 17),
    rating: 4,
    playCount: 12,
    colour: '#ff0000',
    bpm: 127.98,
    key: '8A',
    grid: [{ seconds: 0.125, bpm: 127.98, beat: 3, beatsPerBar: 4 }],
    cues: [
      cue(1.5, { hotCue: 0, name: 'Intro <1>', colour: '#28e214' }),
      cue(61.25, { kind: 'loop', endSeconds: 69.125, hotCue: 1, name: 'Loop' }),
      cue(120, { name: 'memory' }),
    ],
    ...more,
  };
}

export function documentOf(tracks: readonly ExchangeTrack[]): ExchangeDocument {
  const ids = tracks.map(({ id }) => id);
  return {
    tracks,
    lists: [
      {
        name: 'Folder & Co',
        kind: 'folder',
        lists: [
          { name: 'Friday', kind: 'playlist', lists: [], trackIds: [...ids, ...ids.slice(0, 1)] },
          { name: 'Empty', kind: 'folder', lists: [], trackIds: [] },
        ],
        trackIds: [],
      },
      { name: 'Top', kind: 'playlist', lists: [], trackIds: ids.slice(-1) },
    ],
  };
}

export function textOfPieces(pieces: Iterable<string | Uint8Array>): string {
  return Buffer.concat([...pieces].map((piece) => Buffer.from(piece as string))).toString('utf8');
}

export interface ExchangeLibrary {
  readonly library: FilledLibrary;
  /** For files that are written and read. */
  readonly folder: string;
  readonly edits: Edits;
  readonly exports: ReturnType<typeof createExportHandlers>;
  exportLibrary(input: Input<'library.export'>): Promise<ExportedList>;
  import(input: Partial<Input<'library.import'>> & { readonly file: string }): Promise<ImportResult>;
  /** Writes a file into the folder; gives its path. */
  put(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function openExchangeLibrary(): ExchangeLibrary {
  const library = openFilledLibrary();
  const { storage } = library;
  const folder = mkdtempSync(join(tmpdir(), 'cratewise-exchange-'));
  const nothing = (): void => {};
  const edits = createEdits({ storage, publish: nothing, changed: nothing, clock: () => 5 });
  const compile = createCompileQuery(storage.database, Date.now);
  const exports = createExportHandlers({ storage, compile, version: '0.0.0' });
  const imports: Pick<Handlers, 'library.import' | 'library.importCandidates'> = createImportHandlers({
    storage,
    edits,
    changed: nothing,
    tellLists: nothing,
    clock: () => 5,
  });
  return {
    library,
    folder,
    edits,
    exports,
    exportLibrary: async (input) => await exports['library.export'](input, { signal }),
    import: async (input) => await imports['library.import'](input, { signal }),
    put(name, content) {
      const file = join(folder, name);
      writeFileSync(file, content);
      return file;
    },
    remove() {
      library.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
