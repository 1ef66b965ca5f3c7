/** Proposals for tags, and what they are worked out from. Writing functions are to be called inside a transaction. */
import type { AnalysisState, ProposedField, TagProposal, TrackId, TrackState } from '#shared/domain.ts';
import type { WireError } from '#shared/errors.ts';
import { prepared } from '../database.ts';
import type { Database } from '../database.ts';

/** The column of the tracks that says what the file has. */
export const fieldColumns: Readonly<Record<ProposedField, string>> = {
  genre: 'genre_tags',
  mood: 'mood_tags',
  grouping: 'grouping_tags',
};

/** A row as it stands; lists as JSON, as they are compared. */
export interface StoredProposal {
  readonly id: number;
  readonly trackId: TrackId;
  readonly field: ProposedField;
  readonly old: string;
  readonly proposed: string;
  readonly confidence: number;
  readonly evidence: string;
  readonly state: TagProposal['state'];
  readonly edited: 0 | 1;
  readonly problem: string | null;
  readonly stale: 0 | 1;
}

const columns = `id, track_id AS trackId, field, old, proposed, confidence, evidence, state, edited, problem, stale`;

/** What is known of a track that something may be proposed for. */
export interface ProposalInput {
  readonly trackId: TrackId;
  readonly state: TrackState;
  readonly analysis: AnalysisState;
  /** What the file says, as JSON. */
  readonly old: Readonly<Record<ProposedField, string>>;
  /** The current model has heard it. */
  readonly heard: boolean;
  /** Labels from their thresholds on, by position; what the user said counts as certain. */
  readonly genres: readonly { readonly position: number; readonly confidence: number }[];
  /** In the model's order; null when not asked for, or not heard. */
  readonly tags: Float32Array | null;
  /** Labels that the user denied it. */
  readonly denied: ReadonlySet<string>;
  readonly proposals: readonly StoredProposal[];
}

interface RawInput {
  readonly trackId: TrackId;
  readonly state: TrackState;
  readonly analysis: AnalysisState;
  readonly genre: string;
  readonly mood: string;
  readonly grouping: string;
  readonly recordingId: number | null;
  readonly heard: 0 | 1;
  readonly tags: Buffer | null;
}

const selectInputs = (tags: string): string => `
  SELECT t.id AS trackId, t.state, t.analysis, t.genre_tags AS genre, t.mood_tags AS mood,
    t.grouping_tags AS grouping, h.recording_id AS recordingId, p.recording_id IS NOT NULL AS heard, ${tags} AS tags
  FROM json_each(?) AS wanted
  CROSS JOIN main.tracks AS t ON t.id = wanted.value
  LEFT JOIN temp.held_recordings AS h ON h.track_id = t.id
  LEFT JOIN analysis.predictions AS p
    ON p.recording_id = h.recording_id AND p.model_id = (SELECT id FROM temp.current_model)`;

const selectScores = `
  SELECT s.recording_id AS id, l.position, s.confidence FROM json_each(?) AS wanted
  CROSS JOIN temp.current_model AS m
  CROSS JOIN analysis.genre_scores AS s ON s.recording_id = wanted.value AND s.model_id = m.id
  CROSS JOIN temp.current_labels AS l ON l.id = s.genre AND s.confidence >= l.threshold`;

/** The user's words on tracks: of their audio, else of the tracks themselves. */
const selectWords = `
  SELECT t.id, c.genre, c.fits, l.position FROM json_each(?) AS wanted
  CROSS JOIN main.tracks AS t ON t.id = wanted.value
  CROSS JOIN main.genre_corrections AS c ON c.audio_hash = t.audio_hash
  LEFT JOIN temp.current_labels AS l ON l.id = c.genre
  UNION ALL
  SELECT c.track_id, c.genre, c.fits, l.position FROM json_each(?) AS wanted
  CROSS JOIN main.track_genre_corrections AS c ON c.track_id = wanted.value
  LEFT JOIN temp.current_labels AS l ON l.id = c.genre`;

/** Of some tracks; ids that are not there are left out. `withTags`: moods are wanted too. */
export function readProposalInputs(
  database: Database,
  trackIds: readonly TrackId[],
  withTags: boolean,
): readonly ProposalInput[] {
  const wanted = JSON.stringify(trackIds);
  const rows = prepared(database, selectInputs(withTags ? 'p.tags' : 'NULL')).all(wanted) as RawInput[];
  const recordings = [...new Set(rows.flatMap(({ recordingId }) => recordingId ?? []))];
  const scores = grouped(
    prepared(database, selectScores).all(JSON.stringify(recordings)) as {
      id: number;
      position: number;
      confidence: number;
    }[],
    ({ id }) => id,
  );
  const words = grouped(
    prepared(database, selectWords).all(wanted, wanted) as {
      id: number;
      genre: string;
      fits: 0 | 1;
      position: number | null;
    }[],
    ({ id }) => id,
  );
  const proposals = grouped(
    prepared(
      database,
      `SELECT ${columns} FROM json_each(?) AS wanted
       CROSS JOIN main.tag_proposals ON track_id = wanted.value`.replace(
        'SELECT id',
        'SELECT tag_proposals.id',
      ),
    ).all(wanted) as StoredProposal[],
    ({ trackId }) => trackId,
  );
  return rows.map(({ trackId, state, analysis, genre, mood, grouping, recordingId, heard, tags }) => {
    const own = words.get(trackId) ?? [];
    // The index of scores knows the user's words only of what the model has heard.
    const given = own.flatMap(({ fits, position }) =>
      fits === 1 && position !== null ? [{ position, confidence: 1 }] : [],
    );
    return {
      trackId,
      state,
      analysis,
      old: { genre, mood, grouping },
      heard: heard === 1,
      genres: heard === 1 && recordingId !== null ? (scores.get(recordingId) ?? []) : given,
      tags: tags === null ? null : new Float32Array(new Uint8Array(tags).buffer),
      denied: new Set(own.flatMap(({ fits, genre: label }) => (fits === 0 ? [label] : []))),
      proposals: proposals.get(trackId) ?? [],
    };
  });
}

function grouped<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => number,
): ReadonlyMap<number, readonly Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

export type NewProposal = Omit<StoredProposal, 'id' | 'stale'>;

/** The proposal of a track's field, whether there was one or not. */
export function putProposal(
  database: Database,
  proposal: NewProposal,
  model: string | null,
  at: number,
): void {
  prepared(
    database,
    `INSERT INTO main.tag_proposals
       (track_id, field, old, proposed, confidence, evidence, state, edited, problem, model, at)
     VALUES (@trackId, @field, @old, @proposed, @confidence, @evidence, @state, @edited, @problem, @model, @at)
     ON CONFLICT (track_id, field) DO UPDATE SET old = excluded.old, proposed = excluded.proposed,
       confidence = excluded.confidence, evidence = excluded.evidence, state = excluded.state,
       edited = excluded.edited, problem = excluded.problem, model = excluded.model, at = excluded.at, stale = 0`,
  ).run({ ...proposal, model, at });
}

/** It was worked out again and is as it was. */
export function freshen(database: Database, id: number): void {
  prepared(database, 'UPDATE main.tag_proposals SET stale = 0 WHERE id = ?').run(id);
}

export function deleteProposal(database: Database, id: number): void {
  prepared(database, 'DELETE FROM main.tag_proposals WHERE id = ?').run(id);
}

/** A track to show the policy by: one that something is proposed for, else any that the model has heard. */
export function findExampleTrack(database: Database): TrackId | null {
  const proposed = `SELECT track_id FROM main.tag_proposals WHERE state = 'open' ORDER BY confidence DESC LIMIT 1`;
  const heard = `SELECT h.track_id FROM analysis.predictions AS p
    CROSS JOIN temp.held_recordings AS h ON h.recording_id = p.recording_id
    WHERE p.model_id = (SELECT id FROM temp.current_model) LIMIT 1`;
  for (const sql of [proposed, heard]) {
    const id = prepared(database, sql).pluck().get() as TrackId | undefined;
    if (id !== undefined) return id;
  }
  return null;
}

/** Some tracks of which something changed since their proposals were worked out. */
export function readStaleTracks(database: Database, limit: number): readonly TrackId[] {
  return prepared(database, 'SELECT DISTINCT track_id FROM main.tag_proposals WHERE stale = 1 LIMIT ?')
    .pluck()
    .all(limit) as TrackId[];
}

/** How often each spelling stands in the files of some tracks (ids above `after`, the first `limit` of them). */
export function readSpellings(
  database: Database,
  field: ProposedField,
  after: TrackId,
  limit: number,
): { readonly last: TrackId | null; readonly values: readonly { value: string; count: number }[] } {
  const last = prepared(
    database,
    'SELECT max(id) FROM (SELECT id FROM main.tracks WHERE id > ? ORDER BY id LIMIT ?)',
  )
    .pluck()
    .get(after, limit) as TrackId | null;
  if (last === null) return { last, values: [] };
  const column = fieldColumns[field];
  const values = prepared(
    database,
    `SELECT tag.value, count(*) AS count FROM main.tracks AS t, json_each(t.${column}) AS tag
     WHERE t.id > ? AND t.id <= ? AND t.${column} <> '[]' GROUP BY tag.value`,
  ).all(after, last) as { value: string; count: number }[];
  return { last, values };
}

/** Rows as the contract shows them. */
export function readProposals(database: Database, ids: readonly number[]): readonly TagProposal[] {
  const rows = prepared(
    database,
    `SELECT ${columns} FROM main.tag_proposals WHERE id IN (SELECT value FROM json_each(?))`,
  ).all(JSON.stringify(ids)) as StoredProposal[];
  const byId = new Map(rows.map((row) => [row.id, toProposal(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** All of some tracks, in the order of the fields. */
export function readProposalsOf(
  database: Database,
  trackIds: readonly TrackId[],
): ReadonlyMap<TrackId, readonly TagProposal[]> {
  const rows = prepared(
    database,
    `SELECT ${columns} FROM main.tag_proposals WHERE track_id IN (SELECT value FROM json_each(?))
     ORDER BY CASE field WHEN 'genre' THEN 0 WHEN 'mood' THEN 1 ELSE 2 END`,
  ).all(JSON.stringify(trackIds)) as StoredProposal[];
  return grouped(rows.map(toProposal), ({ trackId }) => trackId);
}

function toProposal(row: StoredProposal): TagProposal {
  const { stale: _, ...rest } = row;
  return {
    ...rest,
    old: JSON.parse(row.old) as string[],
    proposed: JSON.parse(row.proposed) as string[],
    evidence: JSON.parse(row.evidence) as TagProposal['evidence'],
    edited: row.edited === 1,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as WireError),
  };
}
