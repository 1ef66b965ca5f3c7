/** From a document to the pieces of a file, whatever the format. */
import path from 'node:path';
import type { ExportFormat } from '#shared/domain.ts';
import { formatCsv, formatMixxxCsv } from './formats/csv.ts';
import { formatJson, formatJspf } from './formats/json.ts';
import { formatM3u8 } from './formats/m3u8.ts';
import { formatRekordbox } from './formats/rekordbox.ts';
import { formatSeratoCrate } from './formats/serato.ts';
import { formatTraktor } from './formats/traktor.ts';
import { formatVdjFolder, formatVirtualDj } from './formats/virtualdj.ts';
import { formatXspf } from './formats/xspf.ts';
import type { TimingProgram } from './mp3-timing.ts';
import type { ExchangeDocument, ExchangeTrack } from './model.ts';
import { encodePath, fileUrl } from './paths.ts';

/** Whose clock the times of a format follow; null: it holds none. */
export const programOf: Readonly<Record<ExportFormat, TimingProgram | null>> = {
  m3u8: null,
  rekordbox: 'rekordbox',
  traktor: 'traktor',
  virtualdj: 'virtualdj',
  vdjfolder: null,
  serato: null,
  mixxx: null,
  csv: null,
  json: 'json',
  jspf: null,
  xspf: null,
};

export interface WriteOptions {
  /** Of the list, or of what is written as one. */
  readonly name: string;
  /** Rows in order, for formats without a tree: a track as often as it is there. */
  readonly rows: readonly ExchangeTrack[];
  /** Rows are a set without order. */
  readonly isCrate: boolean;
  /** The folder that paths shall be relative to; null: absolute. */
  readonly relativeTo: string | null;
  /** Of Cratewise. */
  readonly version: string;
}

export function piecesOf(
  format: ExportFormat,
  document: ExchangeDocument,
  options: WriteOptions,
): Iterable<string | Uint8Array> {
  const { name, rows, relativeTo, version } = options;
  const location = (track: ExchangeTrack): string => {
    if (relativeTo === null) return fileUrl(track.path);
    const own = path.relative(relativeTo, track.path);
    return path.isAbsolute(own) ? fileUrl(track.path) : encodePath(own.split(path.sep).join('/'));
  };
  switch (format) {
    case 'm3u8':
      return [formatM3u8(rows, relativeTo)];
    case 'rekordbox':
      return formatRekordbox(document, version);
    case 'traktor':
      return formatTraktor(document);
    case 'virtualdj':
      return formatVirtualDj(document);
    case 'vdjfolder': {
      const kind = options.isCrate ? 'crate' : 'playlist';
      const list = { name, kind, lists: [], trackIds: rows.map(({ id }) => id) } as const;
      return formatVdjFolder(list, new Map(rows.map((track) => [track.id, track])));
    }
    case 'serato':
      return formatSeratoCrate(rows.map((track) => track.path));
    case 'mixxx':
      return formatMixxxCsv(rows);
    case 'csv':
      return formatCsv(rows);
    case 'json':
      return formatJson(document, version);
    case 'jspf':
      return formatJspf(name, rows, location);
    case 'xspf':
      return formatXspf(name, rows, location);
  }
}
