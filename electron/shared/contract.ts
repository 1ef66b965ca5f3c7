/**
 * THE CONTRACT between the engine and everything that shows it: request name -> payload schema and
 * result type, and the events. Hosts validate every payload with the schema; handlers and clients are
 * generic in the name. Results are JSON-compatible (docs/decisions/0001).
 */
import * as v from 'valibot';
import {
  count,
  confidence,
  filePath,
  id,
  limit,
  name,
  nothing,
  returns,
  sort,
  trackIds,
  trackQuery,
} from './contract/parts.ts';
import type { RequestDefinition } from './contract/parts.ts';
import { exchangeRequests } from './contract/exchange.ts';
import { findingRequests } from './contract/finding.ts';
import { soundRequests } from './contract/sound.ts';
import { listRequests } from './contract/lists.ts';
import { setRequests } from './contract/sets.ts';
import { taggingRequests } from './contract/tagging.ts';
import { upkeepRequests } from './contract/upkeep.ts';
import type * as d from './domain.ts';
import type { Explanation } from './explanation.ts';

/** More seeds than that blur into an average of everything. */
const examples = v.pipe(v.array(id), v.maxLength(100));

export const requests = {
  /** Version, model, data folder. */
  'app.info': returns<d.AppInfo>()(nothing),
  /** What this machine has and lacks. */
  'app.doctor': returns<readonly d.DoctorCheck[]>()(nothing),

  'library.folders': returns<readonly d.Folder[]>()(nothing),
  /** Adds folders and starts scanning them in the background. Adding one that is there already is no error. */
  'library.addFolders': returns<readonly d.Folder[]>()(
    v.strictObject({ paths: v.pipe(v.array(filePath), v.minLength(1), v.maxLength(1000)) }),
  ),
  /** The folder is no longer watched; its tracks become missing and keep their data until purged. */
  'library.removeFolder': returns<null>()(v.strictObject({ folderId: id })),
  /** Walks folders (all when none is named) and reads tags; resolves when every file is listed. Analysis goes on behind. */
  'library.scan': returns<d.ScanSummary>()(v.strictObject({ folderIds: v.optional(v.array(id)) })),
  /** Ends every scan that runs or waits. What was read stays; the rest is found by the next scan. */
  'library.cancelScan': returns<null>()(nothing),
  'library.counts': returns<d.LibraryCounts>()(nothing),

  /** A slice of the rows that match. */
  'tracks.window': returns<d.TrackWindow>()(
    v.strictObject({ query: trackQuery, sort, offset: count, limit }),
  ),
  /** All ids that match, in order: for "select all" and playlists of a view. */
  'tracks.ids': returns<readonly d.TrackId[]>()(v.strictObject({ query: trackQuery, sort })),
  'tracks.get': returns<d.TrackDetail>()(v.strictObject({ trackId: id })),
  /** Tracks by id, in the given order (an id twice gives the track twice); ids that are not there are left out. */
  'tracks.list': returns<readonly d.Track[]>()(
    v.strictObject({ trackIds: v.pipe(v.array(id), v.maxLength(500)) }),
  ),
  /** The track of a path (absolute) or of an id as text. */
  'tracks.find': returns<d.Track>()(v.strictObject({ reference: filePath })),
  'tracks.rate': returns<null>()(
    v.strictObject({ trackIds, rating: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)) }),
  ),
  /** Cover art from the file, or null. */
  'tracks.cover': returns<{ readonly mimeType: string; readonly base64: string } | null>()(
    v.strictObject({ trackId: id }),
  ),
  /** Where a host finds the bytes of a track to play, and how. Refused with a file-* code when it is not there. */
  'tracks.file': returns<d.PlayableFile>()(v.strictObject({ trackId: id })),
  /** Peaks to draw. Without stored ones a quick waveform is made at once (about a second), a better one behind. */
  'tracks.waveform': returns<d.Waveform>()(
    v.strictObject({ trackId: id, level: v.optional(v.picklist(['overview', 'detail'])) }),
  ),
  /**
   * Asked when an element cannot play a track (it says no reason): what is wrong with the file, or null when the
   * engine can decode it: then its 'wav' address plays.
   */
  'tracks.playProblem': returns<d.PlayProblem | null>()(v.strictObject({ trackId: id })),
  /**
   * These tracks, and no others, are in the player's hands: nothing is written into their files until it lets go. A
   * player repeats this every thirty seconds; one that says nothing for ninety has let go. `client` tells players apart.
   */
  'playing.hold': returns<null>()(
    v.strictObject({
      client: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
      trackIds: v.pipe(v.array(id), v.maxLength(100)),
    }),
  ),

  'analysis.status': returns<d.AnalysisStatus>()(nothing),
  'analysis.pause': returns<null>()(nothing),
  'analysis.resume': returns<null>()(nothing),
  /** Failed files again: the named ones, or all. */
  'analysis.retry': returns<{ readonly queued: number }>()(
    v.strictObject({ trackIds: v.optional(trackIds) }),
  ),
  /** These first: what is visible, selected or in a playlist. */
  'analysis.prioritise': returns<null>()(
    v.strictObject({ trackIds: v.pipe(v.array(id), v.maxLength(1000)) }),
  ),

  /**
   * Most similar first; seeds and examples are left out, copies of one recording are one row. Without weights the
   * order is by sound alone, and `score` is its cosine.
   */
  'similar.find': returns<readonly d.SimilarTrack[]>()(
    v.strictObject({
      trackId: id,
      /** Further seeds: more like these. */
      more: v.optional(examples),
      /** Less like these. */
      less: v.optional(examples),
      weights: v.optional(v.strictObject({ sound: confidence, genres: confidence, mood: confidence })),
      /** 0: any; above, only tracks of a genre of their own that share less and less with the seeds' genres. */
      acrossGenres: v.optional(confidence),
      /** Rows of one artist at most. */
      perArtist: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(5000))),
      limit,
    }),
  ),

  /**
   * Why the model gives a track a genre (name or id; default: the one it is surest of). The file is listened to again,
   * which takes some seconds; of a track longer than ten minutes, the ten minutes with the most of the genre. Refused
   * with 'conflict' while not analysed, 'folder-offline' or a file-* code when the file cannot be heard.
   */
  'explain.track': returns<Explanation>()(v.strictObject({ trackId: id, genre: v.optional(name) })),

  ...listRequests,
  ...exchangeRequests,
  ...findingRequests,
  ...setRequests,
  ...soundRequests,
  ...upkeepRequests,
  ...taggingRequests,
} as const;

export type RequestName = keyof typeof requests;
export type Input<Name extends RequestName> = v.InferOutput<(typeof requests)[Name]['input']>;
export type Output<Name extends RequestName> =
  (typeof requests)[Name] extends RequestDefinition<v.GenericSchema, infer Result> ? Result : never;

/** What the engine tells without being asked. Events say that something changed; who cares asks again. */
export interface Events {
  /** Tracks, folders or genres changed; coalesced to a few a second. */
  'library.changed': { readonly revision: number };
  'scan.progress': d.ScanProgress;
  'analysis.progress': d.AnalysisStatus;
  /** A better waveform than the quick one that was answered. */
  'waveform.ready': { readonly trackId: d.TrackId };
  /** Files that 'playlists.copyToFolder' copied; a few times a second. */
  'copy.progress': d.CopyProgress;
  'edits.changed': d.EditsState;
  'playlists.changed': { readonly playlistId: d.PlaylistId | null };
  /** Proposals, or what was written, changed; coalesced like 'library.changed'. */
  'tags.changed': Record<string, never>;
  'tags.progress': d.TaggingProgress;
  notice: d.Notice;
}
export type EventName = keyof Events;

export interface RequestContext {
  /** Aborted when the caller cancels or goes away. Every long loop looks at it. */
  readonly signal: AbortSignal;
}

export type Handler<Name extends RequestName> = (
  input: Input<Name>,
  context: RequestContext,
) => Output<Name> | Promise<Output<Name>>;

export type Handlers = { readonly [Name in RequestName]: Handler<Name> };

/** How a host's client looks to views, commands and tests, whatever carries the messages. */
export interface EngineClient {
  request<Name extends RequestName>(
    name: Name,
    input: Input<Name>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Output<Name>>;
  /** Returns the function that ends the subscription. */
  subscribe<Name extends EventName>(name: Name, listener: (event: Events[Name]) => void): () => void;
}
