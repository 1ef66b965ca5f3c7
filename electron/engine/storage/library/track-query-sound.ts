/** Tempo, key, energy, moods and instruments in SQL. Tables: temp.track_sounds (track-sounds.ts), analysis.heard_tags. */
import type { KeyValue, NumberValue } from '#shared/search/grammar.ts';
import { camelotKeys, matchKeys } from '#shared/music/keys.ts';
import { foldGenre, foldedName } from './track-query-genres.ts';
import { sql } from './track-query-sql.ts';
import type { Sql, SqlValue } from './track-query-sql.ts';

/** What "~bpm:" lets through, to each side: one semitone without key lock. */
const NEAR_TEMPO = 0.06;
/** "~key:" finds what mixes harmonically: the same key, a step around the wheel, the relative one. */
const HARMONIC = 0.8;
const octaves = [1, 2, 0.5] as const;

interface Bounds {
  readonly from: number | null;
  /** Less than this. */
  readonly below: number | null;
}

/**
 * Beats a minute. Half and double count, unless exactly this is asked; but not of what is open on a side, or nearly
 * everything would be found. `near`: within 6 %.
 */
export function hasTempo(value: NumberValue, near: boolean, single: boolean): Sql {
  const bounds = shownBounds(value);
  const { from, below } = near ? widened(bounds) : bounds;
  const isClosed = from !== null && below !== null;
  const factors = isClosed && !value.exact ? octaves : [1];
  return withSound(
    factors.map((factor) => ({ from: scaled(from, factor), below: scaled(below, factor) })),
    'bpm',
    single,
  );
}

export function hasEnergy(value: NumberValue, single: boolean): Sql {
  return withSound([shownBounds(value)], 'energy', single);
}

export function inKey({ number, letter }: KeyValue, near: boolean, single: boolean): Sql {
  const wanted = `${number}${letter}`;
  const fits = (key: string): boolean => (matchKeys(wanted, key)?.score ?? 0) >= HARMONIC;
  const places = camelotKeys.flatMap((key, place) => ((near ? fits(key) : key === wanted) ? [place] : []));
  return sound(`heard.key_place IN (${places.join()})`, [], single);
}

/** Whether it is known at all. */
export function knowsSound(column: 'bpm' | 'key_place'): Sql {
  return sound(`heard.${column} IS NOT NULL`, [], false);
}

/** @param kinds 'mood', 'instrument', 'voice' */
export function carriesTag(name: string, kinds: readonly string[], single: boolean): Sql {
  const ofKind = kinds.map((kind) => `id LIKE '${kind}/%'`).join(' OR ');
  const tags = `SELECT id FROM temp.current_tags WHERE (${ofKind}) AND (id = ? COLLATE NOCASE OR ${foldedName} = ?)`;
  const parameters = [name, foldGenre(name)];
  const held = single ? 'h.track_id = t.id' : '1';
  const source = `
    FROM analysis.heard_tags AS tags CROSS JOIN temp.held_recordings AS h ON h.recording_id = tags.recording_id
    WHERE tags.model_id = (SELECT id FROM temp.current_model) AND tags.tag IN (${tags}) AND ${held}`;
  if (!single) return { sql: `t.id IN (SELECT h.track_id ${source})`, parameters };
  return {
    sql: `EXISTS (SELECT 1 FROM temp.held_recordings AS h CROSS JOIN analysis.heard_tags AS tags
      ON tags.model_id = (SELECT id FROM temp.current_model) AND tags.tag IN (${tags}) AND tags.recording_id = h.recording_id
      WHERE h.track_id = t.id)`,
    parameters,
  };
}

function withSound(ranges: readonly Bounds[], column: 'bpm' | 'energy', single: boolean): Sql {
  const parts = ranges.map(({ from, below }) => ({
    text: [
      ...(from === null ? [] : [`heard.${column} >= ?`]),
      ...(below === null ? [] : [`heard.${column} < ?`]),
    ].join(' AND '),
    values: [from, below].filter((value) => value !== null),
  }));
  return sound(
    parts.map(({ text }) => `(${text})`).join(' OR '),
    parts.flatMap(({ values }) => values),
    single,
  );
}

function sound(condition: string, parameters: readonly SqlValue[], single: boolean): Sql {
  return single
    ? {
        sql: `EXISTS (SELECT 1 FROM temp.track_sounds AS heard WHERE heard.track_id = t.id AND (${condition}))`,
        parameters,
      }
    : {
        ...sql(`t.id IN (SELECT heard.track_id FROM temp.track_sounds AS heard WHERE ${condition})`),
        parameters,
      };
}

/** A number stands for all that is shown as it with as many decimals: 128 for 127.98, 127.5 not for 127.98. */
function shownBounds({ minimum, maximum }: NumberValue): Bounds {
  const of = (bound: NumberValue['minimum'], side: 1 | -1): number | null =>
    bound === null ? null : bound.value + (bound.included ? side : -side) * halfStep(bound.value);
  return { from: of(minimum, -1), below: of(maximum, 1) };
}

function halfStep(value: number): number {
  if (Number.isInteger(value)) return 0.5;
  return Number.isInteger(Math.round(value * 1000) / 100) ? 0.05 : 0.005;
}

function widened({ from, below }: Bounds): Bounds {
  return { from: scaled(from, 1 - NEAR_TEMPO), below: scaled(below, 1 + NEAR_TEMPO) };
}

function scaled(bound: number | null, factor: number): number | null {
  return bound === null ? null : bound * factor;
}
