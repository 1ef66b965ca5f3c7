/** What imports brought of tracks: play counts, colours, cues, grids. Callers wrap changes in a recorded edit. */
import * as v from 'valibot';
import { importFormats } from '#shared/domain/exchange.ts';
import type { TrackId, TrackMarks } from '#shared/domain.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

const seconds = v.pipe(v.number(), v.finite());
const colour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/));
const cues = v.array(
  v.object({
    kind: v.picklist(['cue', 'loop', 'fadeIn', 'fadeOut', 'load']),
    seconds,
    endSeconds: v.nullable(seconds),
    hotCue: v.nullable(v.pipe(v.number(), v.integer())),
    name: v.string(),
    colour: v.nullable(colour),
  }),
);
const grid = v.array(
  v.object({
    seconds,
    bpm: v.pipe(v.number(), v.finite(), v.gtValue(0)),
    beat: v.pipe(v.number(), v.integer(), v.minValue(1)),
    beatsPerBar: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
);
const source = v.picklist(importFormats);

interface MarksRow {
  readonly trackId: number;
  readonly playCount: number | null;
  readonly colour: string | null;
  readonly cues: string;
  readonly grid: string;
  readonly source: string;
}

/** Of those tracks that have any. */
export function readMarks(
  database: Database,
  trackIds: readonly TrackId[],
): ReadonlyMap<TrackId, TrackMarks> {
  const rows = prepared(
    database,
    `SELECT marks.track_id AS trackId, marks.play_count AS playCount, marks.colour, marks.cues, marks.grid, marks.source
     FROM json_each(?) AS wanted CROSS JOIN main.track_marks AS marks ON marks.track_id = wanted.value`,
  ).all(JSON.stringify([...new Set(trackIds)])) as MarksRow[];
  return new Map(
    rows.map((row) => [
      row.trackId,
      {
        playCount: row.playCount,
        colour: row.colour,
        cues: parsed(cues, row.cues),
        grid: parsed(grid, row.grid),
        source: v.parse(source, row.source),
      },
    ]),
  );
}

/** Damaged or edited by hand, they are none. */
function parsed<Item>(schema: v.GenericSchema<unknown, Item[]>, text: string): readonly Item[] {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : [];
  } catch {
    return [];
  }
}

/** Replaces what is stored of these tracks. */
export function writeMarks(
  database: Database,
  marks: readonly (TrackMarks & { readonly trackId: TrackId })[],
  now: number,
): void {
  const insert = prepared(
    database,
    `INSERT INTO main.track_marks (track_id, play_count, colour, cues, grid, source, at)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (track_id) DO UPDATE SET play_count = excluded.play_count, colour = excluded.colour,
       cues = excluded.cues, grid = excluded.grid, source = excluded.source, at = excluded.at`,
  );
  for (const { trackId, playCount, colour: shade, cues: places, grid: markers, source: from } of marks)
    insert.run(trackId, playCount, shade, JSON.stringify(places), JSON.stringify(markers), from, now);
}
