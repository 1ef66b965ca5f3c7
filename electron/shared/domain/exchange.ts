/** Handing lists and tracks over to other programs, and taking over what they know. */
/**
 * m3u8, xspf, jspf: playlists that players read. rekordbox: its XML. traktor: NML. virtualdj: its database XML; vdjfolder:
 * one of its lists. serato: a crate. mixxx: a CSV as Mixxx exports and imports it. csv, json: for tables and scripts.
 */
export const exportFormats = [
  'm3u8',
  'rekordbox',
  'traktor',
  'virtualdj',
  'vdjfolder',
  'serato',
  'mixxx',
  'csv',
  'json',
  'jspf',
  'xspf',
] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportFormatInfo {
  readonly name: string;
  /** With the dot; what a file is called by default. */
  readonly ending: string;
  /** One file holds a tree of folders and lists. Of the others each list is a file of its own. */
  readonly tree: boolean;
  /** Which of the user's and the analysis' words the format has room for. */
  readonly grid: boolean;
  readonly cues: boolean;
  readonly relative: boolean;
}

const plain = { tree: false, grid: false, cues: false, relative: false };
export const exportFormatInfos: Readonly<Record<ExportFormat, ExportFormatInfo>> = {
  m3u8: { ...plain, name: 'M3U8 playlist', ending: '.m3u8', relative: true },
  rekordbox: { name: 'rekordbox XML', ending: '.xml', tree: true, grid: true, cues: true, relative: false },
  traktor: { name: 'Traktor NML', ending: '.nml', tree: true, grid: true, cues: true, relative: false },
  virtualdj: { ...plain, name: 'VirtualDJ database', ending: '.xml', grid: true, cues: true },
  vdjfolder: { ...plain, name: 'VirtualDJ list', ending: '.vdjfolder' },
  serato: { ...plain, name: 'Serato crate', ending: '.crate' },
  mixxx: { ...plain, name: 'Mixxx crate (CSV)', ending: '.csv' },
  csv: { ...plain, name: 'CSV table', ending: '.csv' },
  json: { name: 'JSON', ending: '.json', tree: true, grid: true, cues: true, relative: false },
  jspf: { ...plain, name: 'JSPF playlist', ending: '.jspf', relative: true },
  xspf: { ...plain, name: 'XSPF playlist', ending: '.xspf', relative: true },
};

/** The beginning of a path here, and what stands for it on the computer (or for the program) that reads the file. */
export interface PathMapping {
  readonly from: string;
  readonly to: string;
}

/** A list, or several, that were written. */
export interface ExportedList {
  /** The file; the folder where each list became a file. */
  readonly file: string;
  readonly tracks: number;
  readonly leftOut: number;
  /** Files that were written: more than one where each list became a file. */
  readonly files: number;
}

export const copyConversions = ['wav', 'aiff', 'flac', 'mp3'] as const;
export type CopyConversion = (typeof copyConversions)[number];

export interface CopyProgress {
  readonly folder: string;
  readonly done: number;
  readonly total: number;
  /** Of the file that is in hand; empty at the end. */
  readonly name: string;
  readonly bytesDone: number;
  /** An estimate where files are converted. */
  readonly bytesTotal: number;
}

export interface CopiedList {
  readonly folder: string;
  readonly copied: number;
  readonly converted: number;
  /** Were there already, from an earlier time. */
  readonly kept: number;
  /** What could not be copied, and why; the first 200. */
  readonly failed: readonly { readonly trackId: number; readonly path: string; readonly reason: string }[];
  readonly failedCount: number;
  readonly bytes: number;
}

/** A place in a track that a person marked. Seconds as the track is heard here (docs/exchange.md). */
export interface TrackCue {
  readonly kind: 'cue' | 'loop' | 'fadeIn' | 'fadeOut' | 'load';
  readonly seconds: number;
  /** Of a loop. */
  readonly endSeconds: number | null;
  /** From 0 (A or 1 on pads); null: a memory cue. */
  readonly hotCue: number | null;
  readonly name: string;
  /** "#rrggbb" */
  readonly colour: string | null;
}

/** From `seconds` on, beats come at `bpm`; the first of them is beat `beat` (1 to beatsPerBar) of its bar. */
export interface GridMarker {
  readonly seconds: number;
  readonly bpm: number;
  readonly beat: number;
  readonly beatsPerBar: number;
}

/** What other programs knew of a track. */
export interface TrackMarks {
  readonly playCount: number | null;
  readonly colour: string | null;
  readonly cues: readonly TrackCue[];
  readonly grid: readonly GridMarker[];
  readonly source: ImportFormat;
}

export const importFormats = ['m3u', 'pls', 'rekordbox', 'traktor', 'serato', 'virtualdj', 'itunes'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** What of a file is taken over. */
export const importParts = ['playlists', 'ratings', 'playCounts', 'cues', 'grids', 'colours'] as const;
export type ImportPart = (typeof importParts)[number];

/** An entry of the file that is no track of the library. */
export interface UnmatchedEntry {
  /** Names it in `matches` and 'library.importCandidates'. */
  readonly entry: number;
  /** As the file says. */
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly durationSeconds: number | null;
  /** How often lists of the file hold it. */
  readonly uses: number;
}

export interface ImportCandidate {
  readonly trackId: number;
  /** 0..1 */
  readonly score: number;
  /** In words: "same title, same length". */
  readonly reason: string;
}

export interface ImportResult {
  readonly file: string;
  readonly format: ImportFormat;
  /** False: only looked at. */
  readonly applied: boolean;
  /** Different tracks that the file names. */
  readonly entries: number;
  readonly matchedByPath: number;
  readonly matchedByName: number;
  readonly matchedByHand: number;
  readonly unmatched: number;
  /** The first 1,000, those that most lists hold first. */
  readonly unmatchedEntries: readonly UnmatchedEntry[];
  /** Guessed from what paths have in common at their ends, or given. */
  readonly mappings: readonly PathMapping[];
  /** Of the file. */
  readonly playlists: number;
  readonly folders: number;
  /** Tracks that get (or got) a new value. */
  readonly ratings: number;
  readonly playCounts: number;
  readonly cues: number;
  readonly grids: number;
  readonly colours: number;
  /** The step that Undo takes back; null when nothing was changed. */
  readonly editId: number | null;
  /** What of the file could not be taken over, in sentences. */
  readonly warnings: readonly string[];
}
