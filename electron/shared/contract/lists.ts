/** Requests about playlists, crates, folders and smart playlists, and about undoing the user's work. */
import * as v from 'valibot';
import type * as d from '../domain.ts';
import { count, confidence, id, limit, name, nothing, returns, smartRules, trackIds } from './parts.ts';

const entryIds = v.pipe(v.array(id), v.maxLength(200_000));
const folder = v.nullable(id);

export const listRequests = {
  /** The whole tree, each folder before what is in it, siblings in their order. */
  'playlists.list': returns<readonly d.Playlist[]>()(nothing),
  /**
   * A new list, by default a playlist at the end of the top. Tracks go into playlists and crates, rules make a smart
   * playlist of it. A name that is taken is refused with 'conflict'.
   */
  'playlists.create': returns<d.Playlist>()(
    v.strictObject({
      name,
      kind: v.optional(v.picklist(['playlist', 'crate', 'smart', 'folder'])),
      parentId: v.optional(folder),
      /** Before the sibling that stands there; the end when absent. */
      position: v.optional(count),
      trackIds: v.optional(trackIds),
      rules: v.optional(smartRules),
    }),
  ),
  /** A playlist of the tracks of one genre whose files are there now, most confident first. */
  'playlists.generate': returns<d.Playlist>()(
    v.strictObject({
      genre: name,
      name: v.optional(name),
      minimumConfidence: v.optional(confidence),
      limit: v.optional(limit),
    }),
  ),
  'playlists.rename': returns<d.Playlist>()(v.strictObject({ playlistId: id, name })),
  /** A folder goes with all that is in it. */
  'playlists.delete': returns<null>()(v.strictObject({ playlistId: id })),
  /** Into another folder (null: the top), or to another place among its siblings (counted without itself). */
  'playlists.place': returns<d.Playlist>()(
    v.strictObject({ playlistId: id, parentId: folder, position: v.optional(count) }),
  ),
  /** Playlist to crate (copies of a track go), crate to playlist; a smart playlist keeps what it holds now. */
  'playlists.setKind': returns<d.Playlist>()(
    v.strictObject({ playlistId: id, kind: v.picklist(['playlist', 'crate']) }),
  ),
  'playlists.setRules': returns<d.Playlist>()(v.strictObject({ playlistId: id, rules: smartRules })),
  /** A copy beside the original: the same rows in the same order, or the same rules. Folders are not copied. */
  'playlists.duplicate': returns<d.Playlist>()(v.strictObject({ playlistId: id, name })),
  /** Ids of all rows in order and their tracks, side by side. Of a list without rows of its own, `entryIds` are the tracks'. */
  'playlists.entryIds': returns<{
    readonly entryIds: readonly number[];
    readonly trackIds: readonly d.TrackId[];
  }>()(v.strictObject({ playlistId: id })),
  /** Rows in order. Of a smart playlist, `entryId` is the track's id. */
  'playlists.entries': returns<{ readonly total: number; readonly entries: readonly d.PlaylistEntry[] }>()(
    v.strictObject({ playlistId: id, offset: count, limit }),
  ),
  /** Inserts before the row at `position` (end when absent). A crate takes only what it does not hold yet. */
  'playlists.add': returns<d.Playlist>()(
    v.strictObject({ playlistId: id, trackIds, position: v.optional(count) }),
  ),
  'playlists.remove': returns<d.Playlist>()(v.strictObject({ playlistId: id, entryIds })),
  /** Takes tracks out, every row of them: for lists of tracks, which have no rows. */
  'playlists.removeTracks': returns<d.Playlist>()(v.strictObject({ playlistId: id, trackIds })),
  /** Moves rows, keeping their order, so that the first of them lands at `position` of the result. */
  'playlists.move': returns<d.Playlist>()(v.strictObject({ playlistId: id, entryIds, position: count })),
  /** The lists that hold a track, smart ones too. */
  'tracks.playlists': returns<readonly d.HoldingPlaylist[]>()(v.strictObject({ trackId: id })),
  /** How much a smart playlist of these rules would hold. A rule with a mistake is refused with 'query-invalid'. */
  'smart.count': returns<{ readonly trackCount: number; readonly durationSeconds: number }>()(
    v.strictObject({ rules: smartRules }),
  ),

  'edits.state': returns<d.EditsState>()(nothing),
  /**
   * Undoes the last step (or, of `editId`, only if it is the last one). Refused with 'conflict' where what it changed
   * has changed since; the step is then forgotten, so that older ones can be undone.
   */
  'edits.undo': returns<d.EditsState>()(v.strictObject({ editId: v.optional(id) })),
  'edits.redo': returns<d.EditsState>()(v.strictObject({ editId: v.optional(id) })),
} as const;
