/**
 * The places with a screen of their own. Every other one shows the track list. A screen takes its place from
 * the app's state, and stands below the toolbar in a column that gives it all the height there is.
 */
import type { Component } from 'svelte';
import type { Place } from '../state/places.ts';
import ActivityView from './activity/ActivityView.svelte';
import AllTracksView from './first-run/AllTracksView.svelte';
import GenresView from './genres/GenresView.svelte';
import PlaylistView from './playlists/PlaylistView.svelte';
import SettingsView from './settings/SettingsView.svelte';
import SetBuilderView from './sets/SetBuilderView.svelte';
import SimilarView from './similar/SimilarView.svelte';
import TaggingView from './tagging/TaggingView.svelte';
import TrackView from './track/TrackView.svelte';

export const screens: Readonly<Partial<Record<Place['kind'], Component>>> = {
  all: AllTracksView,
  genres: GenresView,
  playlist: PlaylistView,
  activity: ActivityView,
  settings: SettingsView,
  similar: SimilarView,
  track: TrackView,
  tagging: TaggingView,
  sets: SetBuilderView,
};
