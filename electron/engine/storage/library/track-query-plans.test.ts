import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SortKey, TrackQuery } from '#shared/domain.ts';
import { findBestGenresSql } from '../analysis/best-genres.ts';
import type { Storage } from '../open.ts';
import { closeTestLibrary, openTestLibrary } from './track-query.fixture.ts';
import { compileTrackQuery } from './track-query.ts';

let storage: Storage;

beforeAll(() => {
  storage = openTestLibrary();
});
afterAll(() => {
  closeTestLibrary(storage);
});

describe('plans of the hot queries', () => {
  function plan(query: TrackQuery, sort: readonly SortKey[], which: 'ids' | 'totals' = 'ids'): string {
    const { sql, parameters } = compileTrackQuery(query, sort)[which];
    const extra = which === 'ids' ? [100, 0] : [];
    const rows = storage.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters, ...extra) as {
      detail: string;
    }[];
    return rows.map((row) => row.detail).join('\n');
  }

  test.each([
    ['title', 'tracks_by_title'],
    ['artist', 'tracks_by_artist'],
    ['album', 'tracks_by_album'],
    ['addedAt', 'tracks_by_added'],
    ['duration', 'tracks_by_duration'],
  ] as const)('all by %s is read in the order of %s, either way', (field, index) => {
    for (const descending of [false, true]) {
      expect(plan({}, [{ field, descending }])).toBe(`SCAN t USING COVERING INDEX ${index}`);
    }
  });

  test('all by path is read folder by folder', () => {
    expect(plan({}, [{ field: 'path' }])).toBe(
      'SCAN f USING COVERING INDEX folders_by_path\nSEARCH t USING COVERING INDEX tracks_by_path (folder_id=?)',
    );
  });

  test('the total time of all comes from an index', () => {
    expect(plan({}, [], 'totals')).toBe('SCAN t USING COVERING INDEX tracks_by_duration');
  });

  test.each([
    [{ genre: 'electronic' }, 'genre_scores_by_confidence (model_id=? AND genre=? AND confidence>?)'],
    [{ genre: 'electronic' }, 'SEARCH h USING COVERING INDEX held_by_recording (recording_id=?)'],
    [{ text: 'blue monday' }, 'SEARCH t USING INTEGER PRIMARY KEY'],
    [{ text: 'title:blue -monday genre:house' }, 'SCAN main.tracks_text VIRTUAL TABLE'],
    [{ playlistId: 1 }, 'playlist_entries_'],
    [{ playlistId: 1 }, 'SEARCH t USING INTEGER PRIMARY KEY'],
    [{ state: 'missing' }, 'tracks_by_state'],
    [{ addedAfter: 5 }, 'tracks_by_added'],
    [{ text: 'added:7d' }, 'tracks_by_added'],
    [{ hasError: true }, 'SEARCH t USING INTEGER PRIMARY KEY'],
    [{ text: 'bpm:128' }, 'SEARCH heard USING COVERING INDEX track_sounds_by_bpm (bpm>? AND bpm<?)'],
    [{ text: '~key:8A' }, 'SEARCH heard USING COVERING INDEX track_sounds_by_key (key_place=?)'],
    [{ text: 'energy:>=7' }, 'SEARCH heard USING COVERING INDEX track_sounds_by_energy (energy>?)'],
    [{ text: 'mood:dark' }, 'SEARCH tags USING PRIMARY KEY (model_id=? AND tag=?)'],
  ] as const)('%j uses %s', (query, part) => {
    const text = plan(query, [{ field: 'rating' }]);
    expect(text).toContain(part);
    expect(text.split('\n')).not.toContain('SCAN t');
  });

  test('words that must all hold are one question to the full-text index', () => {
    const text = plan({ text: 'blue monday (order | joy) title:blue' }, [{ field: 'title' }]);
    expect(text.match(/VIRTUAL TABLE/g)).toHaveLength(1);
  });

  test.each(['genre', 'confidence'] as const)('by %s, the scores of tracks are not looked at', (field) => {
    const text = plan({}, [{ field }]);
    expect(text).toContain('SEARCH best USING INTEGER PRIMARY KEY (rowid=?)');
    expect(text).not.toContain('genre_scores');
    expect(text.match(/TEMP B-TREE/g)).toHaveLength(1);
  });

  test.each(['has:genre', 'is:unknown'])('%s does not look at the scores of tracks', (text) => {
    const lines = plan({ text }, [{ field: 'title' }]);
    expect(lines).toContain('SEARCH best USING INTEGER PRIMARY KEY (rowid=?)');
    expect(lines).not.toContain('genre_scores');
  });

  test('the best genre of a recording is read from an index, without sorting', () => {
    const rows = storage.database.prepare(`EXPLAIN QUERY PLAN ${findBestGenresSql}`).all('[1]') as {
      detail: string;
    }[];
    const lines = rows.map(({ detail }) => detail);
    expect(lines).toContain(
      'SEARCH scores USING COVERING INDEX genre_scores_by_recording (recording_id=? AND model_id=?)',
    );
    expect(lines.join()).not.toContain('TEMP B-TREE');
  });

  test('of a single track its few scores are looked at; no list of a genre is made', () => {
    const { from } = compileTrackQuery({ text: 'genre:electronic -genre:rock' }, [], { single: true });
    const rows = storage.database
      .prepare(`EXPLAIN QUERY PLAN SELECT 1 ${from.sql} AND t.id = ?`)
      .all(...from.parameters, 1) as { detail: string }[];
    const text = rows.map(({ detail }) => detail).join('\n');
    expect(text).toContain('SEARCH h USING INTEGER PRIMARY KEY (rowid=?)');
    expect(text).toContain('genre_scores_by_recording');
    expect(text).not.toContain('genre_scores_by_confidence');
    expect(text).not.toContain('held_by_recording');
  });

  test.each(['artist', 'album'])(
    'the column of %ss under a genre looks its tracks up by their numbers',
    (column) => {
      const { from } = compileTrackQuery({ picks: { genre: ['electronic'] } }, []);
      const rows = storage.database
        .prepare(
          `EXPLAIN QUERY PLAN SELECT t.${column}, count(*) ${from.sql} GROUP BY t.${column} COLLATE NOCASE`,
        )
        .all(...from.parameters) as { detail: string }[];
      const lines = rows.map(({ detail }) => detail);
      expect(lines).toContain('SEARCH t USING INTEGER PRIMARY KEY (rowid=?)');
      expect(lines.join()).toContain('held_by_recording');
      expect(lines).not.toContain('SCAN t');
    },
  );

  // One folder is most often the whole library, and nearly everything is present: one pass over the table
  // takes a fifth of the time of as many look-ups (build/bench/search.ts).
  test.each([{ folderId: 1 }, { state: 'present' }] as const)('%j is one pass over the table', (query) => {
    expect(plan(query, [{ field: 'title' }])).toBe('SCAN t\nUSE TEMP B-TREE FOR ORDER BY');
  });
});
