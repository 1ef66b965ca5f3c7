/**
 * The places with a screen of their own. Every other one shows the track list. A screen takes its place from
 * the app's state, and stands below the toolbar in a column that gives it all the height there is.
 */
import type { Component } from 'svelte';
import type { Place } from '../state/places.ts';

export const screens: Readonly<Partial<Record<Place['kind'], Component>>> = {};
